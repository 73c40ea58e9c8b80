import { randomUUID } from 'node:crypto';
import { KafkaLog } from '@orderloom/messaging';

/** A topic of its own with as many partitions as Orderloom's have, and the log to use it. */
export async function benchTopic(brokers: readonly string[], name: string): Promise<{ topic: string; log: KafkaLog }> {
  const topic = `bench.${name}.${randomUUID().slice(0, 8)}`;
  const log = new KafkaLog({ brokers: [...brokers], clientId: 'bench' });
  await log.ensureTopics([{ topic, partitions: 3, config: {} }]);
  return { topic, log };
}
