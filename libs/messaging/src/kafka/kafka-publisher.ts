import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Kafka, type Message, type Producer, type RecordMetadata } from 'kafkajs';
import { isTransient } from './kafka-errors.js';
import type { OutgoingRecord } from '../log.js';

/** kafkajs sends one record batch per partition, and brokers reject batches above 1 MB. */
const maxBytesPerTopic = 700_000;
const retryDelayMs = 250;

/**
 * Sends with one idempotent producer, one request at a time. A failed send reuses its sequence numbers, and the broker drops other records
 * under them as duplicates. Therefore no send may overtake a retry, and a producer whose retries are exhausted is replaced.
 */
export class KafkaPublisher {
  private lastSend: Promise<void> = Promise.resolve();
  private producer: Promise<Producer> | undefined;
  private closing = false;
  /** By `topic/partition`: the offset behind the first record of the last send. Brokers do not return the last offset. */
  readonly produced: Record<string, number> = {};

  constructor(
    private readonly kafka: Kafka,
    private readonly patienceMs: number,
  ) {}

  publish(records: readonly OutgoingRecord[]): Promise<void> {
    const sending = this.lastSend.then(async () => {
      for (const batch of splitBySize(records)) await this.send(batch);
    });
    this.lastSend = sending.catch(() => undefined);
    return sending;
  }

  async close(): Promise<void> {
    this.closing = true;
    await this.lastSend;
    await this.discard();
  }

  /** Retries until the brokers acknowledge the batch or the time limit is reached. */
  private async send(batch: readonly OutgoingRecord[]): Promise<void> {
    const topicMessages = byTopic(batch);
    for (const deadline = performance.now() + this.patienceMs; ; await sleep(retryDelayMs)) {
      try {
        const producer = await this.connected();
        this.noteOffsets(await producer.sendBatch({ acks: -1, topicMessages }));
        return;
      } catch (error) {
        if (isTransient(error) && !this.closing && performance.now() < deadline) continue;
        await this.discard();
        throw error;
      }
    }
  }

  private noteOffsets(metadata: readonly RecordMetadata[]): void {
    for (const { topicName, partition, baseOffset = '-1' } of metadata)
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

function* splitBySize(records: readonly OutgoingRecord[]): Generator<readonly OutgoingRecord[]> {
  let batch: OutgoingRecord[] = [];
  let bytes = new Map<string, number>();
  for (const record of records) {
    const size = sizeOf(record);
    const bytesBefore = bytes.get(record.topic) ?? 0;
    if (bytesBefore > 0 && bytesBefore + size > maxBytesPerTopic) {
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
