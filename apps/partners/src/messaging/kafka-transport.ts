import kafkajs, { type Consumer, type Kafka, type Producer } from 'kafkajs';
import type { SubscribeOptions, Transport, OutgoingRecord, TopicPartition } from './transport.js';

/** Transport over Kafka. */
export class KafkaTransport implements Transport {
  private readonly producer: Producer;
  private readonly consumers: Consumer[] = [];
  readonly produced: Record<string, number> = {};

  private constructor(
    private readonly kafka: Kafka,
    private readonly onCrash: (error: Error) => void,
  ) {
    this.producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner, allowAutoTopicCreation: false });
  }

  static async connect(brokers: readonly string[], onCrash: (error: Error) => void): Promise<KafkaTransport> {
    const retry = { initialRetryTime: 100, maxRetryTime: 3000, retries: 40 };
    const kafka = new kafkajs.Kafka({ clientId: 'partners', brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING, retry });
    const line = new KafkaTransport(kafka, onCrash);
    await line.producer.connect();
    return line;
  }

  async send(records: readonly OutgoingRecord[]): Promise<void> {
    const topics = [...new Set(records.map((r) => r.topic))];
    const topicMessages = topics.map((topic) => ({
      topic,
      messages: records.filter((r) => r.topic === topic).map(({ key, headers, value }) => ({ key, headers: { ...headers }, value })),
    }));
    for (const { topicName, partition, baseOffset = '-1' } of await this.producer.sendBatch({ acks: -1, topicMessages }))
      if (baseOffset !== '-1') this.produced[`${topicName}/${partition}`] = Number(baseOffset) + 1;
  }

  async topics(): Promise<ReadonlySet<string>> {
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      return new Set(await admin.listTopics());
    } finally {
      await admin.disconnect();
    }
  }

  async subscribe({ group, topics, onRecord }: SubscribeOptions): Promise<(places: readonly TopicPartition[]) => Promise<void>> {
    const consumer = this.kafka.consumer({
      groupId: group ?? `partners-${process.pid}-${Date.now()}`,
      allowAutoTopicCreation: false,
      maxWaitTimeInMs: 100,
      sessionTimeout: 6000,
      heartbeatInterval: 1000,
    });
    this.consumers.push(consumer);
    consumer.on('consumer.crash', ({ payload }) => payload.restart || this.onCrash(payload.error));
    await consumer.connect();
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch: { topic, partition, messages } }) => {
        for (const message of messages) onRecord(message, { topic, partition, offset: message.offset });
      },
    });
    return (places) => consumer.commitOffsets([...places]);
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.consumers.map((c) => c.disconnect()));
    await this.producer.disconnect();
  }
}
