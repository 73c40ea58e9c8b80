import { z } from 'zod';
import { messagesOn } from '../messages/message.js';
import { rejectionsTopicOf, senders } from '../messages/topics.js';

const refusedField = z.object({
  field: z.string().describe('of the record: a header (`ce_type`), `key`, `value`, or a field of its data (`lines.0.sku`)'),
  message: z.string().describe('the rule that it breaks'),
});

/** The rejected part of a record, with the reason. */
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

const suppressedRecord = z.object({
  partition: z.int().nullable(),
  offset: z.string().nullable(),
  key: z.string().nullable(),
  id: z.string().nullable().describe('ce_id of the record, where it has one'),
  type: z.string().nullable().describe('ce_type of the record, where it has one'),
});

/** Number of rejected records beyond those of which the sender was told one by one. */
export const rejectionsSuppressed = z.object({
  topic: z.string().describe('the topic of the refused records'),
  source: z.string().nullable().describe('ce_source of the records; null where they have none, or many'),
  since: z.string().describe('instant'),
  until: z.string().describe('instant'),
  count: z.int().positive().describe('records that were refused without a `RecordRejected` of their own'),
  first: suppressedRecord,
  last: suppressedRecord,
  todo: z.string().describe('what to do next'),
  by: z.string().describe('the service that refuses them'),
});
export type RejectionsSuppressed = z.infer<typeof rejectionsSuppressed>;

const suppressedExample = {
  topic: 'orderloom.warehouse.reports',
  source: '/warehouse',
  since: '2010-12-01T17:00:00.000000Z',
  until: '2010-12-01T17:10:00.000000Z',
  count: 1204,
  first: { partition: 0, offset: '117', key: '536365', id: 'w-117', type: 'ParcelShipped' },
  last: { partition: 2, offset: '1320', key: '536592', id: 'w-1320', type: 'ParcelShipped' },
  todo: 'Correct what the last RecordRejected before these says.',
  by: 'logistics',
};

/** Messages to each sender about its own records. */
export const rejectionMessages = senders.flatMap((sender) => {
  const rejections = messagesOn(rejectionsTopicOf(sender));
  return [
    rejections.message('RecordRejected', {
      rule: 'CS-04',
      description: 'A record was rejected: the field, the rule it breaks, and the remedy. Key: the key of the record.',
      data: recordRejected,
      example,
    }),
    rejections.message('RejectionsSuppressed', {
      rule: 'CS-04',
      description:
        'More than 100 records of one source were refused within 10 minutes: how many after the hundredth, the first and the last. Key: the topic of the records.',
      data: rejectionsSuppressed,
      example: suppressedExample,
    }),
  ];
});
