import type { PostgresStore, UnitOfWork } from '@orderloom/event-sourcing';
import { append } from '../../libs/event-sourcing/src/store/contract/contract-support.js';
import { openWriter } from '../../libs/event-sourcing/src/postgres/postgres.fixture.js';
import { eventually } from '../faults/support/eventually.js';
import { appendUnguarded } from '../faults/support/naive.js';

const hot = 6;

/** Results of the writers. */
export interface Written {
  /** Ids of events that are committed. */
  readonly committed: Set<string>;
  conflicts: number;
  rolledBack: number;
  late: number;
  early: number;
  /** Number of reads of the reader by position alone. */
  looks: number;
}

/** One of those that write all the time; some of its transactions come late, some are rolled back, some take their id too early. */
export class SoakWriter {
  private n = 0;

  constructor(
    private readonly me: number,
    private readonly store: PostgresStore,
    /** Streams without the guard of their order. */
    private readonly naive: PostgresStore,
    private readonly written: Written,
    /** Whether it is over. */
    private readonly until: () => boolean,
  ) {}

  async run(): Promise<void> {
    const kinds = [this.append, this.append, this.clash, this.append, this.rollBack, this.append, this.late, this.append, this.early];
    // each kind once at least, however slow the machine
    while (this.n < kinds.length || !this.until()) {
      this.n += 1;
      await kinds[this.n % kinds.length]?.call(this);
    }
  }

  private get hot(): string {
    return `hot-${(this.me + this.n) % hot}`;
  }

  private unit(stream: string): UnitOfWork {
    return { ...append(stream), inbox: { consumer: 'soak', message: `${this.me}-${this.n}` } };
  }

  private async append(): Promise<void> {
    await this.commit(this.unit(this.n % 2 === 0 ? this.hot : `new-${this.me}-${this.n}`));
  }

  /** Expects a version that is long over. */
  private async clash(): Promise<void> {
    const outcome = await this.store.commit(append(this.hot, 'none'));
    if (outcome.status === 'conflict') this.written.conflicts += 1;
    else this.count(outcome);
  }

  private async rollBack(): Promise<void> {
    const writer = await openWriter(this.store);
    await writer.write(append(`gone-${this.me}-${this.n}`));
    await writer.rollback();
    this.written.rolledBack += 1;
  }

  /** Another one commits behind it meanwhile, and is read. */
  private async late(): Promise<void> {
    const writer = await openWriter(this.store);
    const outcome = await writer.write(append(`late-${this.me}-${this.n}`));
    await this.append();
    const { looks } = this.written;
    await eventually('the reader by position has looked', () => this.written.looks >= looks + 2);
    await writer.commit();
    this.count(outcome);
    this.written.late += 1;
  }

  /** Its id is older than that of another one which appends before it: refused, and done again; where nobody refuses it, inverted. */
  private async early(): Promise<void> {
    const writer = await openWriter(this.store);
    const client = await this.naive.pool.connect();
    await client.query(`begin; insert into inbox values ('soak', '${this.me}-${this.n}')`);
    await this.commit(append(this.hot));
    await appendUnguarded(this.naive.pool, `naive-${this.me}`);
    const unit = this.unit(this.hot);
    const outcome = await writer.write(unit);
    await (outcome.status === 'committed' ? writer.commit() : writer.rollback());
    await appendUnguarded(client, `naive-${this.me}`);
    await client.query('commit');
    client.release();
    if (outcome.status === 'committed') return this.count(outcome);
    this.written.early += 1;
    await this.commit(unit);
  }

  private async commit(unit: UnitOfWork): Promise<void> {
    const outcome = await this.store.commit(unit);
    if (outcome.status === 'conflict') this.written.conflicts += 1;
    this.count(outcome);
  }

  private count(outcome: Awaited<ReturnType<PostgresStore['commit']>>): void {
    if (outcome.status === 'committed') for (const { id } of outcome.events) this.written.committed.add(id);
  }
}
