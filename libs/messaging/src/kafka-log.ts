import kafkajs, { type Admin, type Kafka, type KafkaConfig } from 'kafkajs';
import { type ConsumerOptions, startConsumer } from './kafka-consumer.js';
import { kafkaLogger, type LogFunction } from './kafka-logger.js';
import { KafkaPublisher } from './kafka-publisher.js';
import { ensureTopics, onceKnown } from './kafka-topics.js';
import type { Bounds, Ends, Log, LogSubscription, OutgoingRecord, RunningSubscription, TopicSpec } from './log.js';

export interface KafkaLogConfig extends Pick<KafkaConfig, 'ssl' | 'sasl' | 'socketFactory'>, ConsumerOptions {
  readonly brokers: string[];
  readonly clientId: string;
  /** How long `publish` tries while brokers are away; 120,000 unless said. */
  readonly publishPatienceMs?: number;
  /**
   * How often a consumer tries to reach brokers, once a second at last, before it begins anew; 30 unless said. One that
   * begins anew is a new member of its group, and waits until the brokers have given up the old one.
   */
  readonly consumerRetries?: number;
  readonly log?: LogFunction;
}

/** The log on Kafka, by kafkajs. */
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
      const places = new Map(committed.find((c) => c.topic === topic)?.partitions.map((p) => [p.partition, Number(p.offset)]));
      const ends = await onceKnown(() => admin.fetchTopicOffsets(topic));
      return [
        topic,
        ends.reduce((sum, { partition, low, high }) => sum + Number(high) - Math.max(Number(low), places.get(partition) ?? 0), 0),
      ];
    });
    return Object.fromEntries(await Promise.all(lags));
  }

  async bounds(topics: readonly string[]): Promise<Bounds> {
    const admin = await this.connectedAdmin();
    const found = topics.map(async (topic) => {
      const partitions = await onceKnown(() => admin.fetchTopicOffsets(topic));
      return partitions.map(({ partition, low, high }) => [`${topic}/${partition}`, { first: Number(low), next: Number(high) }] as const);
    });
    return Object.fromEntries((await Promise.all(found)).flat());
  }

  produced(): Ends {
    return this.publisher.produced;
  }

  async close(): Promise<void> {
    await Promise.all([...this.running].map((subscription) => subscription.stop()));
    await this.publisher.close();
    const admin = this.admin;
    this.admin = undefined;
    await admin?.then((a) => a.disconnect()).catch(() => undefined);
  }

  /** A client of its own for each user: kafkajs shares the offsets it knows among all consumers of one client and group. */
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
    this.admin ??= connect(this.client().admin());
    try {
      return await this.admin;
    } catch (error) {
      this.admin = undefined;
      throw error;
    }
  }
}

const silent: LogFunction = () => undefined;

async function connect(admin: Admin): Promise<Admin> {
  await admin.connect();
  return admin;
}
