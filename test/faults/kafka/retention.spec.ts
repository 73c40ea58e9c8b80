import { jest } from '@jest/globals';
import { listGaps, audit, NoRetentionGaps, Relay, republish, resolveGap, withSnapshot } from '@orderloom/event-sourcing';
import kafkajs from 'kafkajs';
import { box } from '../../../libs/event-sourcing/src/decider/box.fixture.js';
import { publicationsTo, source } from '../support/kafka/box-wire.js';
import { Boxes, named } from '../support/boxes.js';
import { ConsumerGroup } from '../support/hearers.js';
import { describeOnKafka } from '../support/kafka/on-kafka.js';
import { endProcesses } from '../support/test-process.js';

jest.setTimeout(120_000);

let boxes: Boxes;
let group: ConsumerGroup;
let relay: Relay;

const publish = (): void => {
  const { store, log, topic } = boxes;
  relay = new Relay({ store, log, source, publications: publicationsTo(topic), deciders: [box] });
  relay.start();
};

/** Takes everything from the topic that is there, as its retention does. */
async function expire(): Promise<void> {
  await boxes.log.bounds([boxes.topic]); // waits until every partition has a leader, which kafkajs' own question does not
  const admin = new kafkajs.Kafka({ brokers: [...boxes.brokers], logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  const partitions = (await admin.fetchTopicOffsets(boxes.topic)).map(({ partition, high }) => ({ partition, offset: high }));
  await admin.deleteTopicRecords({ topic: boxes.topic, partitions });
  await admin.disconnect();
}

/** Number of effects per message. */
async function effects(): Promise<number[]> {
  const { rows } = await group.store.pool.query<{ n: number }>("select count(*)::int as n from events group by data->>'id'");
  return rows.map(({ n }) => n);
}

const missedBy = (): Promise<string[]> =>
  withSnapshot(group.store.pool, async (facts) =>
    (await audit(facts, [new NoRetentionGaps()])).flatMap(({ violations }) => [...violations]),
  );

describeOnKafka('fault 26: retention deletes records that a consumer has not consumed', () => {
  let before: number;
  let lost: number;
  let since: string;

  beforeAll(async () => {
    boxes = await Boxes.open('retention');
    group = await ConsumerGroup.of(boxes, 'late');
    publish();
    const first = await group.member();
    before = await boxes.fill(named('a', 6), named('thing', 5));
    await boxes.published();
    await group.caughtUp();
    await first.stop();
    since = await boxes.store.now();
    lost = await boxes.fill(named('a', 6), named('lost', 5));
    await boxes.published();
    await expire();
    await boxes.fill(named('a', 6), ['kept']);
    await boxes.published();
    await group.member();
  });
  afterAll(async () => {
    await endProcesses();
    await relay.stop();
    await group.store.close();
    await boxes.close();
  });

  it('the consumer continues with the remaining records and reports the gap until it is resolved (I1)', async () => {
    await group.lagIsOver();
    expect(await effects()).toEqual(Array.from({ length: before + 6 }, () => 1));
    const missed = await listGaps(group.store);
    expect(missed.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(lost);
    expect(await missedBy()).toHaveLength(missed.length);
  });

  it('the publishing service republishes the records from its store, and each has its effect once (I1, I4)', async () => {
    await relay.stop();
    expect(await republish(boxes.store, since)).toBe(lost + 6);
    publish();
    await group.caughtUp();
    expect(await effects()).toEqual(Array.from({ length: before + lost + 6 }, () => 1));
    for (const { id } of await listGaps(group.store)) await resolveGap(group.store, id, 'said again', 'tester');
    expect(await missedBy()).toEqual([]);
  });
});
