import { type Deadline, type Facts, MemoryStore, type Outcome, StoreUnavailable, type UnitOfWork } from '@orderloom/event-sourcing';
import { micros } from '@orderloom/kernel';
import { DeadlineBook } from './deadline-book.js';
import type { Machine } from './sim-process.js';

/** A service's database: what is committed stays, whoever dies. Transactions get their ids early and commit in any order, as in Postgres. */
export class Database {
  readonly store: MemoryStore;
  readonly deadlines = new DeadlineBook();

  constructor(
    readonly name: string,
    private readonly machine: Machine,
  ) {
    const { scheduler } = machine;
    const timers = { now: () => scheduler.millis, delay: never, every: never, random: never };
    this.store = new MemoryStore({ clock: scheduler.now, timers });
  }

  async commit(unit: UnitOfWork): Promise<Outcome> {
    const { random, profile } = this.machine;
    const outcome = random.chance(profile.interleaved) ? await this.interleaved(unit) : await this.store.commit(unit);
    this.machine.scheduler.trace.say(`   ${this.name}: ${outcome.status} ${storyOf(unit, outcome)}`);
    if (outcome.status === 'committed') this.deadlines.note(unit, this.machine.scheduler.now());
    return outcome;
  }

  /** Somebody opens a transaction in which nothing happens, for `millis`. */
  async holdTransactionOpen(millis: number): Promise<void> {
    const writer = await this.store.openWriter();
    this.machine.scheduler.after(millis, `${this.name}: a transaction was open for ${Math.round(millis)} ms`, () => void writer.rollback());
  }

  facts(): Facts {
    return this.store.facts();
  }

  /** The first instant (microseconds since 1970) at which a deadline is due. */
  async nextDue(): Promise<number | undefined> {
    const [first] = [...(await this.facts().deadlines())].sort(byDueAt);
    return first && Number(micros(first.dueAt));
  }

  private async interleaved(unit: UnitOfWork): Promise<Outcome> {
    const { scheduler, random, profile } = this.machine;
    const writer = await this.store.openWriter();
    await new Promise<void>((resolve) =>
      scheduler.after(random.skewed(0.2, random.chance(0.02) ? 3000 : 60), `${this.name}: writes`, resolve),
    );
    if (random.chance(profile.rolledBack)) {
      await writer.rollback();
      throw new StoreUnavailable(new Error('rolled back'));
    }
    const outcome = await writer.write(unit).catch(async (error: unknown) => {
      await writer.rollback();
      throw error;
    });
    if (outcome.status === 'committed') await writer.commit();
    else await writer.rollback();
    return outcome;
  }
}

const never = (): never => {
  throw new Error('a database waits for nothing');
};

const byDueAt = (a: Pick<Deadline, 'dueAt'>, b: Pick<Deadline, 'dueAt'>): number => (a.dueAt < b.dueAt ? -1 : 1);

function storyOf({ meta, inbox, checkpoint }: UnitOfWork, outcome: Outcome): string {
  if (outcome.status === 'committed' && outcome.events.length > 0)
    return outcome.events.map(({ stream, version, type, id, recordedAt }) => `${stream} ${version} ${type} ${id} ${recordedAt}`).join(', ');
  if (checkpoint) return `${checkpoint.name} at ${checkpoint.cursor.transaction}/${checkpoint.cursor.position}`;
  return inbox ? `${inbox.consumer} ${inbox.message}` : meta.by;
}
