import { EventEmitter, once } from 'node:events';
import { EmbeddedTransport } from './embedded-transport.js';
import { type ReceivedMessage, parseMessage, formatMessage } from './received-message.js';
import { KafkaTransport } from './kafka-transport.js';
import type { LogTransport, OutgoingRecord, ReceivedRecord } from './log-transport.js';
import type { TestLog } from './test-log.js';

/** A message to send: a CloudEvent in Kafka's binary mode. `id` is generated if missing; `headers` and `value` replace what would be sent. */
export interface OutgoingMessage {
  readonly topic: string;
  readonly key: string | null;
  readonly type: string;
  readonly data?: object;
  readonly id?: string;
  readonly source?: string;
  readonly headers?: Readonly<Record<string, string | Buffer>>;
  readonly value?: string | Buffer | null;
  readonly gzip?: boolean;
  /** Names of headers to omit. */
  readonly without?: readonly string[];
}

/** Client of the log: sends CloudEvents and stores every message of every topic from now on. */
export class MessageClient {
  private readonly byOrder = new Map<string, ReceivedMessage[]>();
  private readonly seenIds = new Set<string>();
  private readonly arrivals = new EventEmitter().setMaxListeners(0);
  private readonly since = Date.now();
  private sentCount = 0;

  private constructor(
    private readonly transport: LogTransport,
    private readonly now: () => Date,
  ) {}

  static async connect(log: TestLog, name: string, now: () => Date): Promise<MessageClient> {
    const line = 'url' in log ? new EmbeddedTransport(log.url, name) : await KafkaTransport.connect(log.brokers, name);
    const wire = new MessageClient(line, now);
    await line.listen((topic, record) => wire.receive(topic, record));
    return wire;
  }

  async send(...messages: readonly OutgoingMessage[]): Promise<void> {
    await this.transport.send(messages.map((s) => this.record(s)));
  }

  /** Received messages about an order, in the order of arrival. */
  of(orderNumber: string): readonly ReceivedMessage[] {
    return this.byOrder.get(orderNumber) ?? [];
  }

  /** All received messages. */
  all(): readonly ReceivedMessage[] {
    return [...this.byOrder.values()].flat();
  }

  /** Waits until `condition` holds, checked at every message; the error of a timeout contains the timeline of the order. */
  async until<T>(
    what: string | (() => string),
    condition: () => T | Promise<T>,
    orderNumber?: string,
    timeoutMs = 90_000,
  ): Promise<NonNullable<Exclude<T, false>>> {
    for (const end = Date.now() + timeoutMs; ;) {
      const next = once(this.arrivals, 'message', { signal: AbortSignal.timeout(100) }).catch(() => undefined);
      const result = await condition();
      if (result !== undefined && result !== null && result !== false) return result as NonNullable<Exclude<T, false>>;
      if (Date.now() > end)
        throw new Error(`not within ${timeoutMs / 1000} s: ${typeof what === 'string' ? what : what()}${this.timeline(orderNumber)}`);
      await next;
    }
  }

  async close(): Promise<void> {
    await this.transport.close();
  }

  private timeline(orderNumber: string | undefined): string {
    return orderNumber === undefined ? '' : `\nso far of ${orderNumber}:\n${this.of(orderNumber).map(formatMessage).join('\n')}`;
  }

  private receive(topic: string, message: ReceivedRecord): void {
    if (message.timestamp < this.since) return;
    const parsed = parseMessage(topic, message);
    // at least once on the wire: the same id is the same message
    if (!parsed || (parsed.id !== '' && this.seenIds.has(`${topic} ${parsed.id}`))) return;
    this.seenIds.add(`${topic} ${parsed.id}`);
    const ofOrder = this.byOrder.get(parsed.key);
    if (ofOrder) ofOrder.push(parsed);
    else this.byOrder.set(parsed.key, [parsed]);
    this.arrivals.emit('message');
  }

  private record({
    topic,
    key,
    type,
    data,
    id,
    source = '/shop',
    headers = {},
    value,
    gzip,
    without = [],
  }: OutgoingMessage): OutgoingRecord {
    this.sentCount += 1;
    const time = this.now().toISOString();
    const ce = { ce_specversion: '1.0', ce_id: id ?? `${this.since}-${this.sentCount}`, ce_source: source, ce_type: type, ce_time: time };
    const all = Object.entries({ 'content-type': 'application/json', ...ce, ...headers });
    return {
      topic,
      key,
      value: value === undefined ? JSON.stringify(data) : value,
      headers: Object.fromEntries(all.filter(([name]) => !without.includes(name))),
      gzip,
    };
  }
}
