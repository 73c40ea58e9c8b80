import { type Deadline, type AuditSnapshot, MemoryStore, type Outcome, StoreUnavailable, type UnitOfWork } from '@orderloom/event-sourcing';
import { micros } from '@orderloom/kernel';
import { DeadlineBook } from '../checks/deadline-book.js';
import type { Machine } from './sim-process.js';

/** A service's database: what is committed stays, whoever dies. Transactions get their ids early and commit in any order, as in Postgres. */
export class Database {
  readonly store: MemoryStore;
  readonly deadlines = new DeadlineBook();
  private readonly listeners: ((unit: UnitOfWork) => void)[] = [];
  private bug: { readonly subject: string | undefined; readonly until: number } | undefined;

  constructor(
    readonly name: string,
    private readonly machine: Machine,
  ) {
    const { scheduler } = machine;
    const timers = { now: () => scheduler.millis, delay: never, every: never, random: never };
    this.store = new MemoryStore({ clock: scheduler.now, timers });
  }

  async commit(unit: UnitOfWork): Promise<Outcome> {
    const { random, profile, scheduler } = this.machine;
    if (this.isBroken(unit)) throw new Bug(`of ${this.bug?.subject}`);
    const outcome = random.chance(profile.interleaved) ? await this.interleaved(unit) : await this.store.commit(unit);
    scheduler.trace.say(`   ${this.name}: ${outcome.status} ${storyOf(unit, outcome)}`);
    if (outcome.status !== 'committed') return outcome;
    this.deadlines.note(unit, scheduler.now());
    for (const listener of this.listeners) listener(unit);
    return outcome;
  }

  /** Tells `listener` of each unit of work that was committed. */
  listen(listener: (unit: UnitOfWork) => void): void {
    this.listeners.push(listener);
  }

  /** Of the subject that a message is about to change next, nothing more can be recorded for `hours` of the world, but what becomes of parked flows. */
  break(hours: number): void {
    this.bug = { subject: undefined, until: this.machine.scheduler.world + Math.round(hours * 3_600_000_000) };
  }

  /** Whether a message or a flow is parked. */
  async parked(): Promise<boolean> {
    const waiting = [await this.store.rows('parked', { state: 'parked' }, 1), await this.store.rows('flows', { status: 'parked' }, 1)];
    return waiting.flat().length > 0;
  }

  /** Somebody opens a transaction in which nothing happens, for `millis`. */
  async holdTransactionOpen(millis: number): Promise<void> {
    const writer = await this.store.openWriter();
    this.machine.scheduler.after(millis, `${this.name}: a transaction was open for ${Math.round(millis)} ms`, () => void writer.rollback());
  }

  facts(): AuditSnapshot {
    return this.store.snapshot();
  }

  /** The first instant (microseconds since 1970) at which a deadline is due. */
  async nextDue(): Promise<number | undefined> {
    const [first] = [...(await this.facts().deadlines())].sort(byDueAt);
    return first && Number(micros(first.dueAt));
  }

  private isBroken({ appends = [], inbox }: UnitOfWork): boolean {
    const { bug } = this;
    if (!bug || bug.until <= this.machine.scheduler.world) return false;
    const written = appends.find(({ events }) => events.some(({ type }) => !recordedAllTheSame.includes(type)));
    if (!written || (!inbox && !bug.subject)) return false;
    const subject = bug.subject ?? written.subject;
    this.bug = { ...bug, subject };
    return appends.some((append) => append.subject === subject);
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

// a deadline that is neither fired nor given up keeps the world's clock from leaping
const recordedAllTheSame = ['FlowParked', 'InputKept', 'InputStrayed', 'RecordRejected'];

/** Records that a service cannot process, until the fault is repaired. */
export class Bug extends Error {
  override readonly name = 'Bug';
}

/** Whether `unit` parks a message or a flow, or leaves it parked. */
export const parks = ({ rows = [] }: UnitOfWork): boolean =>
  rows.some((write) => {
    const { state, status } = (write.op === 'remove' ? {} : write.row) as { state?: string; status?: string };
    return (write.table === 'parked' && state === 'parked') || (write.table === 'flows' && status === 'parked');
  });

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
