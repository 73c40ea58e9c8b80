import type { Outcome, UnitOfWork } from '../../store/store.js';
import { type ValidatedUnit, validatedUnit, needsOwnTransaction } from './validated-unit.js';
import { type CommitContext, commitTogether } from './postgres-transaction.js';

/** One transaction is written while the callers of the other one react. A third one would only wait for the same disk. */
const maxConcurrentTransactions = 2;
/** A second transaction costs as much as a handful of units, so it starts only for at least this many units. */
const minUnitsForSecondTransaction = 16;
/** Larger transactions make their callers wait longer. */
const maxUnitsPerTransaction = 64;
/** Milliseconds after which queued units no longer wait for the running transaction, which a lock may block. */
const maxWaitMs = 10;

interface Waiting {
  readonly checked: ValidatedUnit;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/** Groups concurrent units of work into shared transactions. Each unit keeps its own outcome (decision record: unit of work). */
export class CommitQueue {
  private waiting: Waiting[] = [];
  private readonly running = new Set<readonly Waiting[]>();
  private scheduled = false;
  /** Time at which the last transaction was started, by `performance.now()`. */
  private lastStartedAt = 0;
  private wakeTimer: NodeJS.Timeout | undefined;

  constructor(private readonly context: CommitContext) {}

  /** Resolves to the unit's own outcome. Rejects with `InvalidInput` for data that cannot be stored, and with `StoreUnavailable`. */
  commit(unit: UnitOfWork): Promise<Outcome> {
    const checked = validatedUnit(unit);
    return new Promise((resolve, reject) => {
      this.waiting.push({ checked, resolve, reject });
      this.schedule();
    });
  }

  /** Starts a batch at the end of the event-loop turn, so that all units committed in this turn join it. */
  private schedule(): void {
    if (this.scheduled || this.running.size === maxConcurrentTransactions || this.waiting.length === 0) return;
    if (!this.shouldStart()) {
      this.wakeTimer ??= setTimeout(() => {
        this.wakeTimer = undefined;
        this.schedule();
      }, maxWaitMs);
      return;
    }
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.startBatch();
    });
  }

  private shouldStart(): boolean {
    return (
      this.running.size === 0 || this.waiting.length >= minUnitsForSecondTransaction || performance.now() - this.lastStartedAt >= maxWaitMs
    );
  }

  private startBatch(): void {
    const { batch, remaining } = selectBatch(this.waiting, [...this.running].flat());
    if (batch.length === 0) return;
    this.waiting = remaining;
    this.lastStartedAt = performance.now();
    this.running.add(batch);
    void this.run(batch).finally(() => {
      this.running.delete(batch);
      this.schedule();
    });
    this.schedule();
  }

  private async run(batch: readonly Waiting[]): Promise<void> {
    try {
      const settled = await commitTogether(
        this.context,
        batch.map(({ checked }) => checked),
      );
      settled.forEach((result, i) => ('outcome' in result ? batch[i]?.resolve(result.outcome) : batch[i]?.reject(result.error)));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}

/**
 * Selects the oldest units that share no key with each other or with the running transactions. A unit that needs its own transaction is
 * selected alone.
 */
function selectBatch(waiting: readonly Waiting[], written: readonly Waiting[]): { batch: Waiting[]; remaining: Waiting[] } {
  if (waiting.length === 1 && written.length === 0) return { batch: [...waiting], remaining: [] };
  const batch: Waiting[] = [];
  const remaining: Waiting[] = [];
  const usedKeys = new Set(written.flatMap(({ checked }) => checked.conflictKeys));
  // Once a unit needs its own transaction, all later units wait.
  let isBlocked = written.some(({ checked }) => needsOwnTransaction(checked));
  // Two transactions split the queue only if both halves reach the minimum size.
  const total = waiting.length + written.length;
  const batchLimit = Math.min(
    maxUnitsPerTransaction,
    total < maxConcurrentTransactions * minUnitsForSecondTransaction ? total : Math.ceil(total / maxConcurrentTransactions),
  );
  for (const one of waiting) {
    const { conflictKeys } = one.checked;
    const exclusive = needsOwnTransaction(one.checked);
    const free = !isBlocked && !conflictKeys.some((name) => usedKeys.has(name));
    const fits = free && (exclusive ? written.length + batch.length + remaining.length === 0 : batch.length < batchLimit);
    (fits ? batch : remaining).push(one);
    isBlocked ||= exclusive;
    // Keys of waiting units count too, so that no later unit overtakes them.
    for (const name of conflictKeys) usedKeys.add(name);
  }
  return { batch, remaining };
}
