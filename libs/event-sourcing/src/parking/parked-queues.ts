import { NotFound, Refusal, toStorable } from '@orderloom/kernel';
import { type IncomingRecord, typeOf, recordKey } from '@orderloom/messaging';
import type { Append, EventStore, RowWrite, UnitOfWork } from '../store/store.js';
import type { Subscription } from '../consumer/subscription.js';
import { operatorActionRow, type OperatorAction } from './operator-actions.js';
import { contentTable, headsOf, listParked, type PageRequest, parkedTable as table, repeatsTable, withContent } from './parked-list.js';
import {
  boundedFailure,
  type Failure,
  type ListedRecord,
  type ParkedEntry,
  type ParkedRecord,
  queueOf,
  type RecordSealing,
  sizeOf,
  type Slot,
  slotId,
  storedContent,
} from './parked-record.js';
import { checksumOf, RepeatedRecords } from './repeated-records.js';

/**
 * Dead-letter queues of a consumer group, one per topic and key. A queue consists of numbered slots, and each slot is inserted once. Adding
 * a record and ending the queue compete for the same slot, so processes need no other coordination.
 */
export class ParkedQueues {
  private openQueues = new Set<string>();
  private readonly lastSlots = new Map<string, number>();
  private readonly repeated: RepeatedRecords;
  private readonly repeats: Record<string, number> = {};

  constructor(
    private readonly store: EventStore,
    private readonly group: string,
    private readonly sealing?: RecordSealing,
    subscriptions: readonly Subscription[] = [],
  ) {
    this.repeated = new RepeatedRecords(store, sealing, subscriptions);
  }

  /** Loads the open queues. Another process may have parked records of the assigned partitions. */
  async refresh(): Promise<void> {
    const open = new Set<string>();
    for await (const { queue } of this.heads()) open.add(queue);
    this.openQueues = open;
  }

  mayBeOpen = (record: IncomingRecord): boolean => this.openQueues.size > 0 && this.openQueues.has(queueOf(this.group, record));

  /** The first record of each queue, which failed. */
  heads = (): AsyncGenerator<ParkedEntry> => headsOf(this.store, this.group);

  /** Parked and queued records, in queue order. */
  waiting = (page?: PageRequest): Promise<readonly ListedRecord[]> => listParked(this.store, this.group, page);

  /** Undefined if another process has resolved `entry`. */
  withContent = (entry: ParkedEntry): Promise<ParkedRecord | undefined> => withContent(this.store, entry);

  /** A parked, queued or dismissed record with its content. Throws `NotFound`. */
  async find(id: string): Promise<ParkedRecord> {
    const entry = await this.store.row<Slot>(table, toStorable(id));
    const found = entry?.group === this.group && entry.state !== 'ended' ? await this.withContent(entry) : undefined;
    if (!found) throw new NotFound(`parked record ${id}`);
    return found;
  }

  /** The first record of the queue to which `record` belongs. */
  async headOf(record: IncomingRecord): Promise<ParkedEntry | undefined> {
    const [head] = await this.store.rows<ParkedEntry>(table, { queue: queueOf(this.group, record), state: 'parked' }, 1);
    return head;
  }

  /** The first record of the queue that contains record `id`. Throws `NotFound`. */
  async headFor(id: string): Promise<ParkedEntry> {
    const waiting = await this.store.row<ParkedEntry>(table, toStorable(id));
    const [head] = waiting ? await this.store.rows<ParkedEntry>(table, { queue: waiting.queue, state: 'parked' }, 1) : [];
    if (head?.group !== this.group) throw new NotFound(`parked record ${id}`);
    return head;
  }

  /**
   * Appends `record` to its queue, idempotently. Without a `failure` it is appended only behind other records; false means that the queue
   * has ended and the record can be handled. A record that repeats one of the queue is only counted. `rejection` builds the event that
   * informs the sender, given the id of the parked record.
   */
  async append(
    record: IncomingRecord,
    failure?: Failure,
    rejection?: (id: string) => Append | undefined,
  ): Promise<'kept' | 'repeated' | false> {
    const queue = queueOf(this.group, record);
    const parkedAt = await this.store.now();
    let sealed: IncomingRecord | undefined;
    for (;;) {
      const last = await this.lastSlot(queue);
      const isOpen = last !== undefined && last.state !== 'ended';
      // Another process may have opened or ended the queue.
      if (isOpen) this.openQueues.add(queue);
      else this.openQueues.delete(queue);
      if (!isOpen && !failure) return false;
      const earlier = isOpen ? await this.repeated.find(queue, last.slot, record) : undefined;
      if (earlier) return this.countRepeat(earlier, record, parkedAt, rejection?.(earlier.id));
      sealed ??= this.sealing ? await this.sealing.sealRecord(record) : record;
      const slot = (last?.slot ?? 0) + 1;
      const { topic, partition, offset } = record;
      const type = typeOf(record);
      const row: ParkedEntry = {
        ...{ id: slotId(queue, slot), group: this.group, queue, slot, topic, partition, offset, parkedAt },
        state: isOpen ? 'queued' : 'parked',
        ...storedFailure(failure ?? { reason: 'waits behind a parked record of its key', errors: [] }),
        key: record.key === null ? null : toStorable(record.key),
        ...(type !== undefined && { type: toStorable(type) }),
        size: sizeOf(record),
        checksum: checksumOf(record),
      };
      const rejectionAppend = rejection?.(row.id);
      const outcome = await this.commit(
        recordKey({ topic, partition, offset }),
        [
          { op: 'insert', table, key: row.id, row },
          { op: 'put', table: contentTable, key: row.id, row: storedContent(sealed) },
        ],
        rejectionAppend === undefined ? [] : [rejectionAppend],
      );
      if (outcome === 'taken') continue;
      this.openQueues.add(queue);
      return 'kept';
    }
  }

  private async countRepeat(earlier: ParkedEntry, record: IncomingRecord, at: string, rejection?: Append): Promise<'repeated'> {
    const { topic, partition, offset } = record;
    const count = await this.repeated.countedBy(earlier, record, at);
    const outcome = await this.commit(recordKey({ topic, partition, offset }), [count], rejection ? [rejection] : []);
    if (outcome === 'committed') this.repeats[topic] = (this.repeats[topic] ?? 0) + 1;
    return 'repeated';
  }

  /** Number of records that were counted instead of kept since the process started, by topic. */
  repeatedByTopic(): Readonly<Record<string, number>> {
    return this.repeats;
  }

  /** Updates the reason after another failure, and records the operator action if an operator (`by`) triggered the attempt. */
  async failedAgain(head: ParkedEntry, failure: Failure, by?: string): Promise<void> {
    const updated = { ...head, ...storedFailure(failure) };
    const action = by === undefined ? [] : [this.actionRow(updated, { action: 'tried', by, at: await this.store.now() })];
    await this.store.commit({ meta: { by: this.by }, rows: [this.putRow(updated), ...action] });
  }

  /** Resolves or dismisses the first record of a queue; resolves to the next record, which becomes the first. */
  async resolve(head: ParkedEntry, by = this.by, dismissed?: ParkedEntry['dismissed']): Promise<ParkedEntry | undefined> {
    const done: Performed = dismissed ? { action: 'dismissed', ...dismissed } : { action: 'redriven', by, at: await this.store.now() };
    const resolvedRows: readonly RowWrite[] = dismissed
      ? [this.putRow({ ...head, state: 'dismissed', dismissed })]
      : [this.endRow(head, head.slot), ...[contentTable, repeatsTable].map((of) => ({ op: 'remove' as const, table: of, key: head.id }))];
    for (;;) {
      const next = await this.store.row<Slot>(table, slotId(head.queue, head.slot + 1));
      const promoted: ParkedEntry | undefined = next?.state === 'queued' ? { ...next, state: 'parked' } : undefined;
      const outcome = await this.commit(`resolved ${head.id}`, [
        ...resolvedRows,
        promoted ? this.putRow(promoted) : { ...this.endRow(head, head.slot + 1), op: 'insert' },
        this.actionRow(head, done),
      ]);
      if (outcome === 'taken') continue;
      // Another process was first. The row may still hold the result of a late `failedAgain`.
      if (outcome === 'duplicate') await this.store.commit({ meta: { by: this.by }, rows: [this.endRow(head, head.slot)] });
      return outcome === 'committed' ? promoted : undefined;
    }
  }

  /** Dismisses the first record of a queue because `record` was handled in its place; resolves to the next record. */
  async replaced(head: ParkedEntry, { topic, partition, offset }: IncomingRecord): Promise<ParkedEntry | undefined> {
    const reason = `replaced by ${topic}/${partition}/${offset}`;
    return this.resolve(head, this.by, { reason, by: this.by, at: await this.store.now() });
  }

  /**
   * Dismisses the first record of a queue for an operator; resolves to the next record. Throws `NotFound`, and `Refusal` `waits-behind`.
   */
  async dismiss(id: string, reason: string, by: string): Promise<ParkedEntry | undefined> {
    const head = await this.headFor(id);
    if (head.id !== id)
      throw new Refusal(
        'waits-behind',
        `cannot dismiss ${id}: it waits behind ${head.id}; dismiss or redrive the first record of the queue`,
      );
    return this.resolve(head, by, { reason, by, at: await this.store.now() });
  }

  /** Returns the last slot of the queue, searching from the last known slot. Slots have no gaps. */
  private async lastSlot(queue: string): Promise<Slot | undefined> {
    const tail = this.lastSlots.get(queue);
    let last =
      tail === undefined ? (await this.store.rows<Slot>(table, { queue }, 1, { descending: true }))[0] : await this.slotAt(queue, tail);
    for (let slot = (last?.slot ?? 0) + 1; ; slot += 1) {
      const next = await this.slotAt(queue, slot);
      if (!next) break;
      last = next;
    }
    if (last) this.lastSlots.set(queue, last.slot);
    return last;
  }

  private slotAt = async (queue: string, slot: number): Promise<Slot | undefined> =>
    (await this.store.row<Slot>(table, slotId(queue, slot))) ?? undefined;

  private actionRow(
    { id, type, key, reason: error }: ParkedEntry,
    done: Pick<OperatorAction, 'action' | 'by' | 'at' | 'reason'>,
  ): RowWrite {
    return operatorActionRow({ what: 'message', of: id, ...(type !== undefined && { type }), key, error, ...done });
  }

  private putRow = (row: ParkedEntry): RowWrite => ({ op: 'put', table, key: row.id, row });

  private endRow({ queue }: ParkedEntry, slot: number): RowWrite & { readonly op: 'put' } {
    const row: Slot = { id: slotId(queue, slot), group: this.group, queue, slot, state: 'ended' };
    return { op: 'put', table, key: row.id, row };
  }

  /** Publishes a rejection of `record`, which is not parked, idempotently. */
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
    throw new Error(`cannot store a parked record: unexpected outcome ${status}`);
  }

  private get by(): string {
    return `parking/${this.group}`;
  }
}

type Performed = Pick<OperatorAction, 'action' | 'by' | 'at' | 'reason'>;
const storedFailure = (failure: Failure): Pick<ParkedEntry, 'reason' | 'errors'> => {
  const { reason, errors } = boundedFailure(failure);
  return { reason, errors };
};
