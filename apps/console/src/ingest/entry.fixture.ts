import { contractOf } from '@orderloom/contracts';
import { encode, type CloudEvent, type IncomingRecord } from '@orderloom/messaging';
import type { Entry } from './entry.js';

/** A line for specs; what they do not say is the same in all of them. */
export const aLine = (said: Partial<Entry>): Entry => ({
  source: 'urn:orderloom:test',
  id: '1',
  topic: 'orderloom.order.events',
  partition: 0,
  offset: '0',
  subject: '536365',
  orderNumber: '536365',
  type: 'OrderApproved',
  typeVersion: 1,
  rule: 'ORD-03',
  by: 'reviewer:wang',
  occurredAt: '2010-12-01T08:26:00.000000Z',
  recordedAt: '2010-12-01T08:26:00.000000Z',
  causation: null,
  causationSource: null,
  correlation: null,
  flow: null,
  data: {},
  unreadable: null,
  ...said,
});

let offset = 0;

/** A record of a message: the contract's example with `change`, in an envelope with `envelope`. */
export function aRecord(
  topic: string,
  type: string,
  change: object = {},
  envelope: Partial<CloudEvent> & { key?: string } = {},
): IncomingRecord {
  const data = { ...(contractOf(`orderloom.${topic}`, type).example as object), ...change };
  const place = String((offset += 1));
  const { key, ...attributes } = envelope;
  const event = {
    id: `e${place}`,
    source: 'urn:orderloom:test',
    type,
    typeVersion: 1,
    subject: '536365',
    time: '2010-12-01T08:26:00.000000Z',
    data,
  };
  return {
    topic: `orderloom.${topic}`,
    partition: 0,
    offset: place,
    key: key ?? '536365',
    timestamp: 1291191960000,
    ...encode({ ...event, ...attributes }),
  };
}
