import { setImmediate as turn } from 'node:timers/promises';
import { hour, type ShopTime } from './shop-clock.js';

interface Sleeper {
  readonly until: number;
  readonly orderNumber: string | undefined;
  readonly wake: () => void;
}

/** Order number of a re-shipment (`554966-R447b96c6`). */
const orderOf = (number: string): string => number.replace(/-R[0-9a-f]{8}$/, '');

/** Shop time during a replay. It stands still until it is advanced, so that events occur in a reproducible order. */
export class FeedClock implements ShopTime {
  /** Sorted so that the next one to wake is the last. */
  private readonly sleepers: Sleeper[] = [];
  /** Orders with an action since the last quiescence. */
  private readonly activeOrders = new Set<string>();

  constructor(private at: number) {}

  now(): number {
    return this.at;
  }

  set(at: number): void {
    this.at = at;
  }

  until(shopTime: number, orderNumber?: string): Promise<void> {
    if (shopTime <= this.at) {
      if (orderNumber !== undefined) this.recordAction(orderNumber);
      return Promise.resolve();
    }
    return new Promise((wake) => {
      const after = this.sleepers.findLastIndex(({ until }) => until > shopTime);
      this.sleepers.splice(after + 1, 0, { until: shopTime, orderNumber, wake });
    });
  }

  /** Records an unscheduled action on an order. */
  recordAction(orderNumber: string): void {
    this.activeOrders.add(orderOf(orderNumber));
  }

  /**
   * Services' clocks stand at the end of an hourly step: their messages follow from the actions of that step, however late they are
   * received, or from their own time.
   */
  startOf(heard: string, spoken = -Infinity): number {
    const said = Date.parse(heard);
    return spoken > said - hour ? spoken : said;
  }

  messageTime(): undefined {
    return undefined;
  }

  /**
   * Advances to `shopTime` and wakes the waiters on the way, each at its own time. Before a second waiter of the same order is woken, the
   * effects of the first must be `settled`, so that their order is deterministic.
   */
  async advance(shopTime: number, settled: () => Promise<void>): Promise<void> {
    this.activeOrders.clear();
    for (let next = this.sleepers.at(-1); next && next.until <= shopTime; next = this.sleepers.at(-1)) {
      if (next.orderNumber !== undefined && this.activeOrders.has(orderOf(next.orderNumber))) {
        this.activeOrders.clear();
        await settled();
        continue;
      }
      if (next.orderNumber !== undefined) this.recordAction(next.orderNumber);
      this.sleepers.pop();
      this.at = Math.max(this.at, next.until);
      next.wake();
      await turn();
    }
    this.at = Math.max(this.at, shopTime);
  }
}
