import { EventEmitter, once } from 'node:events';
import kafkajs, { type Consumer, type Kafka, type KafkaMessage, type Message, type Producer } from 'kafkajs';
import { type Heard, heardOf, lineOf } from './heard.js';

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
}

/** Kafka as a stranger uses it: says CloudEvents, and remembers every message of every topic from now on. */
export class Wire {
  private readonly byOrder = new Map<string, Heard[]>();
  private readonly arrivals = new EventEmitter().setMaxListeners(0);
  private readonly since = Date.now();
  private said = 0;

  private constructor(
    readonly kafka: Kafka,
    private readonly producer: Producer,
    private readonly consumer: Consumer,
    private readonly now: () => Date,
  ) {}

  static async connect(brokers: readonly string[], name: string, now: () => Date): Promise<Wire> {
    const kafka = new kafkajs.Kafka({ clientId: name, brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING });
    const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
    const consumer = kafka.consumer({ groupId: name, maxWaitTimeInMs: 100 });
    const wire = new Wire(kafka, producer, consumer, now);
    await Promise.all([producer.connect(), consumer.connect()]);
    const ends = await endsOf(kafka);
    await consumer.subscribe({ topics: ends.map(({ topic }) => topic), fromBeginning: true });
    await consumer.run({ autoCommit: false, eachMessage: async ({ topic, partition, message }) => wire.hear(topic, partition, message) });
    for (const { topic, partition, offset } of ends) consumer.seek({ topic, partition, offset });
    return wire;
  }

  async say(...sayings: readonly Saying[]): Promise<void> {
    for (const topic of new Set(sayings.map((s) => s.topic))) {
      const ofTopic = sayings.filter((s) => s.topic === topic);
      const compression = ofTopic.some((s) => s.gzip) ? kafkajs.CompressionTypes.GZIP : kafkajs.CompressionTypes.None;
      await this.producer.send({ topic, acks: -1, compression, messages: ofTopic.map((s) => this.message(s)) });
    }
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
    await Promise.all([this.consumer.disconnect(), this.producer.disconnect()]);
  }

  private timeline(orderNumber: string | undefined): string {
    return orderNumber === undefined ? '' : `\nso far of ${orderNumber}:\n${this.of(orderNumber).map(lineOf).join('\n')}`;
  }

  private hear(topic: string, partition: number, message: KafkaMessage): void {
    if (Number(message.timestamp) < this.since) return;
    const heard = heardOf(topic, partition, message);
    if (!heard) return;
    const ofOrder = this.byOrder.get(heard.key);
    if (ofOrder) ofOrder.push(heard);
    else this.byOrder.set(heard.key, [heard]);
    this.arrivals.emit('message');
  }

  private message({ key, type, data, id, source = '/shop', headers = {}, value }: Saying): Message {
    this.said += 1;
    const time = this.now().toISOString();
    const ce = { ce_specversion: '1.0', ce_id: id ?? `${this.since}-${this.said}`, ce_source: source, ce_type: type, ce_time: time };
    return {
      key,
      value: value === undefined ? JSON.stringify(data) : value,
      headers: { 'content-type': 'application/json', ...ce, ...headers },
    };
  }
}

/** Where every partition of ours ends now. */
async function endsOf(kafka: Kafka): Promise<{ topic: string; partition: number; offset: string }[]> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const topics = (await admin.listTopics()).filter((topic) => topic.startsWith('orderloom.'));
    const ends = topics.map(async (topic) =>
      (await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => ({ topic, partition, offset: high })),
    );
    return (await Promise.all(ends)).flat();
  } finally {
    await admin.disconnect();
  }
}
