import type { Outcome, UnitOfWork } from '../store.js';
import { type CheckedUnit, checkedUnit, isForAlone } from './checked-unit.js';
import { type Committing, commitTogether } from './postgres-transaction.js';

/** One is written while the callers of the other are answered and come again; more would only wait for the same disk. */
const transactionsAtOnce = 2;
/** Fewer units are not worth a transaction beside the one that is written: each costs as much as a handful of units. */
const worthAnother = 16;
/** Units of a transaction: more keep their callers waiting. */
const most = 64;
/** Ms after which a transaction is no longer waited for: it may be held up by what holds up nobody else. */
const patience = 10;

interface Waiting {
  readonly checked: CheckedUnit;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/** Commits units of work that come at the same time in one transaction; each keeps an outcome of its own (decision 3). */
export class CommitQueue {
  private waiting: Waiting[] = [];
  private readonly running = new Set<readonly Waiting[]>();
  private called = false;
  /** When the last transaction was begun. */
  private begun = 0;
  private waking: NodeJS.Timeout | undefined;

  constructor(private readonly by: Committing) {}

  /** Rejects with what can't be stored, or `StoreUnavailable`. */
  commit(unit: UnitOfWork): Promise<Outcome> {
    const checked = checkedUnit(unit);
    return new Promise((resolve, reject) => {
      this.waiting.push({ checked, resolve, reject });
      this.call();
    });
  }

  /** At the end of the turn, so that all that it commits comes along. */
  private call(): void {
    if (this.called || this.running.size === transactionsAtOnce || this.waiting.length === 0) return;
    if (!this.isWorthIt()) {
      this.waking ??= setTimeout(() => {
        this.waking = undefined;
        this.call();
      }, patience);
      return;
    }
    this.called = true;
    setImmediate(() => {
      this.called = false;
      this.next();
    });
  }

  private isWorthIt(): boolean {
    return this.running.size === 0 || this.waiting.length >= worthAnother || performance.now() - this.begun >= patience;
  }

  private next(): void {
    const { together, later } = parted(this.waiting, [...this.running].flat());
    if (together.length === 0) return;
    this.waiting = later;
    this.begun = performance.now();
    this.running.add(together);
    void this.run(together).finally(() => {
      this.running.delete(together);
      this.call();
    });
    this.call();
  }

  private async run(together: readonly Waiting[]): Promise<void> {
    try {
      const settled = await commitTogether(
        this.by,
        together.map(({ checked }) => checked),
      );
      settled.forEach((result, i) => ('outcome' in result ? together[i]?.resolve(result.outcome) : together[i]?.reject(result.error)));
    } catch (error) {
      for (const { reject } of together) reject(error);
    }
  }
}

/** As many as have nothing in common, nor with what is being written, the oldest first; and the others. What is for alone has nobody beside it. */
function parted(waiting: readonly Waiting[], written: readonly Waiting[]): { together: Waiting[]; later: Waiting[] } {
  if (waiting.length === 1 && written.length === 0) return { together: [...waiting], later: [] };
  const together: Waiting[] = [];
  const later: Waiting[] = [];
  const touched = new Set(written.flatMap(({ checked }) => checked.touches));
  // from there on everybody waits
  let closed = written.some(({ checked }) => isForAlone(checked));
  // all of them, or half where both halves are worth a transaction
  const all = waiting.length + written.length;
  const share = Math.min(most, all < transactionsAtOnce * worthAnother ? all : Math.ceil(all / transactionsAtOnce));
  for (const one of waiting) {
    const { touches } = one.checked;
    const alone = isForAlone(one.checked);
    const free = !closed && !touches.some((name) => touched.has(name));
    const fits = free && (alone ? written.length + together.length + later.length === 0 : together.length < share);
    (fits ? together : later).push(one);
    closed ||= alone;
    // also what waits: nobody overtakes it
    for (const name of touches) touched.add(name);
  }
  return { together, later };
}
