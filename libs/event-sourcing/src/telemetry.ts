import { channel } from 'node:diagnostics_channel';
import { SpanKind } from '@opentelemetry/api';
import { InvalidInput, NotFound, Refusal } from '@orderloom/kernel';
import { type CloudEvent, type IncomingRecord, type OpenSpan, type OutgoingRecord, traced } from '@orderloom/messaging';
import type { Meta } from './decider/event.js';
import type { Outcome } from './store/store.js';

/** A completed, refused or failed command, as published on `commandsDone`. */
export interface CommandDone {
  readonly decider: string;
  /** Type of the command, or the decider's name if it has none. */
  readonly command: string;
  readonly outcome: Outcome['status'] | 'refused' | 'failed';
  readonly seconds: number;
}

/** Diagnostics channel of this process with each `CommandDone`. */
export const commandsDone = channel('orderloom:command');

/** Runs a command in a span. Its events carry the trace of that span. */
export async function executing<R extends { readonly outcome: Outcome }>(
  decider: string,
  stream: string,
  { type = decider }: { readonly type?: string },
  meta: Meta,
  work: (meta: Meta) => Promise<R>,
): Promise<R> {
  const began = performance.now();
  const report = (outcome: CommandDone['outcome'], span: OpenSpan): void => {
    span.setAttributes(() => ({ 'orderloom.outcome': outcome }));
    const done: CommandDone = { decider, command: type, outcome, seconds: (performance.now() - began) / 1000 };
    if (commandsDone.hasSubscribers) commandsDone.publish(done);
  };
  const attributes = () => ({ 'orderloom.command': type, 'orderloom.stream': stream });
  return traced({ name: type === decider ? decider : `${decider} ${type}`, parent: meta.trace, attributes }, async (span) => {
    try {
      const result = await work({ ...meta, trace: span.trace });
      report(result.outcome.status, span);
      return result;
    } catch (error) {
      report(isRefusal(error) ? 'refused' : 'failed', span);
      throw error;
    }
  });
}

const isRefusal = (error: unknown): boolean => error instanceof Refusal || error instanceof InvalidInput || error instanceof NotFound;

/** Handles one record in a span that continues the sender's trace. `event` is undefined for an unreadable record. */
export const processing = <T>(
  { system, group }: { readonly system: string; readonly group: string },
  { topic, partition, offset, key }: IncomingRecord,
  event: CloudEvent | undefined,
  work: (span: OpenSpan) => Promise<T>,
): Promise<T> => {
  const attributes = () => ({
    ...messaging(system, 'process', topic),
    'messaging.consumer.group.name': group,
    'messaging.destination.partition.id': String(partition),
    'messaging.kafka.offset': Number(offset),
    ...(event && { 'messaging.message.id': event.id, 'cloudevents.event_type': event.type }),
    ...(event && key !== null && { 'messaging.kafka.message.key': key }),
  });
  return traced({ name: `process ${topic}`, kind: SpanKind.CONSUMER, parent: event?.traceparent, attributes }, work);
};

/** Sends records in one span: a child of their common trace, or linked to each of their traces. */
export function sending(system: string, records: readonly OutgoingRecord[], send: () => Promise<void>): Promise<void> {
  const [first] = records;
  if (!first) return send();
  const parent = records.every((record) => traceOf(record) === traceOf(first)) ? traceOf(first) : undefined;
  const topic = records.every((record) => record.topic === first.topic) ? first.topic : undefined;
  return traced(
    {
      name: topic === undefined ? 'send' : `send ${topic}`,
      kind: SpanKind.PRODUCER,
      parent,
      links: () => (parent === undefined ? records.map(traceOf) : []),
      attributes: () => ({ ...messaging(system, 'send', topic), 'messaging.batch.message_count': records.length }),
    },
    send,
  );
}

const traceOf = ({ headers }: OutgoingRecord): string | undefined => headers['ce_traceparent'];

/** Attributes by OpenTelemetry's conventions for messaging. */
const messaging = (system: string, operation: 'process' | 'send', topic: string | undefined) => ({
  'messaging.system': system,
  'messaging.operation.name': operation,
  'messaging.operation.type': operation,
  ...(topic !== undefined && { 'messaging.destination.name': topic }),
});
