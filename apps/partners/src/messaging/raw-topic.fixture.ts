import kafkajs from 'kafkajs';
import pg from 'pg';
import type { LogAddress } from './message-client.js';

interface RawRecord {
  readonly key: string | undefined;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly value: string | undefined;
}

/** A topic of one partition, created and read independently of the code under test. */
export interface RawTopic {
  create(): Promise<void>;
  at(offset: number): Promise<RawRecord>;
  remove(): Promise<void>;
}

export const rawTopic = (log: LogAddress, topic: string): RawTopic =>
  typeof log === 'string' ? inPostgres(log, topic) : onKafka(log, topic);

function inPostgres(url: string, topic: string): RawTopic {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  return {
    create: async () => void (await pool.query('select log_ensure_topics($1)', [JSON.stringify([{ topic, partitions: 1, config: {} }])])),
    at: async (offset) => {
      const { rows } = await pool.query<{ key: Buffer; headers: Record<string, string>; value: Buffer }>(
        'select key, headers, value from log_read(array[$1], array[0], array[$2::bigint], 1, 1)',
        [topic, offset],
      );
      return { key: rows[0]?.key.toString(), headers: rows[0]?.headers ?? {}, value: rows[0]?.value.toString() };
    },
    remove: () => pool.end(),
  };
}

function onKafka(brokers: readonly string[], topic: string): RawTopic {
  const kafka = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING });
  const admin = kafka.admin();
  return {
    create: async () => {
      await admin.connect();
      await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: true });
    },
    at: async (offset) => {
      const consumer = kafka.consumer({ groupId: `${topic}-raw` });
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true });
      const { key, headers, value } = await new Promise<kafkajs.KafkaMessage>((resolve) => {
        void consumer.run({ eachMessage: async ({ message }) => void (Number(message.offset) === offset && resolve(message)) });
      });
      await consumer.disconnect();
      const texts = Object.entries(headers ?? {}).map(([name, header]) => [name, header?.toString()]);
      return { key: key?.toString(), headers: Object.fromEntries(texts), value: value?.toString() };
    },
    remove: async () => {
      await admin.deleteTopics({ topics: [topic] });
      await admin.disconnect();
    },
  };
}
