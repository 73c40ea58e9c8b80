import { Refusal } from '@orderloom/kernel';
import { attributeOf, claimedData, type IncomingRecord, typeOf } from '@orderloom/messaging';
import { type ParkedRecord, type RecordSealing, toIncomingRecord } from '../parking/parked-record.js';
import type { Subscription } from '../consumer/subscription.js';

/**
 * Whether `record` corrects `parked`, the first of its queue: it has the same source and id, names that id in `ce_replaces`, or has the same
 * `identity` by its subscription. A record that is parked for its unknown version has no wrong field, so only `ce_replaces` corrects it.
 */
export async function corrects(
  record: IncomingRecord,
  parked: ParkedRecord,
  subscriptions: readonly Subscription[],
  sealing?: RecordSealing,
): Promise<boolean> {
  const wrong = await readable(toIncomingRecord(parked), sealing);
  if (!wrong) return false;
  const id = attributeOf(wrong, 'id');
  const sameSource = attributeOf(wrong, 'source') === attributeOf(record, 'source');
  if (id !== undefined && sameSource && [attributeOf(record, 'id'), attributeOf(record, 'replaces')].includes(id)) return true;
  if (parked.errors.some(({ field }) => field === 'ce_typeversion')) return false;
  const type = typeOf(record);
  const identity = subscriptions.find((s) => s.topic === record.topic && s.type === type)?.identity;
  if (!identity || typeOf(wrong) !== type) return false;
  const about = identity(claimedData(record));
  return about !== undefined && identity(claimedData(wrong)) === about;
}

/** The record with unsealed content; undefined if its key was destroyed. */
async function readable(record: IncomingRecord, sealing: RecordSealing | undefined): Promise<IncomingRecord | undefined> {
  try {
    return sealing ? await sealing.unsealRecord(record) : record;
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
