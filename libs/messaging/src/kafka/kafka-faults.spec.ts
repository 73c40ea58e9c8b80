import { jest } from '@jest/globals';
import type { KafkaLog } from './kafka-log.js';
import { closeLogs, describeOnKafka, makeLog, Network, topicOf } from './kafka.fixture.js';
import type { LogSubscription } from '../log.js';
import { numbers, record, texts, until } from '../contract/log.fixture.js';

jest.setTimeout(30_000);
afterEach(closeLogs);

describeOnKafka('publishing through network faults', () => {
  const collect = async (log: KafkaLog, topic: string): Promise<string[]> => {
    const got: string[] = [];
    await log.subscribe({
      group: topic,
      topics: [topic],
      handle: async (records) => void got.push(...records.map((r) => String(r.value))),
      onCrash: (error) => void got.push(`crash: ${error.message}`),
    });
    return got;
  };

  it('lost acknowledgements cause no loss, duplicate or reordering', async () => {
    const network = new Network();
    const log = makeLog({ socketFactory: network.socketFactory });
    const topic = await topicOf(log);
    network.answersToLose = 3;
    await Promise.all(numbers(10).map((n) => log.publish([record(topic, 'k', n)])));
    expect(network.answersToLose).toBe(0);
    const got = await collect(log, topic);
    await log.publish([record(topic, 'k', 'last')]);
    await until(() => got.includes('last'));
    expect(got).toEqual([...numbers(10), 'last']);
  });

  it('a refused publish does not affect later ones', async () => {
    const log = makeLog();
    const [topic, small] = [await topicOf(log), await topicOf(log, { 'max.message.bytes': '1000' })];
    await log.publish([record(topic, 'k', 'before')]);
    await expect(log.publish([record(topic, 'k', 'beside'), record(small, 'k', 'x'.repeat(5000))])).rejects.toThrow(/larger than the max/);
    await log.publish([record(topic, 'k', 'after')]);
    const got = await collect(log, topic);
    await until(() => got.includes('after'));
    expect(got).toEqual(['before', 'beside', 'after']);
  });

  it('publishing and subscribing survive an outage longer than the retries of kafkajs', async () => {
    const network = new Network();
    const restarts: string[] = [];
    const log = makeLog({
      socketFactory: network.socketFactory,
      consumerRetries: 2,
      sessionTimeoutMs: 6000,
      log: (_, message) => void (message.startsWith('Restarting the consumer') && restarts.push(message)),
    });
    const topic = await topicOf(log);
    const got = await collect(log, topic);
    await log.publish([record(topic, 'k', 'before')]);
    await until(() => got.length === 1);
    network.disconnect();
    const published = Promise.all(numbers(5).map((n) => log.publish([record(topic, 'k', n)])));
    const impatient = makeLog({ socketFactory: network.socketFactory, publishPatienceMs: 0 });
    for (const n of numbers(2)) await expect(impatient.publish([record(topic, 'k', n)])).rejects.toThrow();
    await until(() => restarts.length > 0);
    network.reconnect();
    await published;
    // The group may hold the partition for its former member until that session expires, and may rebalance more than once.
    await until(() => got.includes('4'), 60);
    // The commit of the first record may not have reached the brokers.
    expect([...new Set(got)]).toEqual(['before', ...numbers(5)]);
  }, 120_000);

  it('publishing gives up after its time limit', async () => {
    const network = new Network();
    const log = makeLog({ socketFactory: network.socketFactory, publishPatienceMs: 0 });
    const topic = await topicOf(log);
    network.disconnect();
    await expect(log.publish([record(topic, 'k', 'x')])).rejects.toThrow(/ECONNREFUSED|Connection error|connect/i);
    network.reconnect();
    await log.publish([record(topic, 'k', 'y')]);
  });

  it('closing ends waiting publishes', async () => {
    const network = new Network();
    const log = makeLog({ socketFactory: network.socketFactory });
    const topic = await topicOf(log);
    network.disconnect();
    const refused = expect(log.publish([record(topic, 'k', 'x')])).rejects.toThrow();
    await log.close();
    await refused;
  });
});

describeOnKafka('a member that the group considered dead', () => {
  it('after it has joined again it commits nothing that it handled before (I9)', async () => {
    const network = new Network();
    const [log, others] = [makeLog({ socketFactory: network.socketFactory, sessionTimeoutMs: 6000 }), makeLog()];
    const topic = await topicOf(log);
    const onCrash = (error: Error): void => expect(error).toBeUndefined();
    let joined = 0;
    let release: () => void = () => undefined;
    let hasBegun = false;
    const first = await log.subscribe({
      ...{ group: topic, topics: [topic], onCrash },
      handle: async () => {
        hasBegun = true;
        await new Promise<void>((resolve) => (release = resolve));
      },
      onAssigned: () => (joined += 1),
    });
    await others.publish(numbers(3).map((n) => record(topic, 'k', n)));
    await until(() => hasBegun);
    network.disconnect();
    const got: string[] = [];
    const handle: LogSubscription['handle'] = async (records) => void got.push(...texts(records));
    const second = await others.subscribe({ group: topic, topics: [topic], onCrash, handle });
    await others.publish(numbers(3, 3).map((n) => record(topic, 'k', n)));
    await until(() => got.length === 6);
    await second.stop();
    const before = joined;
    network.reconnect();
    release();
    await until(() => joined > before);
    await first.stop();
    expect(await others.lag(topic, [topic])).toEqual({ [topic]: 0 });
  });
});
