import { InvalidInput, realTimers, Refusal, type Timers } from '@orderloom/kernel';
import { type CloudEvent, decode, type IncomingRecord, type Log, type OpenSpan, typeOf, recordKey } from '@orderloom/messaging';
import { type EventStore, StoreUnavailable } from '../store/store.js';
import type { Subscription } from './subscription.js';
import { processing } from '../telemetry.js';
import { boundedFailure, type Failure } from '../parking/parked-record.js';
import { Retries } from './retries.js';

export interface RecordProcessorOptions {
  readonly log: Pick<Log, 'system'>;
  /** The store that knows which messages were processed. */
  readonly store?: Pick<EventStore, 'handled'>;
  readonly group: string;
  readonly subscriptions: readonly Subscription[];
  /** Number of attempts after unexpected errors before the record is parked; 5 by default. */
  readonly maxAttempts?: number;
  /** Records the failures that are being retried, for operators. */
  readonly retries?: Retries;
  readonly timers?: Timers;
}

/** Decodes one record, runs the subscriptions of its type and retries unexpected errors. */
export class RecordProcessor {
  private readonly retries: Retries;

  constructor(private readonly options: RecordProcessorOptions) {
    this.retries = options.retries ?? new Retries({ timers: options.timers });
  }

  /** Returns whether a subscription may handle the record; true as well if its type is unreadable. */
  concerns(record: IncomingRecord): boolean {
    return typeOf(record) === undefined || this.subscriptionsOf(record).length > 0;
  }

  /**
   * Handles `record`. Resolves to the reason if that fails, otherwise to undefined. Throws `StoreUnavailable`, which is not the record's
   * fault.
   */
  async handle(record: IncomingRecord, tries = this.options.maxAttempts ?? 5): Promise<Failure | undefined> {
    const { group, log } = this.options;
    const message = decoded(record);
    return processing({ system: log.system, group }, record, 'event' in message ? message.event : undefined, async (span) => {
      if ('event' in message) return this.runHandlers(record, message.event, tries, span);
      span.recordError(message.error);
      return failureOf(message.error);
    });
  }

  private async runHandlers(record: IncomingRecord, event: CloudEvent, tries: number, span: OpenSpan): Promise<Failure | undefined> {
    const message = { ...event, key: record.key, traceparent: span.trace };
    const handlers: (() => Promise<Failure | undefined>)[] = [];
    for (const subscription of this.subscriptionsOf(record)) {
      const wasHandled = () => this.wasHandled(subscription, message);
      try {
        const handler = handlerFor(subscription, message);
        handlers.push(() => this.attempt(handler, record, tries, span, wasHandled));
      } catch (error) {
        if (await wasHandled()) continue;
        span.recordError(error);
        return failureOf(error);
      }
    }
    for (const handler of handlers) {
      const failure = await handler();
      if (failure) return failure;
    }
    return undefined;
  }

  /** Whether the message was processed before: a rule or a stricter contract may refuse it by now. */
  private async wasHandled(subscription: Subscription, message: CloudEvent): Promise<boolean> {
    const inbox = subscription.inbox?.(message);
    return inbox !== undefined && ((await this.options.store?.handled(inbox)) ?? false);
  }

  private subscriptionsOf(record: IncomingRecord): readonly Subscription[] {
    const type = typeOf(record);
    return this.options.subscriptions.filter((s) => s.topic === record.topic && s.type === type);
  }

  private async attempt(
    handler: () => Promise<void>,
    record: IncomingRecord,
    tries: number,
    span: OpenSpan,
    wasHandled: () => Promise<boolean>,
  ): Promise<Failure | undefined> {
    const id = recordKey(record);
    try {
      for (;;) {
        const error = await errorOf(handler);
        if (error === undefined) return undefined;
        const isFinal = error instanceof Refusal || error instanceof InvalidInput || tries === 1;
        const attempt = isFinal ? tries : this.retries.recordFailure({ what: 'message', id, type: typeOf(record), key: record.key }, error);
        if (attempt >= tries) {
          if (await wasHandled()) return undefined;
          span.recordError(error);
          return failureOf(error);
        }
        span.event('retry', () => ({ 'orderloom.attempt': attempt }));
        await (this.options.timers ?? realTimers).delay(this.retries.remainingMs(id));
      }
    } finally {
      this.retries.forget(id);
    }
  }
}

/** Resolves to the error that `handler` throws, if any. Throws `StoreUnavailable`. */
async function errorOf(handler: () => Promise<void>): Promise<unknown> {
  try {
    await handler();
    return undefined;
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    return error ?? new Error('the handler threw undefined');
  }
}

function decoded(record: IncomingRecord): { event: CloudEvent } | { error: unknown } {
  try {
    return { event: decode(record) };
  } catch (error) {
    return { error };
  }
}

/** Validates `message` for `subscription`; the returned function handles it. Throws `InvalidInput`. */
function handlerFor(subscription: Subscription, message: CloudEvent): () => Promise<void> {
  const newest = subscription.maxVersion ?? 1;
  if (message.typeVersion > newest)
    throw new InvalidInput([
      {
        field: 'ce_typeversion',
        message: `${message.type} version ${message.typeVersion} is not supported; expected at most version ${newest}`,
      },
    ]);
  const data = subscription.parse(message.data, message.typeVersion);
  return () => subscription.handle({ ...message, data });
}

const failureOf = (error: unknown): Failure => boundedFailure(describeFailure(error));

function describeFailure(error: unknown): Failure {
  if (error instanceof InvalidInput) return { reason: error.message, errors: error.errors, ofRecord: true };
  if (error instanceof Refusal) return { reason: `${error.code}: ${error.message}`, errors: [], ofRecord: true };
  return { reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error), errors: [] };
}
