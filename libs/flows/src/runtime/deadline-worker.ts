import { type Deadline, type EventStore, Retries, StoreUnavailable } from '@orderloom/event-sourcing';
import { realTimers } from '@orderloom/kernel';
import { UnknownFlowVersion } from '../definition/flow-registry.js';
import type { FlowRuntime } from './runtime.js';

const batchSize = 100;
const maxAttempts = 5;

export interface DeadlineWorkerOptions {
  readonly store: EventStore;
  readonly runtime: FlowRuntime;
  /** Called with every error, whether it is retried or parks the flow. */
  readonly onError: (error: unknown) => void;
  /** Records failed deadlines that are retried, for operators. */
  readonly retries?: Retries;
  /** Poll interval in milliseconds; 100 by default. */
  readonly everyMs?: number;
}

/**
 * Fires deadlines that are due by the store's clock. Several workers may run, since a deadline takes effect once. A failing deadline is
 * retried five times with back-off; then its flow is parked. Other deadlines are not delayed.
 */
export class DeadlineWorker {
  private readonly stopping = new AbortController();
  private readonly retries: Retries;
  private readonly failingDeadlines = new Set<string>();
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly options: DeadlineWorkerOptions) {
    this.retries = options.retries ?? new Retries({ timers: options.store.timers });
  }

  start(): void {
    this.running = this.loop();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async loop(): Promise<void> {
    const { store, onError, everyMs = 100 } = this.options;
    while (!this.stopping.signal.aborted) {
      const fired = await this.fire().catch((error: unknown) => {
        onError(error);
        return 0;
      });
      if (fired === 0) await (store.timers ?? realTimers).delay(everyMs, this.stopping.signal);
    }
  }

  /**
   * Fires the oldest due deadlines, flows concurrently. Resolves to the number that took effect, so that failing ones do not cause a busy
   * loop.
   */
  private async fire(): Promise<number> {
    const due = await this.options.store.due(batchSize + this.failingDeadlines.size);
    this.forgetExcept(new Set(due.map(deadlineKey)));
    const fired = await Promise.allSettled(byOwner(due).map((those) => this.fireInOrder(those)));
    for (const one of fired) if (one.status === 'rejected') throw one.reason;
    return fired.reduce((sum, one) => sum + (one.status === 'fulfilled' ? one.value : 0), 0);
  }

  private async fireInOrder(due: readonly Deadline[]): Promise<number> {
    let effects = 0;
    for (const deadline of due) {
      if (this.stopping.signal.aborted) break;
      if (this.retries.remainingMs(deadlineKey(deadline)) === 0 && (await this.fireOne(deadline))) effects += 1;
    }
    return effects;
  }

  private async fireOne(deadline: Deadline): Promise<boolean> {
    try {
      await this.options.runtime.fireDeadline(deadline);
      this.forget(deadlineKey(deadline));
      return true;
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      this.options.onError(error);
      await this.failed(deadline, error);
      return false;
    }
  }

  private async failed(deadline: Deadline, error: unknown): Promise<void> {
    const { type } = (deadline.data as { input: { type: string } }).input;
    this.failingDeadlines.add(deadlineKey(deadline));
    const failures = this.retries.recordFailure({ what: 'deadline', id: deadlineKey(deadline), key: deadline.owner, type }, error);
    if (failures < maxAttempts || error instanceof UnknownFlowVersion) return;
    await this.options.runtime.parkAtDeadline(deadline, error);
    this.forget(deadlineKey(deadline));
  }

  private forget(name: string): void {
    this.failingDeadlines.delete(name);
    this.retries.forget(name);
  }

  private forgetExcept(due: ReadonlySet<string>): void {
    for (const name of this.failingDeadlines) if (!due.has(name)) this.forget(name);
  }
}

/** Key of a deadline; setting it again creates another generation. */
const deadlineKey = ({ id, generation }: Deadline): string => `${id}/${generation}`;

function byOwner(due: readonly Deadline[]): readonly (readonly Deadline[])[] {
  const owners = new Map<string, Deadline[]>();
  for (const deadline of due) {
    const others = owners.get(deadline.owner);
    if (others) others.push(deadline);
    else owners.set(deadline.owner, [deadline]);
  }
  return [...owners.values()];
}
