import type { EventStore } from '@orderloom/event-sourcing';
import { realTimers } from '@orderloom/kernel';
import type { FlowRuntime } from './runtime.js';

/** Fires what falls due by the store's clock. Several may run: a deadline has one effect whoever fires it. */
export class DeadlineWorker {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: EventStore,
    private readonly runtime: FlowRuntime,
    private readonly onError: (error: unknown) => void,
    private readonly everyMs = 100,
  ) {}

  start(): void {
    this.running = this.loop();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async loop(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const fired = await this.fire().catch((error: unknown) => {
        this.onError(error);
        return 0;
      });
      if (fired === 0) await (this.store.timers ?? realTimers).delay(this.everyMs, this.stopping.signal);
    }
  }

  /** Fires the oldest that are due; answers how many had an effect, so that a broken one can't spin. */
  private async fire(): Promise<number> {
    let effects = 0;
    for (const deadline of await this.store.due(100)) {
      if (this.stopping.signal.aborted) break;
      const delivery = await this.runtime.due(deadline).catch((error: unknown) => this.onError(error));
      if (delivery !== undefined) effects += 1;
    }
    return effects;
  }
}
