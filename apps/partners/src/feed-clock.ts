import { setImmediate as turn } from 'node:timers/promises';
import type { ShopTime } from './shop-clock.js';

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** The shop's time while its books are played: it stands still until it is told to go on, so that everything happens in its order. */
export class FeedClock implements ShopTime {
  /** The first to wake is the last. */
  private readonly sleepers: Sleeper[] = [];

  constructor(private at: number) {}

  now(): number {
    return this.at;
  }

  set(at: number): void {
    this.at = at;
  }

  until(shopTime: number): Promise<void> {
    if (shopTime <= this.at) return Promise.resolve();
    return new Promise((wake) => {
      const after = this.sleepers.findLastIndex(({ until }) => until > shopTime);
      this.sleepers.splice(after + 1, 0, { until: shopTime, wake });
    });
  }

  /** Goes on to `shopTime` and wakes on the way whom it reaches, each at its own time. */
  async advance(shopTime: number): Promise<void> {
    for (let next = this.sleepers.at(-1); next && next.until <= shopTime; next = this.sleepers.at(-1)) {
      this.sleepers.pop();
      this.at = Math.max(this.at, next.until);
      next.wake();
      await turn();
    }
    this.at = Math.max(this.at, shopTime);
  }
}
