import type { ShopTime } from './shop-clock.js';

/** Current shop time: that of the replay while it runs, otherwise that of the services' messages. */
export class ShopTimeSource {
  private feed: ShopTime | undefined;
  private ahead = 0;
  private hasObserved = false;

  constructor(private readonly own: ShopTime) {}

  /** The clock that partners wait for. */
  get clock(): ShopTime {
    return this.feed ?? this.own;
  }

  useFeedClock(clock: ShopTime | undefined): void {
    this.feed = clock;
  }

  /** Advances to the time of a service's message. */
  observe(time: string): void {
    const ahead = Date.parse(time) - Date.now();
    if (Number.isNaN(ahead)) return;
    this.ahead = this.hasObserved ? Math.max(this.ahead, ahead) : ahead;
    this.hasObserved = true;
  }

  now(): Date {
    return new Date(this.feed?.now() ?? Date.now() + this.ahead);
  }
}
