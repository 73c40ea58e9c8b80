import { type Deadline, type EventStore, Retries, StoreUnavailable } from '@orderloom/event-sourcing';
import { realTimers } from '@orderloom/kernel';
import { UnknownChart } from './charts.js';
import type { FlowRuntime } from './runtime.js';

const atOnce = 100;
const tries = 5;

export interface DeadlineWorkerOptions {
  readonly store: EventStore;
  readonly runtime: FlowRuntime;
  /** Told of what goes wrong and is tried again, or parked. */
  readonly onError: (error: unknown) => void;
  /** What fails and is tried again, for others to see. */
  readonly retries?: Retries;
  /** How often to look; 100 milliseconds unless said. */
  readonly everyMs?: number;
}

/**
 * Fires what falls due by the store's clock. Several may run: a deadline has one effect whoever fires it. One that throws is tried
 * again ever later, five times; then its flow is parked. Meanwhile the others fire.
 */
export class DeadlineWorker {
  private readonly stopping = new AbortController();
  private readonly retries: Retries;
  private readonly failing = new Set<string>();
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

  /** Fires the oldest that are due, flows side by side; answers how many had an effect, so that a broken one can't spin. */
  private async fire(): Promise<number> {
    const due = await this.options.store.due(atOnce + this.failing.size);
    this.forgetAllBut(new Set(due.map(named)));
    const fired = await Promise.allSettled(byOwner(due).map((those) => this.fireInOrder(those)));
    for (const one of fired) if (one.status === 'rejected') throw one.reason;
    return fired.reduce((sum, one) => sum + (one.status === 'fulfilled' ? one.value : 0), 0);
  }

  private async fireInOrder(due: readonly Deadline[]): Promise<number> {
    let effects = 0;
    for (const deadline of due) {
      if (this.stopping.signal.aborted) break;
      if (this.retries.restOf(named(deadline)) === 0 && (await this.fireOne(deadline))) effects += 1;
    }
    return effects;
  }

  private async fireOne(deadline: Deadline): Promise<boolean> {
    try {
      await this.options.runtime.due(deadline);
      this.forget(named(deadline));
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
    this.failing.add(named(deadline));
    const failures = this.retries.note({ what: 'deadline', id: named(deadline), key: deadline.owner, type }, error);
    if (failures < tries || error instanceof UnknownChart) return;
    await this.options.runtime.giveUp(deadline, error);
    this.forget(named(deadline));
  }

  private forget(name: string): void {
    this.failing.delete(name);
    this.retries.forget(name);
  }

  private forgetAllBut(due: ReadonlySet<string>): void {
    for (const name of this.failing) if (!due.has(name)) this.forget(name);
  }
}

/** A deadline armed anew is another one. */
const named = ({ id, generation }: Deadline): string => `${id}/${generation}`;

function byOwner(due: readonly Deadline[]): readonly (readonly Deadline[])[] {
  const owners = new Map<string, Deadline[]>();
  for (const deadline of due) {
    const others = owners.get(deadline.owner);
    if (others) others.push(deadline);
    else owners.set(deadline.owner, [deadline]);
  }
  return [...owners.values()];
}
