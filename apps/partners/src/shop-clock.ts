import { setTimeout as sleep } from 'node:timers/promises';

const hour = 3_600_000;
const longestNap = 1000;

/** The shop's time: an hour of it takes `hourMs` real milliseconds, longer at a lower pace. */
export class ShopClock {
  private pace = 1;
  private anchor: { readonly real: number; readonly shop: number };

  constructor(
    private readonly hourMs: number,
    start = Date.now(),
  ) {
    this.anchor = { real: performance.now(), shop: start };
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.anchor.shop + ((performance.now() - this.anchor.real) / this.hourMs) * hour * this.pace;
  }

  set(now: number): void {
    this.anchor = { real: performance.now(), shop: now };
  }

  /** 1 is full speed. */
  setPace(pace: number): void {
    this.set(this.now());
    this.pace = pace;
  }

  /** Resolves `hours` of the shop's time from now. */
  async pass(hours: number): Promise<void> {
    await this.until(this.now() + hours * hour);
  }

  async until(shopTime: number): Promise<void> {
    for (let left = shopTime - this.now(); left > 0; left = shopTime - this.now()) {
      await sleep(Math.min(longestNap, Math.ceil((left / hour) * (this.hourMs / this.pace))));
    }
  }
}
