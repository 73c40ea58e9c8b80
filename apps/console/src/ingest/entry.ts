import { contractOf, type MessageContract, readerOf, actorOn } from '@orderloom/contracts';
import { InvalidInput, type Instant, instant } from '@orderloom/kernel';
import { claimedData, type CloudEvent, decode, type IncomingRecord, typeOf, recordKey } from '@orderloom/messaging';
import { parseWith } from '@orderloom/platform';

/** One stored message: a line of a timeline. */
export interface Entry {
  readonly source: string;
  readonly id: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly subject: string;
  readonly orderNumber: string;
  readonly type: string;
  readonly typeVersion: number;
  readonly rule: string | null;
  readonly by: string | null;
  readonly occurredAt: Instant;
  readonly recordedAt: Instant;
  readonly causation: string | null;
  /** Source of the causing message; null if the cause is not a message, or the sender names none. */
  readonly causationSource: string | null;
  readonly correlation: string | null;
  readonly flow: string | null;
  readonly data: unknown;
  /** Reason why it is unreadable; null for a readable message. */
  readonly unreadable: string | null;
}

/** Converts a record to an entry with the data parsed by its contract; null if it is unreadable. Never throws for the content of a record. */
export function readRecord(record: IncomingRecord): { entry: Entry; data: unknown } {
  let entry: Entry | undefined;
  try {
    const event = decode(record);
    entry = entryOf(record, event);
    const contract = contractOf(record.topic, event.type);
    const data = read(contract, event);
    // only now a storefront's message has the order's reference
    const orderNumber = textIn(data, 'orderNumber') ?? entry.orderNumber;
    return { entry: { ...entry, orderNumber, rule: entry.rule ?? contract.rule }, data };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { entry: entry ? { ...entry, unreadable: storable(reason, 1000) } : unreadableEntry(record, reason), data: null };
  }
}

/** Entry of an unreadable record: its id is partition and offset, its payload stays on the topic. */
export function unreadableEntry(record: IncomingRecord, reason: string): Entry {
  const subject = storable(record.key || (textIn(claimedData(record), 'orderNumber') ?? ''));
  const at = instant(new Date(record.timestamp ?? 0));
  return {
    ...placeOf(record),
    source: 'unreadable',
    id: recordKey(record),
    subject,
    orderNumber: subject,
    type: storable(typeOf(record) ?? 'unknown'),
    typeVersion: 1,
    rule: null,
    by: null,
    occurredAt: at,
    recordedAt: at,
    causation: null,
    causationSource: null,
    correlation: null,
    flow: null,
    data: null,
    unreadable: storable(reason, 1000),
  };
}

function entryOf(record: IncomingRecord, event: CloudEvent): Entry {
  const claimed = event.by ?? textIn(event.data, 'by');
  return {
    // no leading spread: it makes the object literal 16 us slower
    topic: record.topic,
    partition: record.partition,
    offset: record.offset,
    source: event.source,
    id: event.id,
    subject: event.subject,
    // a scan's key is its tracking number; the order is the reference on the label
    orderNumber: textIn(event.data, 'orderNumber') ?? event.subject,
    type: event.type,
    typeVersion: event.typeVersion,
    rule: event.rule ?? textIn(event.data, 'rule') ?? null,
    by: claimed === undefined ? null : actorOn(record.topic, claimed),
    occurredAt: event.time,
    recordedAt: event.recordedAt ?? event.time,
    causation: event.causation ?? null,
    causationSource: event.causationSource ?? null,
    correlation: event.correlation ?? null,
    flow: event.flow ?? textIn(event.data, 'flowId') ?? null,
    data: event.data,
    unreadable: null,
  };
}

function read(contract: MessageContract, event: CloudEvent): unknown {
  if (event.typeVersion > contract.version) {
    throw new InvalidInput([
      { field: 'ce_typeversion', message: `is ${event.typeVersion}, but the newest known version is ${contract.version}` },
    ]);
  }
  return readerOf(contract, (schema) => parseWith(schema))(event.data, event.typeVersion);
}

const placeOf = ({ topic, partition, offset }: IncomingRecord) => ({ topic, partition, offset });

function textIn(data: unknown, field: string): string | undefined {
  const value = typeof data === 'object' && data !== null ? (data as Record<string, unknown>)[field] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Text that Postgres accepts: without NUL and unpaired surrogates, and of limited length. */
const storable = (text: string, length = 200): string => text.slice(0, length).replace(/[\0\p{Surrogate}]/gu, '\uFFFD');
