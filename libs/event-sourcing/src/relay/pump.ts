import { realTimers, type Timers } from '@orderloom/kernel';

const maxBackOffMs = 5000;
const pollIntervalMs = 1000;

/** State of a worker: whether it is idle, and the number of work items done since its start. */
export interface Work {
  readonly idle: boolean;
  readonly done: number;
}

/** Repeats a step: immediately while it finds work, otherwise after a wake-up or a poll interval. Backs off after errors. */
export class Pump {
  private running: Promise<void> | undefined;
  private stopped = false;
  private woken = false;
  private resting = false;
  private steps = 0;
  private wakeUp: () => void = () => undefined;

  constructor(
    /** Resolves to true if there may be more work. */
    private readonly step: () => Promise<boolean>,
    private readonly onError: (error: unknown) => void,
    private readonly timers: Timers = realTimers,
  ) {}

  /** Idle if the last step found no work and no wake-up has followed. */
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

  /** Resolves when the current step has finished. */
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
        if (!this.stopped) await this.pause(Math.min(50 * 2 ** failures, maxBackOffMs), 'untilStopped');
      }
    }
  }

  private async rest(): Promise<void> {
    this.resting = true;
    await this.pause(pollIntervalMs);
    this.resting = false;
  }

  /** Waits until woken; after an error only `stop` ends the wait early. */
  private async pause(millis: number, untilStopped?: 'untilStopped'): Promise<void> {
    const over = new AbortController();
    this.wakeUp = () => {
      if (!untilStopped || this.stopped) over.abort();
    };
    await this.timers.delay(millis, over.signal);
    this.wakeUp = () => undefined;
  }
}
