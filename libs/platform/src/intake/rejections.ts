import { contractOf, messages, type RecordRejected, senderOn, type ServiceName, taskId, tellerOf } from '@orderloom/contracts';
import type { Append, Failure, Rejections } from '@orderloom/event-sourcing';
import { InvalidInput, type Refusal, storableForm } from '@orderloom/kernel';
import { attributeOf, claimedData, type CloudEvent, type IncomingRecord, typeOf } from '@orderloom/messaging';
import { rejected } from './rejection.js';

/** What `service` tells the senders of records that it refuses. */
export const rejectionsBy = (service: ServiceName): Rejections => ({
  ofParked: (record, failure, parkedId) => {
    if (senderOn(record.topic) === undefined || (!isAddressed(record) && tellerOf(record.topic) !== service)) return undefined;
    return rejected({
      ...described(record, service),
      reason: failure.reason,
      errors: [...failure.errors],
      todo: correctIt(failure),
      parkedId,
    });
  },
  ofUnknownType: (record) => {
    const type = typeOf(record) ?? '';
    if (tellerOf(record.topic) !== service || isKnown(record.topic, type)) return undefined;
    const reason = `no service reads records of type ${storable(type)} on ${record.topic}`;
    const errors = [{ field: 'ce_type', message: `must be one of ${typesOn(record.topic).join(', ')}` }];
    return rejected({ ...described(record, service), reason, errors, todo: sendKnownType, parkedId: null });
  },
});

/** Tells the sender that a request was read, and refused by a rule; undefined on our own topics. */
export function rejectionOfRequest(
  topic: string,
  { id, source, subject: key, type }: CloudEvent,
  refusal: Refusal | InvalidInput,
  by: ServiceName,
): Append | undefined {
  if (senderOn(topic) === undefined) return undefined;
  const errors = refusal instanceof InvalidInput ? refusal.errors : [];
  const reason = refusal instanceof InvalidInput ? refusal.message : `${refusal.code}: ${refusal.message}`;
  const where = { topic, partition: null, offset: null, key, source, id, type };
  return rejected({ ...where, reason, errors: [...errors], todo: askAgain, parkedId: null, by });
}

/** Tells the sender of an answer that it does not count, and why. */
export function rejectionOfAnswer(
  topic: string,
  { id, source, subject, key = subject, type }: CloudEvent,
  { reason, errors }: Pick<Failure, 'reason' | 'errors'>,
  by: ServiceName,
): Append | undefined {
  if (senderOn(topic) === undefined) return undefined;
  const where = { topic, partition: null, offset: null, key, source, id, type };
  return rejected({ ...where, reason, errors: [...errors], todo: answerAgain, parkedId: null, by });
}

const answerAgain =
  'It was recorded and changed nothing; nothing waits for it. While the task is open, answer it again with another ce_id.';
const askAgain = 'Nothing waits for it. Where the reason has passed, send the request again with another ce_id.';
const sendKnownType = 'The record is skipped. Send it again with a type of the contract.';
const correctIt = ({ errors }: Failure): string =>
  errors.length > 0
    ? 'Later records of the same key wait. Send a corrected record with the same key, and with the same ce_id or the refused one in ce_replaces.'
    : 'Later records of the same key wait until an operator redrives or dismisses this one: GET /parked shows it.';

const described = (record: IncomingRecord, by: ServiceName): Omit<RecordRejected, 'reason' | 'errors' | 'todo' | 'parkedId'> => {
  const { topic, partition, offset, key } = record;
  const claimed = (name: string): string | null => {
    const value = name === 'type' ? typeOf(record) : attributeOf(record, name);
    return value === undefined ? null : storable(value);
  };
  return {
    ...{ topic, partition, offset, key: key === null ? null : storable(key) },
    ...{ source: claimed('source'), id: claimed('id'), type: claimed('type'), by },
  };
};

const storable = (text: string): string => storableForm(text.slice(0, 200));

/** Whether it says enough to be parked by one service alone: a type that is read, and of an answer its task. */
function isAddressed(record: IncomingRecord): boolean {
  const type = typeOf(record);
  if (type === undefined || !isKnown(record.topic, type)) return false;
  if (contractOf(record.topic, type).identity !== 'taskId') return true;
  return taskId.safeParse((claimedData(record) as { taskId?: unknown } | null | undefined)?.taskId).success;
}

const isKnown = (topic: string, type: string): boolean => typesOn(topic).includes(type);
const typesOn = (topic: string): string[] => messages.filter((message) => message.topic === topic).map(({ type }) => type);
