import { realTimers, type Timers } from '@orderloom/kernel';

const maxBackOff = 5000;
const pollMillis = 1000;

/** Repeats a step: at once while it finds work, else when woken, with polling as a net; after an error with back-off. */
export class Pump {
  private running: Promise<void> | undefined;
  private stopped = false;
  private woken = false;
  private wakeUp: () => void = () => undefined;

  constructor(
    /** Resolves to whether there may be more to do. */
    private readonly step: () => Promise<boolean>,
    private readonly onError: (error: unknown) => void,
    private readonly timers: Timers = realTimers,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  wake(): void {
    this.woken = true;
    this.wakeUp();
  }

  /** Resolves when the step in hand is done. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    for (let failures = 0; !this.stopped;) {
      this.woken = false;
      try {
        const more = await this.step();
        failures = 0;
        if (!more && !this.woken) await this.pause(pollMillis);
      } catch (error) {
        failures += 1;
        this.onError(error);
        if (!this.stopped) await this.pause(Math.min(50 * 2 ** failures, maxBackOff), 'untilStopped');
      }
    }
  }

  /** Waits until woken; after an error only a stop shortens the wait. */
  private async pause(millis: number, untilStopped?: 'untilStopped'): Promise<void> {
    const over = new AbortController();
    this.wakeUp = () => {
      if (!untilStopped || this.stopped) over.abort();
    };
    await this.timers.delay(millis, over.signal);
    this.wakeUp = () => undefined;
  }
}
