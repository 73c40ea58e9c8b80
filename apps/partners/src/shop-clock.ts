import { setTimeout as sleep } from 'node:timers/promises';

export const hour = 3_600_000;
const longestNap = 1000;

/** The shop's time, in milliseconds since 1970. */
export interface ShopTime {
  now(): number;
  /** Resolves at `shopTime`, or at once where that has passed; `whose` says about which order somebody waits. */
  until(shopTime: number, whose?: string): Promise<void>;
  /** From when somebody waits who heard a message of that time (ISO 8601), when something was last `spoken` about its subject. */
  startOf(heard: string, spoken: number | undefined): number;
  /** When something is said for which nobody waited; undefined where only chance would say. */
  spokenAt(): number | undefined;
}

/** The shop's time that runs by itself: an hour of it takes `hourMs` real milliseconds. */
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

  spokenAt(): number {
    return this.now();
  }

  async until(shopTime: number): Promise<void> {
    for (let left = shopTime - this.now(); left > 0; left = shopTime - this.now())
      await sleep(Math.min(longestNap, Math.ceil((left / hour) * this.hourMs)));
  }
}
