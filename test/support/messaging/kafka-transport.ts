import kafkajs, { type Consumer, type Kafka, type Producer } from 'kafkajs';
import type { RecordHandler, LogTransport, OutgoingRecord } from './log-transport.js';

/** Kafka as an external system uses it. */
export class KafkaTransport implements LogTransport {
  private constructor(
    private readonly kafka: Kafka,
    private readonly producer: Producer,
    private readonly consumer: Consumer,
  ) {}

  static async connect(brokers: readonly string[], name: string): Promise<KafkaTransport> {
    const kafka = new kafkajs.Kafka({ clientId: name, brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING });
    const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
    const consumer = kafka.consumer({ groupId: name, maxWaitTimeInMs: 100 });
    await Promise.all([producer.connect(), consumer.connect()]);
    return new KafkaTransport(kafka, producer, consumer);
  }

  async send(records: readonly OutgoingRecord[]): Promise<void> {
    for (const topic of new Set(records.map((r) => r.topic))) {
      const messages = records.filter((r) => r.topic === topic);
      const compression = messages.some((r) => r.gzip) ? kafkajs.CompressionTypes.GZIP : kafkajs.CompressionTypes.None;
      await this.producer.send({
        topic,
        acks: -1,
        compression,
        messages: messages.map(({ key, value, headers }) => ({ key, value, headers: { ...headers } })),
      });
    }
  }

  async listen(handle: RecordHandler): Promise<void> {
    const ends = await endsOf(this.kafka);
    await this.consumer.subscribe({ topics: ends.map(({ topic }) => topic), fromBeginning: true });
    await this.consumer.run({
      autoCommit: false,
      eachMessage: async ({ topic, partition, message }) => handle(topic, { ...message, partition, timestamp: Number(message.timestamp) }),
    });
    for (const { topic, partition, offset } of ends) this.consumer.seek({ topic, partition, offset });
  }

  async close(): Promise<void> {
    await Promise.all([this.consumer.disconnect(), this.producer.disconnect()]);
  }
}

/** End offsets of all partitions of our topics. */
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
