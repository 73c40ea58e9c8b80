import { partitionOf } from '@orderloom/messaging';
import type { OutgoingMessage } from '../messaging/message-client.js';

const partitions = 3;

/** One key for each partition; no service knows an entity with such a key. */
const keys = Array.from({ length: partitions }, (_, partition) => {
  let n = 0;
  while (partitionOf(`any-${n}`, partitions) !== partition) n += 1;
  return `any-${n}`;
});

const task = { taskId: 'nobody-asked.1', subject: 'any-0', question: 'never-heard-of', about: {} };
const parcel = { orderNumber: 'any-0', at: '2010-12-01T17:00:00Z', carrier: 'Royal Mail', method: 'Tracked 48', trackingNumber: 'RM0' };
const nested = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;

/** Records that may stand on any topic, on every partition of `topic`; about half of them name a type that is read. */
export function anyRecords(topic: string): OutgoingMessage[] {
  const type = topic.endsWith('.events') ? 'ParcelShipped' : 'TaskAsked';
  const data = type === 'TaskAsked' ? task : parcel;
  const values = ['{', '', 'null', '[]', '"text"', '7', '{}', nested, Buffer.from([0xff, 0xfe, 0x00]), null];
  const fields = Object.keys(data).flatMap((field) => [null, 7, [], { a: 1 }, ''].map((odd) => ({ ...data, [field]: odd })));
  const batch = { 'content-type': 'application/cloudevents-batch+json' };
  const messages: Omit<OutgoingMessage, 'topic' | 'key'>[] = [
    ...values.map((value) => ({ type, value })),
    ...fields.map((odd) => ({ type, data: odd })),
    { type: 'NeverHeardOf', data },
    { type: 'NeverHeardOf', value: null },
    { type, value: JSON.stringify([data]), headers: batch },
    { type, data, headers: { ce_type: Buffer.from([0xff]) } },
    { type, data, without: ['ce_time'] },
    { type, data, without: ['ce_id', 'ce_source', 'ce_time', 'ce_specversion', 'content-type'] },
    { type, data, without: ['ce_type'] },
  ];
  return keys.flatMap((key) => messages.map((one) => ({ topic, key, source: '/stranger', ...one })));
}
