import { z } from 'zod';
import { messagesOn } from '../messages/message.js';
import { rejectionsOf, senders } from '../messages/topics.js';

const refusedField = z.object({
  field: z.string().describe('of the record: a header (`ce_type`), `key`, `value`, or a field of its data (`lines.0.sku`)'),
  message: z.string().describe('the rule that it breaks'),
});

/** What is refused of a record, and why. */
export const recordRejected = z.object({
  topic: z.string(),
  partition: z.int().nullable(),
  offset: z.string().nullable().describe('null where the record was read, and a rule refused what it asks for'),
  key: z.string().nullable(),
  source: z.string().nullable().describe('ce_source of the record, where it has one'),
  id: z.string().nullable().describe('ce_id of the record, where it has one'),
  type: z.string().nullable().describe('ce_type of the record, where it has one'),
  reason: z.string(),
  errors: z.array(refusedField),
  todo: z.string().describe('what to do next'),
  parkedId: z.string().nullable().describe('its id at GET /parked; null where it is not kept'),
  by: z.string().describe('the service that refuses it'),
});
export type RecordRejected = z.infer<typeof recordRejected>;

const example = {
  topic: 'orderloom.warehouse.reports',
  partition: 0,
  offset: '17',
  key: '536365',
  source: '/warehouse',
  id: 'w-17',
  type: 'ParcelShipped',
  reason: 'carrier: is required',
  errors: [{ field: 'carrier', message: 'is required' }],
  todo: 'Send a corrected record with the same key.',
  parkedId: '3f0c9d1e-7f6a-8b1c-9d2e-3f4a5b6c7d8e.000000001',
  by: 'logistics',
};

/** What each sender is told of its own records. */
export const rejectionMessages = senders.map((sender) =>
  messagesOn(rejectionsOf(sender)).message('RecordRejected', {
    rule: 'CS-04',
    description: 'A record was rejected: the field, the rule it breaks, and the remedy. Key: the key of the record.',
    data: recordRejected,
    example,
  }),
);
