import { jest } from '@jest/globals';
import { newId } from '@orderloom/kernel';
import kafkajs from 'kafkajs';
import { brokers, closeLogs, describeOnKafka, makeLog, Network, publishSnappyRecord, topicOf } from './kafka.fixture.js';
import { KafkaLog } from './kafka-log.js';
import { describeLog } from '../contract/log.contract.js';
import { numbers, record, texts, until } from '../contract/log.fixture.js';
import type { IncomingRecord, Log, LogSubscription, RunningSubscription } from '../log.js';

const { ConfigResourceTypes, Kafka } = kafkajs;

jest.setTimeout(30_000);
afterEach(closeLogs);

/** Kafka checks retention only every five minutes. */
async function expire(log: Log, topic: string): Promise<void> {
  await log.bounds([topic]); // waits until every partition has a leader, which kafkajs' own question does not
  const admin = new Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  const partitions = (await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => ({ partition, offset: high }));
  await admin.deleteTopicRecords({ topic, partitions });
  await admin.disconnect();
}

describeOnKafka('on Kafka', () => describeLog('Kafka', async () => new KafkaLog({ brokers, clientId: 'test' }), expire));

describeOnKafka('Kafka topics', () => {
  const admin = new Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING }).admin();
  beforeAll(() => admin.connect());
  afterAll(() => admin.disconnect());

  const configOf = async (topic: string): Promise<Record<string, string>> => {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name: topic }],
    });
    return Object.fromEntries(resources[0]?.configEntries.map((e) => [e.configName, e.configValue]) ?? []);
  };

  it('they are created with their configuration, and a later start changes only that', async () => {
    const log = makeLog();
    const topic = `test.${newId()}`;
    await log.ensureTopics([{ topic, partitions: 1, config: { 'retention.ms': '86400000', 'compression.type': 'gzip' } }]);
    expect(await configOf(topic)).toMatchObject({ 'retention.ms': '86400000', 'compression.type': 'gzip' });
    await log.ensureTopics([{ topic, partitions: 1, config: { 'retention.ms': '172800000' } }]);
    expect(await configOf(topic)).toMatchObject({ 'retention.ms': '172800000', 'compression.type': 'gzip' });
  });
});

describeOnKafka('a Kafka subscription', () => {
  const subscribe = (log: KafkaLog, topic: string, handle: LogSubscription['handle']): Promise<RunningSubscription> =>
    log.subscribe({ group: topic, topics: [topic], handle, onCrash: (error) => expect(error).toBeUndefined() });

  it('it commits part by part, and handled records do not come again', async () => {
    const log = makeLog({ maxRecords: 2 });
    const topic = await topicOf(log);
    await log.publish(numbers(5).map((n) => record(topic, 'k', n)));
    const sizes: number[] = [];
    let rejected = false;
    const member = await subscribe(log, topic, async (records) => {
      sizes.push(records.length);
      rejected = records.some((r) => String(r.value) === '4');
      if (rejected) throw new Error('no');
    });
    await until(() => rejected);
    await member.stop();
    expect(sizes.slice(0, 3)).toEqual([2, 2, 1]);
    expect(await log.lag(topic, [topic])).toEqual({ [topic]: 1 });
  });

  it('after a seek back it does not lower the committed offset (I9)', async () => {
    const log = makeLog({ maxRecords: 1 });
    const topic = await topicOf(log);
    await log.publish(numbers(3).map((n) => record(topic, 'k', n)));
    const first = await subscribe(log, topic, async () => undefined);
    await until(async () => (await log.lag(topic, [topic]))[topic] === 0);
    await first.stop();
    await log.publish([record(topic, 'k', '3')]);
    const got: string[] = [];
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const joining: Promise<RunningSubscription> = subscribe(log, topic, async (records) => {
      got.push(...texts(records));
      if (got.length === 1) (await joining).seek(topic, 0, '0');
      if (got.length === 3) await held;
    });
    await until(() => got.length === 3);
    const stopped = (await joining).stop();
    release();
    await stopped;
    expect(got).toEqual(['3', '0', '1']);
    expect(await log.lag(topic, [topic])).toEqual({ [topic]: 1 });
  });

  it('after a stop it begins no further part', async () => {
    const log = makeLog({ maxRecords: 1 });
    const topic = await topicOf(log);
    await log.publish(numbers(3).map((n) => record(topic, 'k', n)));
    let handled = 0;
    let release: () => void = () => undefined;
    const member = await subscribe(log, topic, async () => {
      handled += 1;
      await new Promise<void>((resolve) => (release = resolve));
    });
    await until(() => handled === 1);
    const stopped = member.stop();
    release();
    await stopped;
    expect(await log.lag(topic, [topic])).toEqual({ [topic]: 2 });
  });

  it('the back-off grows with each rejection and is reset by a success', async () => {
    const waits: unknown[] = [];
    const log = makeLog({
      log: (_, message, extra) => void (message.startsWith('handling of records failed') && waits.push(extra['waitMs'])),
    });
    const topic = await topicOf(log);
    const outcomes = [false, false, false, false, true, false, true];
    const member = await subscribe(log, topic, async () => {
      if (!outcomes.shift()) throw new Error('no');
    });
    await log.publish([record(topic, 'k', 'x')]);
    await until(async () => waits.length === 4 && (await log.lag(topic, [topic]))[topic] === 0);
    await log.publish([record(topic, 'k', 'y')]);
    await until(() => outcomes.length === 0);
    await member.stop();
    expect(waits).toEqual([100, 200, 400, 800, 100]);
  });

  it('it stays in its group however long a batch takes', async () => {
    const network = new Network();
    const log = makeLog({ socketFactory: network.socketFactory });
    const topic = await topicOf(log);
    await log.publish([record(topic, 'k', 'x')]);
    const member = await subscribe(log, topic, async () => {
      const before = network.heartbeats;
      await until(() => network.heartbeats >= before + 2);
    });
    await until(async () => (await log.lag(topic, [topic]))[topic] === 0);
    await member.stop();
  });

  it('records of other systems are accepted: no key, no value, no headers, a repeated header', async () => {
    const log = makeLog();
    const topic = await topicOf(log);
    const producer = new Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING }).producer({
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    await producer.send({ topic, messages: [{ value: null }, { key: 'k', value: 'v', headers: { twice: ['one', 'two'] } }] });
    await producer.disconnect();
    const got: IncomingRecord[] = [];
    const member = await subscribe(log, topic, async (records) => void got.push(...records));
    await until(() => got.length === 2);
    await member.stop();
    expect(got).toMatchObject([
      { key: null, value: null, headers: {} },
      { key: 'k', headers: { twice: 'two' } },
    ]);
  });
});

describeOnKafka('a record compressed with snappy, which kafkajs cannot read', () => {
  const read = async (config: Record<string, string>): Promise<{ got: string[]; crashes: string[] }> => {
    const log = makeLog();
    const topic = `test.${newId()}`;
    await log.ensureTopics([{ topic, partitions: 1, config }]);
    await publishSnappyRecord(topic);
    const got: string[] = [];
    const crashes: string[] = [];
    await log.subscribe({
      group: topic,
      topics: [topic],
      handle: async (records) => void got.push(...records.map((r) => String(r.value))),
      onCrash: (error) => void crashes.push(error.message),
    });
    await until(() => got.length + crashes.length > 0);
    return { got, crashes };
  };

  it('on a topic with compression.type=gzip it is read, since the broker recompresses it', async () => {
    expect(await read({ 'compression.type': 'gzip' })).toEqual({ got: ['from a stranger'], crashes: [] });
  });

  it('on other topics it crashes the subscription, with an error', async () => {
    expect(await read({})).toEqual({ got: [], crashes: ['Snappy compression not implemented'] });
  });
});
