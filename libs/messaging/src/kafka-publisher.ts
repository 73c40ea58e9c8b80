import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Kafka, type Message, type Producer, type RecordMetadata } from 'kafkajs';
import { isTransient } from './kafka-errors.js';
import type { OutgoingRecord } from './log.js';

/** kafkajs packs a send into one record batch per partition, and a broker refuses batches above 1 MB. */
const maxBytesPerTopic = 700_000;
const pauseMs = 250;

/**
 * One idempotent producer, one send at a time. Both matter: a send that fails takes its sequence numbers back, and the
 * broker drops whatever else comes under them as a duplicate. So nothing may overtake a send that is being
 * retried, and a producer that gave one up is never used again.
 */
export class KafkaPublisher {
  private tail: Promise<void> = Promise.resolve();
  private producer: Promise<Producer> | undefined;
  private closing = false;
  /** Behind the first record of the last send, by `topic/partition`: brokers do not say where it ends. */
  readonly produced: Record<string, number> = {};

  constructor(
    private readonly kafka: Kafka,
    private readonly patienceMs: number,
  ) {}

  publish(records: readonly OutgoingRecord[]): Promise<void> {
    const sent = this.tail.then(async () => {
      for (const batch of bounded(records)) await this.send(batch);
    });
    this.tail = sent.catch(() => undefined);
    return sent;
  }

  async close(): Promise<void> {
    this.closing = true;
    await this.tail;
    await this.discard();
  }

  /** Until the brokers have it, or for as long as patience lasts. */
  private async send(batch: readonly OutgoingRecord[]): Promise<void> {
    const topicMessages = byTopic(batch);
    for (const until = performance.now() + this.patienceMs; ; await sleep(pauseMs)) {
      try {
        const producer = await this.connected();
        this.note(await producer.sendBatch({ acks: -1, topicMessages }));
        return;
      } catch (error) {
        if (isTransient(error) && !this.closing && performance.now() < until) continue;
        await this.discard();
        throw error;
      }
    }
  }

  private note(places: readonly RecordMetadata[]): void {
    for (const { topicName, partition, baseOffset = '-1' } of places)
      if (baseOffset !== '-1') this.produced[`${topicName}/${partition}`] = Number(baseOffset) + 1;
  }

  private async connected(): Promise<Producer> {
    this.producer ??= this.connect();
    try {
      return await this.producer;
    } catch (error) {
      this.producer = undefined;
      throw error;
    }
  }

  private async connect(): Promise<Producer> {
    const producer = this.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      allowAutoTopicCreation: false,
      metadataMaxAge: 30_000,
    });
    await producer.connect();
    return producer;
  }

  private async discard(): Promise<void> {
    const producer = this.producer;
    this.producer = undefined;
    await producer?.then((p) => p.disconnect()).catch(() => undefined);
  }
}

function* bounded(records: readonly OutgoingRecord[]): Generator<readonly OutgoingRecord[]> {
  let batch: OutgoingRecord[] = [];
  let bytes = new Map<string, number>();
  for (const record of records) {
    const size = sizeOf(record);
    const before = bytes.get(record.topic) ?? 0;
    if (before > 0 && before + size > maxBytesPerTopic) {
      yield batch;
      batch = [];
      bytes = new Map();
    }
    batch.push(record);
    bytes.set(record.topic, (bytes.get(record.topic) ?? 0) + size);
  }
  if (batch.length > 0) yield batch;
}

const frameBytes = 24;

function sizeOf({ key, headers, value }: OutgoingRecord): number {
  let size = frameBytes + Buffer.byteLength(key) + value.length;
  for (const name in headers) size += Buffer.byteLength(name) + Buffer.byteLength(headers[name] ?? '') + 6;
  return size;
}

function byTopic(records: readonly OutgoingRecord[]): { topic: string; messages: Message[] }[] {
  const topics = new Map<string, Message[]>();
  for (const { topic, key, headers, value } of records) {
    const messages = topics.get(topic) ?? [];
    messages.push({ key, headers: { ...headers }, value });
    topics.set(topic, messages);
  }
  return [...topics].map(([topic, messages]) => ({ topic, messages }));
}
