import { crc32 } from 'node:zlib';
import { Refusal } from '@orderloom/kernel';
import { attributeOf, claimedData, type IncomingRecord, typeOf } from '@orderloom/messaging';
import type { Subscription } from '../consumer/subscription.js';
import type { EventStore, RowWrite } from '../store/store.js';
import { parkedTable, repeatsTable, withContent } from './parked-list.js';
import { type ParkedEntry, type RecordSealing, type Repeats, toIncomingRecord, type Slot, slotId } from './parked-record.js';

/** The last records of a queue with which another one is compared. */
const mostCompared = 20;

/** Sixteen bits of a checksum of what `record` says. */
export const checksumOf = (record: IncomingRecord): number => crc32(contentOf(record)) & 0xffff;

/** Finds the parked record that another one repeats, so that a sender who repeats it without end fills no table. */
export class RepeatedRecords {
  constructor(
    private readonly store: EventStore,
    private readonly sealing: RecordSealing | undefined,
    private readonly subscriptions: readonly Subscription[],
  ) {}

  /** The entry among the last of `queue`, which ends with slot `lastSlot`, that `record` repeats. */
  async find(queue: string, lastSlot: number, record: IncomingRecord): Promise<ParkedEntry | undefined> {
    const checksum = checksumOf(record);
    const slots = Array.from({ length: Math.min(mostCompared, lastSlot) }, (_, n) => slotId(queue, lastSlot - n));
    const entries = await Promise.all(slots.map((id) => this.store.row<Slot>(parkedTable, id)));
    for (const entry of entries)
      if (entry && (entry.state === 'parked' || entry.state === 'queued') && entry.checksum === checksum)
        if (await this.isRepeatOf(entry, record)) return entry;
    return undefined;
  }

  /** Counts `record` as a repeat of `entry`. */
  async countedBy(entry: ParkedEntry, { partition, offset }: IncomingRecord, at: string): Promise<RowWrite> {
    const before = await this.store.row<Repeats>(repeatsTable, entry.id);
    const row: Repeats = { count: (before?.count ?? 0) + 1, last: { partition, offset, at } };
    return { op: 'put', table: repeatsTable, key: entry.id, row };
  }

  /**
   * The same message again: same source, id and content. Or the same content about the same thing, of a record with wrong fields, under
   * another id.
   */
  private async isRepeatOf(entry: ParkedEntry, record: IncomingRecord): Promise<boolean> {
    const parked = await withContent(this.store, entry);
    const earlier = parked && (await this.readable(toIncomingRecord(parked)));
    if (!earlier || contentOf(earlier) !== contentOf(record)) return false;
    const same = (name: string): boolean => attributeOf(earlier, name) === attributeOf(record, name);
    if (!['source', 'typeversion', 'replaces'].every(same)) return false;
    return (same('id') && attributeOf(record, 'id') !== undefined) || (entry.errors.length > 0 && this.isIdentified(record));
  }

  private isIdentified(record: IncomingRecord): boolean {
    const type = typeOf(record);
    const identity = this.subscriptions.find((s) => s.topic === record.topic && s.type === type)?.identity;
    return identity?.(claimedData(record)) !== undefined;
  }

  private async readable(record: IncomingRecord): Promise<IncomingRecord | undefined> {
    try {
      return this.sealing ? await this.sealing.unsealRecord(record) : record;
    } catch (error) {
      if (error instanceof Refusal) return undefined;
      throw error;
    }
  }
}

function contentOf(record: IncomingRecord): string {
  const content = textOf(claimedData(record)) ?? record.value?.toString('base64');
  return JSON.stringify([typeOf(record) ?? null, content ?? null]);
}

/** Undefined for data that are nested too deeply: JSON.parse reads them, and JSON.stringify overflows the stack. */
function textOf(data: unknown): string | undefined {
  try {
    return JSON.stringify(data);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
