import { NotFound, Refusal, storableForm } from '@orderloom/kernel';
import { type IncomingRecord, typeOf, recordKey } from '@orderloom/messaging';
import type { Append, EventStore, RowWrite, UnitOfWork } from '../store/store.js';
import { type Failure, kept, type ParkedRecord, queueOf, type RecordSealing, type Slot, slotId } from './parked-record.js';
import { operatorActionRow, type OperatorAction } from './operator-actions.js';

const table = 'parked';
const maxRows = 1_000_000;

/**
 * Dead-letter queues of a consumer group, one per topic and key. A queue consists of numbered slots, and each slot is inserted once. Adding
 * a record and ending the queue compete for the same slot, so processes need no other coordination.
 */
export class ParkedQueues {
  private openQueues = new Set<string>();
  private readonly lastSlots = new Map<string, number>();

  constructor(
    private readonly store: EventStore,
    private readonly group: string,
    private readonly sealing?: RecordSealing,
  ) {}

  /** Loads the open queues. Another process may have parked records of the assigned partitions. */
  async refresh(): Promise<void> {
    this.openQueues = new Set((await this.heads()).map((head) => head.queue));
  }

  mayBeOpen = (record: IncomingRecord): boolean => this.openQueues.size > 0 && this.openQueues.has(queueOf(this.group, record));

  /** The first record of each queue, which failed. */
  async heads(): Promise<readonly ParkedRecord[]> {
    return this.store.rows<ParkedRecord>(table, { group: this.group, state: 'parked' }, maxRows);
  }

  /** All parked and queued records, in queue order. */
  async waiting(): Promise<readonly ParkedRecord[]> {
    const queued = await this.store.rows<ParkedRecord>(table, { group: this.group, state: 'queued' }, maxRows);
    return [...(await this.heads()), ...queued].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** The first record of the queue to which `record` belongs. */
  async headOf(record: IncomingRecord): Promise<ParkedRecord | undefined> {
    const [head] = await this.store.rows<ParkedRecord>(table, { queue: queueOf(this.group, record), state: 'parked' }, 1);
    return head;
  }

  /** The first record of the queue that contains record `id`. Throws `NotFound`. */
  async headFor(id: string): Promise<ParkedRecord> {
    const waiting = await this.store.row<ParkedRecord>(table, storableForm(id));
    const [head] = waiting ? await this.store.rows<ParkedRecord>(table, { queue: waiting.queue, state: 'parked' }, 1) : [];
    if (head?.group !== this.group) throw new NotFound(`a parked record ${id}`);
    return head;
  }

  /**
   * Appends `record` to its queue, idempotently. Without a `failure` it is appended only behind other records; false means that the queue
   * has ended and the record can be handled. `rejection` builds the event that informs the sender, given the id of the parked record.
   */
  async keep(record: IncomingRecord, failure?: Failure, rejection?: (id: string) => Append | undefined): Promise<boolean> {
    const queue = queueOf(this.group, record);
    const parkedAt = await this.store.now();
    let sealed: IncomingRecord | undefined;
    for (;;) {
      const last = await this.lastSlot(queue);
      const isOpen = last !== undefined && last.state !== 'ended';
      if (!isOpen) this.openQueues.delete(queue);
      if (!isOpen && !failure) return false;
      sealed ??= this.sealing ? await this.sealing.sealRecord(record) : record;
      const slot = (last?.slot ?? 0) + 1;
      const { topic, partition, offset } = record;
      const row: ParkedRecord = {
        ...{ id: slotId(queue, slot), group: this.group, queue, slot, topic, partition, offset, parkedAt },
        state: isOpen ? 'queued' : 'parked',
        ...storableFailure(failure ?? { reason: 'waits behind a parked record of its key', errors: [] }),
        ...kept(sealed, typeOf(record)),
      };
      const rejectionAppend = rejection?.(row.id);
      const outcome = await this.commit(
        recordKey({ topic, partition, offset }),
        [{ op: 'insert', table, key: row.id, row }],
        rejectionAppend === undefined ? [] : [rejectionAppend],
      );
      if (outcome === 'taken') continue;
      this.openQueues.add(queue);
      return true;
    }
  }

  /** Updates the reason after another failure, and records the operator action if an operator (`by`) triggered the attempt. */
  async failedAgain(head: ParkedRecord, failure: Failure, by?: string): Promise<void> {
    const updated = { ...head, ...storableFailure(failure) };
    const action = by === undefined ? [] : [this.actionRow(updated, { did: 'tried', by, at: await this.store.now() })];
    await this.store.commit({ meta: { by: this.by }, rows: [this.putRow(updated), ...action] });
  }

  /** Resolves or dismisses the first record of a queue; resolves to the next record, which becomes the first. */
  async resolve(head: ParkedRecord, by = this.by, dismissed?: ParkedRecord['dismissed']): Promise<ParkedRecord | undefined> {
    const action = dismissed
      ? ({ did: 'dismissed', ...dismissed } as const)
      : ({ did: 'redriven', by, at: await this.store.now() } as const);
    const resolvedRow: RowWrite = dismissed
      ? { op: 'put', table, key: head.id, row: { ...head, state: 'dismissed', dismissed } }
      : this.endRow(head, head.slot);
    for (;;) {
      const next = await this.store.row<Slot>(table, slotId(head.queue, head.slot + 1));
      const promoted: ParkedRecord | undefined = next?.state === 'queued' ? { ...next, state: 'parked' } : undefined;
      const outcome = await this.commit(`resolved ${head.id}`, [
        resolvedRow,
        promoted ? this.putRow(promoted) : { ...this.endRow(head, head.slot + 1), op: 'insert' },
        this.actionRow(head, action),
      ]);
      if (outcome === 'taken') continue;
      // Another process was first. The row may still hold the result of a late `failedAgain`.
      if (outcome === 'duplicate') await this.store.commit({ meta: { by: this.by }, rows: [this.endRow(head, head.slot)] });
      return outcome === 'committed' ? promoted : undefined;
    }
  }

  /** Dismisses the first record of a queue because `record` was handled in its place; resolves to the next record. */
  async replaced(head: ParkedRecord, { topic, partition, offset }: IncomingRecord): Promise<ParkedRecord | undefined> {
    const reason = `replaced by ${topic}/${partition}/${offset}`;
    return this.resolve(head, this.by, { reason, by: this.by, at: await this.store.now() });
  }

  /**
   * Dismisses the first record of a queue for an operator; resolves to the next record. Throws `NotFound`, and `Refusal` `waits-behind`.
   */
  async dismiss(id: string, reason: string, by: string): Promise<ParkedRecord | undefined> {
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
    let last = tail === undefined ? (await this.store.rows<Slot>(table, { queue }, maxRows)).at(-1) : await this.slotAt(queue, tail);
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
    { id, type, key, reason: error }: ParkedRecord,
    action: Pick<OperatorAction, 'did' | 'by' | 'at' | 'reason'>,
  ): RowWrite {
    return operatorActionRow({ what: 'message', of: id, ...(type !== undefined && { type }), key, error, ...action });
  }

  private putRow = (row: ParkedRecord): RowWrite => ({ op: 'put', table, key: row.id, row });

  private endRow({ queue }: ParkedRecord, slot: number): RowWrite & { readonly op: 'put' } {
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

const storableFailure = ({ reason, errors }: Failure): Failure => ({
  reason: storableForm(reason),
  errors: errors.map((e) => ({ field: storableForm(e.field), message: storableForm(e.message) })),
});
