import { NotFound, Refusal, storableForm } from '@orderloom/kernel';
import { type IncomingRecord, typeOf } from '@orderloom/messaging';
import type { Append, EventStore, RowWrite, UnitOfWork } from '../store.js';
import { type Failure, kept, type ParkedRecord, queueOf, type RecordSealing, type Slot, slotId } from './parked-record.js';
import { repaired, type Repair } from './repair.js';

const table = 'parked';
const all = 1_000_000;

/**
 * Where a consumer group keeps what it can't handle, in one queue per topic and key. A queue is a row of numbered slots in
 * which no record is written twice, nor where one was: who adds a record and who ends the queue want the same slot, and one of them
 * gets it. So processes need not know of each other.
 */
export class Parking {
  private open = new Set<string>();
  private readonly tails = new Map<string, number>();

  constructor(
    private readonly store: EventStore,
    private readonly group: string,
    private readonly sealing?: RecordSealing,
  ) {}

  /** Learns which queues there are now; whoever had the partition before may have begun some. */
  async refresh(): Promise<void> {
    this.open = new Set((await this.heads()).map((head) => head.queue));
  }

  mayBeOpen = (record: IncomingRecord): boolean => this.open.size > 0 && this.open.has(queueOf(this.group, record));

  /** The first record of each queue: the one that could not be handled. */
  async heads(): Promise<readonly ParkedRecord[]> {
    return this.store.rows<ParkedRecord>(table, { group: this.group, state: 'parked' }, all);
  }

  /** All that wait, in the order of their queues. */
  async waiting(): Promise<readonly ParkedRecord[]> {
    const queued = await this.store.rows<ParkedRecord>(table, { group: this.group, state: 'queued' }, all);
    return [...(await this.heads()), ...queued].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** The first of the queue that `record` would wait in. */
  async headOf(record: IncomingRecord): Promise<ParkedRecord | undefined> {
    const [head] = await this.store.rows<ParkedRecord>(table, { queue: queueOf(this.group, record), state: 'parked' }, 1);
    return head;
  }

  /** The first record of the queue that `id` waits in. Throws `NotFound`. */
  async headFor(id: string): Promise<ParkedRecord> {
    const waiting = await this.store.row<ParkedRecord>(table, storableForm(id));
    const [head] = waiting ? await this.store.rows<ParkedRecord>(table, { queue: waiting.queue, state: 'parked' }, 1) : [];
    if (head?.group !== this.group) throw new NotFound(`a parked record ${id}`);
    return head;
  }

  /**
   * Keeps `record` at the end of its queue, once however often it comes. Without a `failure` only behind others: false where
   * the queue has ended, so that it can be handled. `rejection`: what its sender is told, given the id it is kept under.
   */
  async keep(record: IncomingRecord, failure?: Failure, rejection?: (id: string) => Append | undefined): Promise<boolean> {
    const queue = queueOf(this.group, record);
    const parkedAt = await this.store.now();
    let sealed: IncomingRecord | undefined;
    for (;;) {
      const last = await this.last(queue);
      const open = last !== undefined && last.state !== 'ended';
      if (!open) this.open.delete(queue);
      if (!open && !failure) return false;
      sealed ??= this.sealing ? await this.sealing.sealRecord(record) : record;
      const slot = (last?.slot ?? 0) + 1;
      const { topic, partition, offset } = record;
      const row: ParkedRecord = {
        ...{ id: slotId(queue, slot), group: this.group, queue, slot, topic, partition, offset, parkedAt },
        state: open ? 'queued' : 'parked',
        ...why(failure ?? { reason: 'waits behind a parked record of its key', errors: [] }),
        ...kept(sealed, typeOf(record)),
      };
      const told = rejection?.(row.id);
      const outcome = await this.commit(
        `${topic}/${partition}/${offset}`,
        [{ op: 'insert', table, key: row.id, row }],
        told === undefined ? [] : [told],
      );
      if (outcome === 'taken') continue;
      this.open.add(queue);
      return true;
    }
  }

  /** The first of a queue has failed again, for somebody or (without `by`) for a process that started. */
  async failedAgain(head: ParkedRecord, failure: Failure, by?: string): Promise<void> {
    const now = { ...head, ...why(failure) };
    const tried = by === undefined ? [] : [this.repair(now, { did: 'tried', by, at: await this.store.now() })];
    await this.store.commit({ meta: { by: this.by }, rows: [this.put(now), ...tried] });
  }

  /** The first of a queue is dealt with, or given up; resolves to the next one. */
  async resolve(head: ParkedRecord, by = this.by, dismissed?: ParkedRecord['dismissed']): Promise<ParkedRecord | undefined> {
    const how = dismissed ? ({ did: 'dismissed', ...dismissed } as const) : ({ did: 'redriven', by, at: await this.store.now() } as const);
    const done: RowWrite = dismissed
      ? { op: 'put', table, key: head.id, row: { ...head, state: 'dismissed', dismissed } }
      : this.end(head, head.slot);
    for (;;) {
      const next = await this.store.row<Slot>(table, slotId(head.queue, head.slot + 1));
      const promoted: ParkedRecord | undefined = next?.state === 'queued' ? { ...next, state: 'parked' } : undefined;
      const outcome = await this.commit(`resolved ${head.id}`, [
        done,
        promoted ? this.put(promoted) : { ...this.end(head, head.slot + 1), op: 'insert' },
        this.repair(head, how),
      ]);
      if (outcome === 'taken') continue;
      // somebody else was first, and what may be left is the row that a late `failedAgain` wrote
      if (outcome === 'duplicate') await this.store.commit({ meta: { by: this.by }, rows: [this.end(head, head.slot)] });
      return outcome === 'committed' ? promoted : undefined;
    }
  }

  /** `record` was handled in place of the first of a queue; resolves to the next one. */
  async replaced(head: ParkedRecord, { topic, partition, offset }: IncomingRecord): Promise<ParkedRecord | undefined> {
    const reason = `replaced by ${topic}/${partition}/${offset}`;
    return this.resolve(head, this.by, { reason, by: this.by, at: await this.store.now() });
  }

  /** Gives up the first of a queue, on somebody's word; resolves to the next one. Throws `Refusal` `waits-behind`. */
  async dismiss(id: string, reason: string, by: string): Promise<ParkedRecord | undefined> {
    const head = await this.headFor(id);
    if (head.id !== id) throw new Refusal('waits-behind', `${id} waits behind ${head.id}: only the first of a queue can be dismissed`);
    return this.resolve(head, by, { reason, by, at: await this.store.now() });
  }

  /** The queue's last slot; found from the last one that was known, since no slot between is ever empty. */
  private async last(queue: string): Promise<Slot | undefined> {
    const tail = this.tails.get(queue);
    let last = tail === undefined ? (await this.store.rows<Slot>(table, { queue }, all)).at(-1) : await this.at(queue, tail);
    for (let slot = (last?.slot ?? 0) + 1; ; slot += 1) {
      const next = await this.at(queue, slot);
      if (!next) break;
      last = next;
    }
    if (last) this.tails.set(queue, last.slot);
    return last;
  }

  private at = async (queue: string, slot: number): Promise<Slot | undefined> =>
    (await this.store.row<Slot>(table, slotId(queue, slot))) ?? undefined;

  private repair({ id, type, key, reason: error }: ParkedRecord, how: Pick<Repair, 'did' | 'by' | 'at' | 'reason'>): RowWrite {
    return repaired({ what: 'message', of: id, ...(type !== undefined && { type }), key, error, ...how });
  }

  private put = (row: ParkedRecord): RowWrite => ({ op: 'put', table, key: row.id, row });

  private end({ queue }: ParkedRecord, slot: number): RowWrite & { readonly op: 'put' } {
    const row: Slot = { id: slotId(queue, slot), group: this.group, queue, slot, state: 'ended' };
    return { op: 'put', table, key: row.id, row };
  }

  /** Tells the sender of `record`, which is not kept, once however often it comes. */
  async reject({ topic, partition, offset }: IncomingRecord, rejection: Append): Promise<void> {
    await this.commit(`rejected ${topic}/${partition}/${offset}`, [], [rejection]);
  }

  private async commit(
    message: string,
    rows: readonly RowWrite[],
    appends: readonly Append[] = [],
  ): Promise<'committed' | 'duplicate' | 'taken'> {
    const unit: UnitOfWork = { meta: { by: this.by }, inbox: { consumer: this.by, message }, rows, appends };
    const { status } = await this.store.commit(unit);
    if (status === 'committed' || status === 'duplicate' || status === 'taken') return status;
    throw new Error(`a parked record was not kept: ${status}`);
  }

  private get by(): string {
    return `parking/${this.group}`;
  }
}

const why = ({ reason, errors }: Failure): Failure => ({
  reason: storableForm(reason),
  errors: errors.map((e) => ({ field: storableForm(e.field), message: storableForm(e.message) })),
});
