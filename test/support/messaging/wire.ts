import { EventEmitter, once } from 'node:events';
import { EmbeddedWire } from './embedded-wire.js';
import { type Heard, heardOf, lineOf } from './heard.js';
import { KafkaWire } from './kafka-wire.js';
import type { LogLine, Sent, Taken } from './log-line.js';
import type { TestLog } from './test-log.js';

/** A message to send: a CloudEvent in Kafka's binary mode. `id` is new unless said; `headers` and `value` replace what would be sent. */
export interface Saying {
  readonly topic: string;
  readonly key: string | null;
  readonly type: string;
  readonly data?: object;
  readonly id?: string;
  readonly source?: string;
  readonly headers?: Readonly<Record<string, string | Buffer>>;
  readonly value?: string | Buffer | null;
  readonly gzip?: boolean;
  /** Names of headers that it has not. */
  readonly without?: readonly string[];
}

/** The log as a stranger uses it: says CloudEvents, and remembers every message of every topic from now on. */
export class Wire {
  private readonly byOrder = new Map<string, Heard[]>();
  private readonly heardBefore = new Set<string>();
  private readonly arrivals = new EventEmitter().setMaxListeners(0);
  private readonly since = Date.now();
  private said = 0;

  private constructor(
    private readonly line: LogLine,
    private readonly now: () => Date,
  ) {}

  static async connect(log: TestLog, name: string, now: () => Date): Promise<Wire> {
    const line = 'url' in log ? new EmbeddedWire(log.url, name) : await KafkaWire.connect(log.brokers, name);
    const wire = new Wire(line, now);
    await line.listen((topic, record) => wire.hear(topic, record));
    return wire;
  }

  async say(...sayings: readonly Saying[]): Promise<void> {
    await this.line.send(sayings.map((s) => this.record(s)));
  }

  /** What was heard of an order, in the order of arrival. */
  of(orderNumber: string): readonly Heard[] {
    return this.byOrder.get(orderNumber) ?? [];
  }

  /** Everything that was heard. */
  all(): readonly Heard[] {
    return [...this.byOrder.values()].flat();
  }

  /** Waits for `condition`, looking again with every message; a failure shows the order's timeline so far. */
  async until<T>(
    what: string,
    condition: () => T | Promise<T>,
    orderNumber?: string,
    timeoutMs = 90_000,
  ): Promise<NonNullable<Exclude<T, false>>> {
    for (const end = Date.now() + timeoutMs; ;) {
      const next = once(this.arrivals, 'message', { signal: AbortSignal.timeout(100) }).catch(() => undefined);
      const result = await condition();
      if (result !== undefined && result !== null && result !== false) return result as NonNullable<Exclude<T, false>>;
      if (Date.now() > end) throw new Error(`not within ${timeoutMs / 1000} s: ${what}${this.timeline(orderNumber)}`);
      await next;
    }
  }

  async close(): Promise<void> {
    await this.line.close();
  }

  private timeline(orderNumber: string | undefined): string {
    return orderNumber === undefined ? '' : `\nso far of ${orderNumber}:\n${this.of(orderNumber).map(lineOf).join('\n')}`;
  }

  private hear(topic: string, message: Taken): void {
    if (message.timestamp < this.since) return;
    const heard = heardOf(topic, message);
    // at least once on the wire: the same id is the same message
    if (!heard || (heard.id !== '' && this.heardBefore.has(`${topic} ${heard.id}`))) return;
    this.heardBefore.add(`${topic} ${heard.id}`);
    const ofOrder = this.byOrder.get(heard.key);
    if (ofOrder) ofOrder.push(heard);
    else this.byOrder.set(heard.key, [heard]);
    this.arrivals.emit('message');
  }

  private record({ topic, key, type, data, id, source = '/shop', headers = {}, value, gzip, without = [] }: Saying): Sent {
    this.said += 1;
    const time = this.now().toISOString();
    const ce = { ce_specversion: '1.0', ce_id: id ?? `${this.since}-${this.said}`, ce_source: source, ce_type: type, ce_time: time };
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
