import { setTimeout as sleep } from 'node:timers/promises';

export const hour = 3_600_000;
const longestNap = 1000;

/** Shop time, in milliseconds since 1970. */
export interface ShopTime {
  now(): number;
  /** Resolves at `shopTime`, or at once if it has passed. `orderNumber` is the order of the waiter. */
  until(shopTime: number, orderNumber?: string): Promise<void>;
  /** Start of a wait after a message of that time (ISO 8601), given the time of the last message about its subject. */
  startOf(heard: string, spoken: number | undefined): number;
  /** Time of an unscheduled message; undefined where it would be random. */
  messageTime(): number | undefined;
}

/** Shop time that runs by itself: an hour takes `hourMs` real milliseconds. */
export class ShopClock implements ShopTime {
  private readonly started = performance.now();

  constructor(
    private readonly hourMs: number,
    private readonly start = Date.now(),
  ) {}

  now(): number {
    return this.start + ((performance.now() - this.started) / this.hourMs) * hour;
  }

  startOf(_heard: string, spoken: number | undefined): number {
    return spoken ?? this.now();
  }

  messageTime(): number {
    return this.now();
  }

  async until(shopTime: number): Promise<void> {
    for (let left = shopTime - this.now(); left > 0; left = shopTime - this.now())
      await sleep(Math.min(longestNap, Math.ceil((left / hour) * this.hourMs)));
  }
}
