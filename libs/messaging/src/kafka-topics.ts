import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Admin, type ITopicMetadata } from 'kafkajs';
import { isTransient } from './kafka-errors.js';
import type { TopicSpec } from './log.js';

const { ConfigResourceTypes, ConfigSource } = kafkajs;
const knownWithinMs = 30_000;

/** Creates missing topics, adds missing partitions, sets differing configuration; others may do the same at the same time. */
export async function ensureTopics(admin: Admin, specs: readonly TopicSpec[]): Promise<void> {
  if (specs.length === 0) return;
  const present = new Set(await admin.listTopics());
  const missing = specs.filter(({ topic }) => !present.has(topic));
  if (missing.length > 0) await create(admin, missing);
  await grow(admin, specs);
  await configure(admin, specs);
}

/** kafkajs takes "exists already" for done. Replication is the brokers' default. */
async function create(admin: Admin, specs: readonly TopicSpec[]): Promise<void> {
  await admin.createTopics({
    waitForLeaders: false, // it gives up where a broker has not yet heard of the topic
    topics: specs.map(({ topic, partitions, config }) => ({ topic, numPartitions: partitions, configEntries: entries(config) })),
  });
}

async function grow(admin: Admin, specs: readonly TopicSpec[]): Promise<void> {
  for (const { topic, count } of await tooSmall(admin, specs)) {
    try {
      await admin.createPartitions({ topicPartitions: [{ topic, count }] });
    } catch (error) {
      const still = await tooSmall(admin, specs);
      if (still.some((s) => s.topic === topic)) throw error;
    }
  }
}

async function tooSmall(admin: Admin, specs: readonly TopicSpec[]): Promise<{ topic: string; count: number }[]> {
  const topics = await metadata(
    admin,
    specs.map((s) => s.topic),
  );
  const sizes = new Map(topics.map(({ name, partitions }) => [name, partitions.length]));
  return specs.filter((s) => (sizes.get(s.topic) ?? 0) < s.partitions).map((s) => ({ topic: s.topic, count: s.partitions }));
}

const metadata = (admin: Admin, names: string[]): Promise<ITopicMetadata[]> =>
  onceKnown(async () => (await admin.fetchTopicMetadata({ topics: names })).topics);

/** A topic is known, and led, only a while after it was created: what is asked of it before is asked again. */
export async function onceKnown<T>(ask: () => Promise<T>): Promise<T> {
  for (const until = Date.now() + knownWithinMs; ; await sleep(100)) {
    try {
      return await ask();
    } catch (error) {
      if (!isTransient(error) || Date.now() > until) throw error;
    }
  }
}

/** `alterConfigs` replaces all that a topic has of its own, so what somebody else set there goes along. */
async function configure(admin: Admin, specs: readonly TopicSpec[]): Promise<void> {
  const type = ConfigResourceTypes.TOPIC;
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: specs.map(({ topic }) => ({ type, name: topic })),
  });
  const own = new Map(
    resources.map(({ resourceName, configEntries }) => {
      const set = configEntries.filter((e) => e.configSource === ConfigSource.TOPIC_CONFIG);
      return [resourceName, Object.fromEntries(set.map((e) => [e.configName, e.configValue]))];
    }),
  );
  const differing = specs.filter(({ topic, config }) => Object.entries(config).some(([name, value]) => own.get(topic)?.[name] !== value));
  if (differing.length === 0) return;
  await admin.alterConfigs({
    validateOnly: false,
    resources: differing.map(({ topic, config }) => ({ type, name: topic, configEntries: entries({ ...own.get(topic), ...config }) })),
  });
}

const entries = (config: TopicSpec['config']): { name: string; value: string }[] =>
  Object.entries(config).map(([name, value]) => ({ name, value }));
