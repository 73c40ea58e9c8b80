import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Admin, type ITopicMetadata } from 'kafkajs';
import { isTransient } from './kafka-errors.js';
import type { TopicSpec } from '../log.js';

const { ConfigResourceTypes, ConfigSource } = kafkajs;
const metadataTimeoutMs = 30_000;

/** Creates missing topics, adds missing partitions and updates differing configuration. Concurrent calls are safe. */
export async function ensureTopics(admin: Admin, specs: readonly TopicSpec[]): Promise<void> {
  if (specs.length === 0) return;
  const existing = new Set(await admin.listTopics());
  const missing = specs.filter(({ topic }) => !existing.has(topic));
  if (missing.length > 0) await create(admin, missing);
  await addPartitions(admin, specs);
  await configure(admin, specs);
}

/** Creates topics with the brokers' default replication. kafkajs ignores the error that a topic exists. */
async function create(admin: Admin, specs: readonly TopicSpec[]): Promise<void> {
  await admin.createTopics({
    waitForLeaders: false, // fails if a broker does not know the new topic yet
    topics: specs.map(({ topic, partitions, config }) => ({ topic, numPartitions: partitions, configEntries: entries(config) })),
  });
}

async function addPartitions(admin: Admin, specs: readonly TopicSpec[]): Promise<void> {
  for (const { topic, count } of await needingPartitions(admin, specs)) {
    try {
      await admin.createPartitions({ topicPartitions: [{ topic, count }] });
    } catch (error) {
      const remaining = await needingPartitions(admin, specs);
      if (remaining.some((s) => s.topic === topic)) throw error;
    }
  }
}

async function needingPartitions(admin: Admin, specs: readonly TopicSpec[]): Promise<{ topic: string; count: number }[]> {
  const topics = await metadata(
    admin,
    specs.map((s) => s.topic),
  );
  const sizes = new Map(topics.map(({ name, partitions }) => [name, partitions.length]));
  return specs.filter((s) => (sizes.get(s.topic) ?? 0) < s.partitions).map((s) => ({ topic: s.topic, count: s.partitions }));
}

const metadata = (admin: Admin, names: string[]): Promise<ITopicMetadata[]> =>
  retryUntilKnown(async () => (await admin.fetchTopicMetadata({ topics: names })).topics);

/** Repeats `request` while the topic has no leader or is unknown, as brokers learn of a new topic with a delay. */
export async function retryUntilKnown<T>(request: () => Promise<T>): Promise<T> {
  for (const deadline = Date.now() + metadataTimeoutMs; ; await sleep(100)) {
    try {
      return await request();
    } catch (error) {
      if (!isTransient(error) || Date.now() > deadline) throw error;
    }
  }
}

/** Updates configuration. `alterConfigs` replaces all overrides of a topic, so existing ones are included. */
async function configure(admin: Admin, specs: readonly TopicSpec[]): Promise<void> {
  const type = ConfigResourceTypes.TOPIC;
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: specs.map(({ topic }) => ({ type, name: topic })),
  });
  const current = new Map(
    resources.map(({ resourceName, configEntries }) => {
      const set = configEntries.filter((e) => e.configSource === ConfigSource.TOPIC_CONFIG);
      return [resourceName, Object.fromEntries(set.map((e) => [e.configName, e.configValue]))];
    }),
  );
  const differing = specs.filter(({ topic, config }) =>
    Object.entries(config).some(([name, value]) => current.get(topic)?.[name] !== value),
  );
  if (differing.length === 0) return;
  await admin.alterConfigs({
    validateOnly: false,
    resources: differing.map(({ topic, config }) => ({ type, name: topic, configEntries: entries({ ...current.get(topic), ...config }) })),
  });
}

const entries = (config: TopicSpec['config']): { name: string; value: string }[] =>
  Object.entries(config).map(([name, value]) => ({ name, value }));
