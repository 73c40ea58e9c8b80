import { parseWith, paymentNotice, taskAsked } from '@orderloom/contracts';
import { instant } from '@orderloom/kernel';
import { type CloudEvent, decode, encode, type IncomingRecord, type Log } from '@orderloom/messaging';
import type { ProcessLogger } from '@orderloom/platform';
import { type Notice, OutcomeUnknown, type PaymentProvider, type PaymentResult, type RefundTask, refundTask } from './provider.js';
import { providerOf, type Route } from './routes.js';

export interface RefundTasksOptions {
  readonly log: Pick<Log, 'publish'>;
  readonly routes: readonly Route[];
  readonly providers: ReadonlyMap<string, PaymentProvider>;
  readonly logger: Pick<ProcessLogger, 'info' | 'warn' | 'error'>;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** Providers forget keys, and another one may have paid before this process existed: an open task is reminded every hour. */
const oldestMs = 23 * 3_600_000;
const concurrency = 8;

/**
 * Pays the `pay-refund` tasks of team `payments` and answers them on `orderloom.payments.notices` (REF-04, REF-05). It keeps nothing: a
 * record that is delivered again is asked again under the same key. An unknown outcome is not answered, so the task stays open.
 */
export class RefundTasks {
  constructor(private readonly options: RefundTasksOptions) {}

  /** Handles records of the task topic, those of one order one after the other. */
  async handle(records: readonly IncomingRecord[]): Promise<void> {
    const byKey = new Map<string | null, IncomingRecord[]>();
    for (const record of records) byKey.set(record.key, [...(byKey.get(record.key) ?? []), record]);
    const waiting = [...byKey.values()];
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) for (const record of next) await this.process(record);
    };
    await Promise.all(Array.from({ length: concurrency }, work));
  }

  /** Publishes what a webhook reported. */
  async report(provider: PaymentProvider, { taskId, orderNumber, of, result }: Notice): Promise<void> {
    await this.publish(provider, { taskId, orderNumber }, result, of);
  }

  private async process(record: IncomingRecord): Promise<void> {
    const { logger, routes, providers, now = Date.now } = this.options;
    const found = this.taskOf(record);
    if (!found) return;
    const { task, event } = found;
    const about = { taskId: task.taskId, order: task.orderNumber };
    const age = now() - (record.timestamp ?? 0);
    if (age > oldestMs)
      return logger.warn({ ...about, hours: Math.floor(age / 3_600_000) }, 'the task is old: waiting for its next reminder');
    const provider = providerOf(routes, providers, task);
    if (!provider) return logger.error({ ...about, method: task.method }, 'no route fits this refund: add one to PAYMENT_PROVIDERS_FILE');
    try {
      const result = await provider.pay(task);
      const of = result.status === 'succeeded' ? `${result.providerReference}.succeeded` : `${task.taskId}.${result.status}`;
      await this.publish(provider, task, result, of, event);
    } catch (error) {
      if (!(error instanceof OutcomeUnknown)) throw error;
      logger.warn({ ...about, provider: provider.name, err: error }, 'the outcome is unknown: it is asked again with the next reminder');
    }
  }

  /** The task of a record; undefined for other messages. A record that cannot be read is logged: it must not stop the others. */
  private taskOf(record: IncomingRecord): { readonly task: RefundTask; readonly event: CloudEvent } | undefined {
    try {
      const event = decode(record);
      if (event.type !== 'TaskAsked' && event.type !== 'TaskReminded') return undefined;
      const { taskId, question, about } = parseWith(taskAsked)(event.data);
      return question === 'pay-refund' ? { task: parseWith(refundTask, 'about', ['about'])({ ...about, taskId }), event } : undefined;
    } catch (error) {
      const { topic, partition, offset } = record;
      this.options.logger.error({ err: error, topic, partition, offset }, 'the task cannot be read and is skipped');
      return undefined;
    }
  }

  private async publish(
    { name }: PaymentProvider,
    { taskId, orderNumber }: Pick<RefundTask, 'taskId' | 'orderNumber'>,
    result: PaymentResult,
    of: string,
    cause?: CloudEvent,
  ): Promise<void> {
    if (result.status === 'pending') return;
    const answer =
      result.status === 'succeeded'
        ? { type: 'RefundSucceeded', providerReference: result.providerReference }
        : { type: 'RefundFailed', reason: result.reason };
    const { topic, type, version } = paymentNotice;
    const now = instant(new Date((this.options.now ?? Date.now)()));
    const { headers, value } = encode({
      // the same state of a refund has the same id, so that it counts once however often it is reported
      ...{ id: `${taskId}/${of}`, source: `/payments/${name}`, type, typeVersion: version, subject: orderNumber },
      ...{ time: now, by: name, rule: 'REF-05', data: { taskId, answer, by: name } },
      ...(cause && { causation: cause.id, causationSource: cause.source, correlation: cause.correlation, traceparent: cause.traceparent }),
    });
    await this.options.log.publish([{ topic, key: orderNumber, headers, value }]);
    this.options.logger.info({ taskId, order: orderNumber, provider: name, outcome: result.status }, 'answered');
  }
}
