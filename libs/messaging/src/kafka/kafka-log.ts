import { topicPartitionId } from '../topic-partition.js';
import kafkajs, { type Admin, type Kafka, type KafkaConfig } from 'kafkajs';
import { type ConsumerOptions, startConsumer } from './kafka-consumer.js';
import { kafkaLogger, type LogFunction } from './kafka-logger.js';
import { KafkaPublisher } from './kafka-publisher.js';
import { ensureTopics, retryUntilKnown } from './kafka-topics.js';
import type { OffsetBounds, EndOffsets, Log, LogSubscription, OutgoingRecord, RunningSubscription, TopicSpec } from '../log.js';

export interface KafkaLogConfig extends Pick<KafkaConfig, 'ssl' | 'sasl' | 'socketFactory'>, ConsumerOptions {
  readonly brokers: string[];
  readonly clientId: string;
  /** Time for which `publish` retries while brokers are unavailable; 120,000 by default. */
  readonly publishPatienceMs?: number;
  /**
   * Number of connection attempts, at most one second apart, before a consumer restarts; 30 by default. A restarted consumer is a new
   * member of its group and waits until the old one has expired.
   */
  readonly consumerRetries?: number;
  readonly log?: LogFunction;
}

/** The log on Kafka, through kafkajs. */
export class KafkaLog implements Log {
  readonly system = 'kafka';
  private readonly publisher: KafkaPublisher;
  private readonly running = new Set<RunningSubscription>();
  private admin: Promise<Admin> | undefined;

  constructor(private readonly config: KafkaLogConfig) {
    this.publisher = new KafkaPublisher(this.client(), config.publishPatienceMs ?? 120_000);
  }

  publish(records: readonly OutgoingRecord[]): Promise<void> {
    return this.publisher.publish(records);
  }

  async ensureTopics(topics: readonly TopicSpec[]): Promise<void> {
    await ensureTopics(await this.connectedAdmin(), topics);
  }

  async subscribe(subscription: LogSubscription): Promise<RunningSubscription> {
    const { consumerRetries = 30, log = silent } = this.config;
    const consumer = await startConsumer(this.client(consumerRetries), subscription, this.config, log);
    const running: RunningSubscription = {
      seek: (topic, partition, offset) => consumer.seek(topic, partition, offset),
      stop: async () => {
        this.running.delete(running);
        await consumer.stop();
      },
    };
    this.running.add(running);
    return running;
  }

  async lag(group: string, topics: readonly string[]): Promise<Record<string, number>> {
    const admin = await this.connectedAdmin();
    const committed = await admin.fetchOffsets({ groupId: group, topics: [...topics] });
    const lags = topics.map(async (topic): Promise<[string, number]> => {
      const committedOffsets = new Map(committed.find((c) => c.topic === topic)?.partitions.map((p) => [p.partition, Number(p.offset)]));
      const endOffsets = await retryUntilKnown(() => admin.fetchTopicOffsets(topic));
      return [
        topic,
        endOffsets.reduce(
          (sum, { partition, low, high }) => sum + Number(high) - Math.max(Number(low), committedOffsets.get(partition) ?? 0),
          0,
        ),
      ];
    });
    return Object.fromEntries(await Promise.all(lags));
  }

  async bounds(topics: readonly string[]): Promise<OffsetBounds> {
    const admin = await this.connectedAdmin();
    const found = topics.map(async (topic) => {
      const partitions = await retryUntilKnown(() => admin.fetchTopicOffsets(topic));
      return partitions.map(
        ({ partition, low, high }) => [topicPartitionId({ topic, partition }), { first: Number(low), next: Number(high) }] as const,
      );
    });
    return Object.fromEntries((await Promise.all(found)).flat());
  }

  produced(): EndOffsets {
    return this.publisher.produced;
  }

  async close(): Promise<void> {
    await Promise.all([...this.running].map((subscription) => subscription.stop()));
    await this.publisher.close();
    const admin = this.admin;
    this.admin = undefined;
    await admin?.then((a) => a.disconnect()).catch(() => undefined);
  }

  /** Creates a client per user: kafkajs shares cached offsets among all consumers of one client and group. */
  private client(retries = 5): Kafka {
    const { brokers, clientId, ssl, sasl, socketFactory, log = silent } = this.config;
    return new kafkajs.Kafka({
      brokers,
      clientId,
      ssl,
      sasl,
      socketFactory,
      retry: { initialRetryTime: 100, maxRetryTime: 1000, retries },
      logLevel: kafkajs.logLevel.INFO,
      logCreator: kafkaLogger(log),
    });
  }

  private async connectedAdmin(): Promise<Admin> {
    this.admin ??= connectAdmin(this.client().admin());
    try {
      return await this.admin;
    } catch (error) {
      this.admin = undefined;
      throw error;
    }
  }
}

const silent: LogFunction = () => undefined;

async function connectAdmin(admin: Admin): Promise<Admin> {
  await admin.connect();
  return admin;
}
