import { setImmediate as turn } from 'node:timers/promises';
import { hour, type ShopTime } from './shop-clock.js';

interface Sleeper {
  readonly until: number;
  readonly whose: string | undefined;
  readonly wake: () => void;
}

/** What is shipped again for an order (`554966-R447b96c6`) is about that order. */
const orderOf = (number: string): string => number.replace(/-R[0-9a-f]{8}$/, '');

/** The shop's time while its books are played: it stands still until it is told to go on, so that everything happens in its order. */
export class FeedClock implements ShopTime {
  /** The first to wake is the last. */
  private readonly sleepers: Sleeper[] = [];
  /** Orders about which somebody has acted since everything was settled. */
  private readonly moved = new Set<string>();

  constructor(private at: number) {}

  now(): number {
    return this.at;
  }

  set(at: number): void {
    this.at = at;
  }

  until(shopTime: number, whose?: string): Promise<void> {
    if (shopTime <= this.at) {
      if (whose !== undefined) this.acts(whose);
      return Promise.resolve();
    }
    return new Promise((wake) => {
      const after = this.sleepers.findLastIndex(({ until }) => until > shopTime);
      this.sleepers.splice(after + 1, 0, { until: shopTime, whose, wake });
    });
  }

  /** Somebody acts about an order who did not wait for it. */
  acts(whose: string): void {
    this.moved.add(orderOf(whose));
  }

  /**
   * Services' clocks stand at the end of a step of an hour: what they say follows from what was spoken in it, however late it is
   * heard, or else from nothing but their time.
   */
  startOf(heard: string, spoken = -Infinity): number {
    const said = Date.parse(heard);
    return spoken > said - hour ? spoken : said;
  }

  spokenAt(): undefined {
    return undefined;
  }

  /**
   * Goes on to `shopTime` and wakes on the way whom it reaches, each at its own time. Before a second one is woken about the same
   * order, what the first one did is `settled`: who comes first is never left to chance.
   */
  async advance(shopTime: number, settled: () => Promise<void>): Promise<void> {
    this.moved.clear();
    for (let next = this.sleepers.at(-1); next && next.until <= shopTime; next = this.sleepers.at(-1)) {
      if (next.whose !== undefined && this.moved.has(orderOf(next.whose))) {
        this.moved.clear();
        await settled();
        continue;
      }
      if (next.whose !== undefined) this.acts(next.whose);
      this.sleepers.pop();
      this.at = Math.max(this.at, next.until);
      next.wake();
      await turn();
    }
    this.at = Math.max(this.at, shopTime);
  }
}
