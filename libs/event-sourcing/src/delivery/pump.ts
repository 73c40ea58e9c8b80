import { realTimers, type Timers } from '@orderloom/kernel';

const maxBackOff = 5000;
const pollMillis = 1000;

/** What somebody has in hand, and how much they have done since they started. */
export interface Work {
  readonly idle: boolean;
  readonly done: number;
}

/** Repeats a step: at once while it finds work, else when woken, with polling as a net; after an error with back-off. */
export class Pump {
  private running: Promise<void> | undefined;
  private stopped = false;
  private woken = false;
  private resting = false;
  private steps = 0;
  private wakeUp: () => void = () => undefined;

  constructor(
    /** Resolves to whether there may be more to do. */
    private readonly step: () => Promise<boolean>,
    private readonly onError: (error: unknown) => void,
    private readonly timers: Timers = realTimers,
  ) {}

  /** Idle once a step has found nothing more and nobody has woken it since. */
  work(): Work {
    return { idle: this.resting && !this.woken, done: this.steps };
  }

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
        if (more) this.steps += 1;
        failures = 0;
        if (!more && !this.woken) await this.rest();
      } catch (error) {
        failures += 1;
        this.onError(error);
        if (!this.stopped) await this.pause(Math.min(50 * 2 ** failures, maxBackOff), 'untilStopped');
      }
    }
  }

  private async rest(): Promise<void> {
    this.resting = true;
    await this.pause(pollMillis);
    this.resting = false;
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
