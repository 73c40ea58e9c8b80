import { randomUUID } from 'node:crypto';
import { Consumer, type PostgresStore, type Subscription } from '@orderloom/event-sourcing';
import { encode, KafkaLog } from '@orderloom/messaging';
import { benchTopic } from '../setup/topics.js';

const atOnce = 1_000;

export interface Said {
  readonly subject: string;
  readonly data: object;
  readonly flow?: string;
}

/** A topic that holds `said`, in this order, all of type `ThingSaid`. */
export async function saidOn(brokers: readonly string[], name: string, said: readonly Said[]): Promise<string> {
  const { topic, log } = await benchTopic(brokers, name);
  for (let i = 0; i < said.length; i += atOnce)
    await log.publish(
      said.slice(i, i + atOnce).map(({ subject, data, flow }) => {
        const event = {
          id: randomUUID(),
          source: '/bench',
          type: 'ThingSaid',
          typeVersion: 1,
          subject,
          time: new Date().toISOString(),
          data,
        };
        return { topic, key: subject, ...encode({ ...event, ...(flow !== undefined && { flow }) }) };
      }),
    );
  await log.close();
  return topic;
}

/**
 * Reads `topic` from its beginning with a group of its own until `count` messages were handled; resolves to how many a second, from
 * when the first one of each partition can be handled. `concurrency` 1: one after the other, of one partition at a time.
 */
export async function consumed(
  { store, brokers, concurrency }: { store: PostgresStore; brokers: readonly string[]; concurrency?: 1 },
  topic: string,
  count: number,
  handle: Subscription['handle'],
): Promise<number> {
  const log = new KafkaLog({
    ...{ brokers: [...brokers], clientId: `bench-${randomUUID()}` },
    ...(concurrency === 1 && { consumer: { partitionsConsumedConcurrently: 1 } }),
  });
  let [since, handled] = [0, 0];
  let done: () => void = () => undefined;
  const all = new Promise<void>((resolve) => (done = resolve));
  const subscription: Subscription = {
    topic,
    type: 'ThingSaid',
    parse: (data) => data,
    handle: async (message) => {
      since ||= performance.now();
      await handle(message);
      handled += 1;
      if (handled === count) done();
    },
  };
  const consumer = new Consumer({
    ...{ store, log, group: `bench.${randomUUID()}`, subscriptions: [subscription] },
    ...(concurrency && { concurrency }),
  });
  await consumer.start((error) => {
    throw error;
  });
  await all;
  const seconds = (performance.now() - since) / 1000;
  await consumer.stop();
  await log.close();
  const parked = await consumer.parked();
  if (parked[0]) throw new Error(`a message was parked: ${parked[0].reason}`);
  return count / seconds;
}
