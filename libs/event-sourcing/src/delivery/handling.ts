import { InvalidInput, realTimers, Refusal, type Timers } from '@orderloom/kernel';
import { type CloudEvent, decode, type IncomingRecord, type Log, type OpenSpan, typeOf } from '@orderloom/messaging';
import { type EventStore, StoreUnavailable } from '../store.js';
import type { Subscription } from '../subscription.js';
import { processing } from '../telemetry.js';
import type { Failure } from './parked-record.js';
import { Retries } from './retries.js';

export interface HandlingOptions {
  readonly log: Pick<Log, 'system'>;
  /** What remembers which messages were handled. */
  readonly store?: Pick<EventStore, 'handled'>;
  readonly group: string;
  readonly subscriptions: readonly Subscription[];
  /** How often an unexpected error is tried before the record is parked; 5 unless said. */
  readonly tries?: number;
  /** What fails and is tried again, for others to see. */
  readonly retries?: Retries;
  readonly timers?: Timers;
}

/** Reads one record and runs the subscriptions of its type. */
export class Handling {
  private readonly retries: Retries;

  constructor(private readonly options: HandlingOptions) {
    this.retries = options.retries ?? new Retries({ timers: options.timers });
  }

  /** Whether anybody here wants the record; one that hides its type might be wanted. */
  concerns(record: IncomingRecord): boolean {
    return typeOf(record) === undefined || this.subscribed(record).length > 0;
  }

  /** Handles `record`; resolves to why it can't be, if so. Throws `StoreUnavailable` where it is not the record's fault. */
  async handle(record: IncomingRecord, tries = this.options.tries ?? 5): Promise<Failure | undefined> {
    const { group, log } = this.options;
    const message = decoded(record);
    return processing({ system: log.system, group }, record, 'event' in message ? message.event : undefined, async (span) => {
      if ('event' in message) return this.carryOut(record, message.event, tries, span);
      span.failed(message.error);
      return failureOf(message.error);
    });
  }

  private async carryOut(record: IncomingRecord, event: CloudEvent, tries: number, span: OpenSpan): Promise<Failure | undefined> {
    const message = { ...event, key: record.key, traceparent: span.trace };
    const handlers: (() => Promise<Failure | undefined>)[] = [];
    for (const subscription of this.subscribed(record)) {
      const wasHandled = () => this.wasHandled(subscription, message);
      try {
        const handler = read(subscription, message);
        handlers.push(() => this.attempt(handler, record, tries, span, wasHandled));
      } catch (error) {
        if (await wasHandled()) continue;
        span.failed(error);
        return failureOf(error);
      }
    }
    for (const handler of handlers) {
      const failure = await handler();
      if (failure) return failure;
    }
    return undefined;
  }

  /** Whether it has had its effect: what comes again may be against a rule, or a stricter contract, by now. */
  private async wasHandled(subscription: Subscription, message: CloudEvent): Promise<boolean> {
    const inbox = subscription.inbox?.(message);
    return inbox !== undefined && ((await this.options.store?.handled(inbox)) ?? false);
  }

  private subscribed(record: IncomingRecord): readonly Subscription[] {
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
    const id = `${record.topic}/${record.partition}/${record.offset}`;
    try {
      for (;;) {
        const error = await failing(handler);
        if (error === undefined) return undefined;
        const forGood = error instanceof Refusal || error instanceof InvalidInput || tries === 1;
        const attempt = forGood ? tries : this.retries.note({ what: 'message', id, type: typeOf(record), key: record.key }, error);
        if (attempt >= tries) {
          if (await wasHandled()) return undefined;
          span.failed(error);
          return failureOf(error);
        }
        span.event('retry', () => ({ 'orderloom.attempt': attempt }));
        await (this.options.timers ?? realTimers).delay(this.retries.restOf(id));
      }
    } finally {
      this.retries.forget(id);
    }
  }
}

/** What `handler` throws, if it does. Throws `StoreUnavailable`. */
async function failing(handler: () => Promise<void>): Promise<unknown> {
  try {
    await handler();
    return undefined;
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    return error ?? new Error('an error without a value');
  }
}

function decoded(record: IncomingRecord): { event: CloudEvent } | { error: unknown } {
  try {
    return { event: decode(record) };
  } catch (error) {
    return { error };
  }
}

/** Checks `message` for `subscription` now; what it returns handles it. Throws `InvalidInput`. */
function read(subscription: Subscription, message: CloudEvent): () => Promise<void> {
  const newest = subscription.maxVersion ?? 1;
  if (message.typeVersion > newest)
    throw new InvalidInput([
      { field: 'ce_typeversion', message: `${message.type} is understood up to version ${newest}, not ${message.typeVersion}` },
    ]);
  const data = subscription.parse(message.data, message.typeVersion);
  return () => subscription.handle({ ...message, data });
}

function failureOf(error: unknown): Failure {
  if (error instanceof InvalidInput) return { reason: error.message, errors: error.errors, ofRecord: true };
  if (error instanceof Refusal) return { reason: `${error.code}: ${error.message}`, errors: [], ofRecord: true };
  return { reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error), errors: [] };
}
