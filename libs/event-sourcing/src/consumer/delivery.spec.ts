import { EmbeddedLog, KafkaLog, type Log } from '@orderloom/messaging';
import { append, someEvents, until } from '../store/contract/contract-support.js';
import { openTestStore } from '../postgres/postgres.fixture.js';
import type { PostgresStore } from '../postgres/postgres-store.js';
import type { Subscription } from './subscription.js';
import { Consumer } from './consumer.js';
import { Relay } from '../relay/relay.js';

const subjects = Array.from({ length: 8 }, (_, i) => `subject-${i}`);
const rounds = 20;

describe("the delivery from one service's database to another's", () => {
  const topic = `delivery-${process.pid}-${Date.now()}`;
  let sender: PostgresStore;
  let receiver: PostgresStore;
  let log: Log;

  beforeAll(async () => {
    [sender, receiver] = await Promise.all([openTestStore('sender'), openTestStore('receiver')]);
    const { TEST_KAFKA_BROKERS = '', TEST_LOG_URL } = process.env;
    const clientId = 'test';
    log = TEST_LOG_URL
      ? new EmbeddedLog({ url: TEST_LOG_URL, clientId })
      : new KafkaLog({ brokers: TEST_KAFKA_BROKERS.split(','), clientId });
    await log.ensureTopics([{ topic, partitions: 3, config: {} }]);
  }, 60_000);
  afterAll(() => Promise.all([log.close(), sender.close(), receiver.close()]));

  const relay = (): Relay => {
    const said = new Relay({
      store: sender,
      log,
      source: '/test',
      publications: [(e) => [{ topic, type: e.type, data: e.data }]],
      batch: 10,
    });
    said.start();
    return said;
  };
  const heard: Subscription = {
    topic,
    type: 'ThingHappened',
    parse: (data) => data,
    handle: async ({ id, subject, streamVersion, recordedAt }) => {
      const events = [{ type: 'Heard', data: { streamVersion, causedAt: recordedAt } }];
      const unit = {
        inbox: { consumer: 'hearing', message: id },
        appends: [{ stream: subject, subject, expected: 'any' as const, events }],
      };
      await receiver.commit({ meta: { by: 'hearing', causation: id, causedAt: recordedAt }, ...unit });
    },
  };
  const consumer = async (): Promise<Consumer> => {
    const hearing = new Consumer({ store: receiver, log, group: topic, subscriptions: [heard] });
    await hearing.start((error) => {
      throw error;
    });
    return hearing;
  };

  it('every event arrives once and in order, while relays and consumers stop and start (I1, I3, I4)', async () => {
    const relays = [relay()];
    const consumers = [await consumer()];
    for (let round = 0; round < rounds; round += 1) {
      await Promise.all(subjects.map((s) => sender.commit(append(s, 'any', someEvents(2)))));
      if (round === 5) relays.push(relay());
      if (round === 8) await relays[0]?.stop();
      if (round === 10) consumers.push(await consumer());
      if (round === 15) await consumers[0]?.stop();
    }
    const streams = () => Promise.all(subjects.map((s) => receiver.load(s)));
    await until(async () => (await streams()).every((s) => s.version >= rounds * 2));
    await Promise.all([...relays, ...consumers].map((one) => one.stop()));
    for (const { events } of await streams()) {
      const data = events.map((e) => e.data as { streamVersion: number; causedAt: string });
      expect(data.map((d) => d.streamVersion)).toEqual(Array.from({ length: rounds * 2 }, (_, i) => i + 1));
      expect(events.filter((e, i) => e.recordedAt <= (data[i]?.causedAt ?? ''))).toEqual([]);
    }
  }, 120_000);
});
