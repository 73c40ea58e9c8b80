import type { ShopTime } from './shop-clock.js';

/** What time it is in the world: by the feed's clock while it plays, else by what the services say. */
export class WorldTime {
  private feed: ShopTime | undefined;
  private ahead = 0;
  private told = false;

  constructor(private readonly own: ShopTime) {}

  /** The clock by which everybody waits. */
  get clock(): ShopTime {
    return this.feed ?? this.own;
  }

  playing(clock: ShopTime | undefined): void {
    this.feed = clock;
  }

  /** Services say when things happened: their clock is at least there. */
  hear(time: string): void {
    const ahead = Date.parse(time) - Date.now();
    if (Number.isNaN(ahead)) return;
    this.ahead = this.told ? Math.max(this.ahead, ahead) : ahead;
    this.told = true;
  }

  now(): Date {
    return new Date(this.feed?.now() ?? Date.now() + this.ahead);
  }
}
