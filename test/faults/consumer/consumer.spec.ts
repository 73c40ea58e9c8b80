import { setTimeout as pause } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { Relay } from '@orderloom/event-sourcing';
import { box } from '../../../libs/event-sourcing/src/decider/box.fixture.js';
import { publicationsTo, source } from '../support/kafka/box-wire.js';
import { Boxes, named } from '../support/boxes.js';
import { eventually } from '../support/eventually.js';
import { ConsumerGroup, OffsetWatch } from '../support/hearers.js';
import { KafkaProxy } from '../support/kafka/kafka-proxy.js';
import { describeOnKafka } from '../support/kafka/on-kafka.js';
import { PostgresProxy } from '../support/postgres/postgres-proxy.js';
import { endProcesses, type TestProcess } from '../support/test-process.js';

jest.setTimeout(240_000);

let boxes: Boxes;
let relay: Relay;
const proxies: (KafkaProxy | PostgresProxy)[] = [];
const groups: ConsumerGroup[] = [];

const inFrontOf = async <P extends KafkaProxy | PostgresProxy>(starting: Promise<P>): Promise<P> => {
  const proxy = await starting;
  proxies.push(proxy);
  return proxy;
};
const broker = (): Promise<KafkaProxy> => inFrontOf(KafkaProxy.inFrontOf(boxes.brokers[0] ?? ''));
const hearers = async (name: string): Promise<ConsumerGroup> => {
  const group = await ConsumerGroup.of(boxes, name);
  groups.push(group);
  return group;
};
const statuses = ({ messages }: TestProcess): unknown[] => messages.filter(({ event }) => event === 'effect').map(({ status }) => status);

/** Killed when its effects are committed and the broker has not heard of its offset. */
async function killedAfterCommit() {
  const group = await hearers('after');
  const kafka = await broker();
  const offset = kafka.nextRequest('OffsetCommit', 'before');
  const first = await group.member({ brokers: [kafka.address] });
  await offset;
  await first.kill();
  const before = await group.effects();
  const second = await group.member();
  await group.caughtUp();
  return { group, before, again: statuses(second).filter((status) => status === 'duplicate').length };
}

/** Killed when its effects are written and not committed. */
async function killedBeforeCommit() {
  const group = await hearers('before');
  const postgres = await inFrontOf(PostgresProxy.inFrontOf(group.url));
  const commit = postgres.nextCommit('before');
  const first = await group.member({ url: postgres.url() });
  await commit;
  await first.kill();
  const before = await group.effects();
  await group.member();
  await group.caughtUp();
  return { group, before };
}

/** Stopped, with effects committed and an offset on its way, until others have gone on with its partitions; then continued. */
async function stoppedPastItsSession() {
  const group = await hearers('stopped');
  const watch = new OffsetWatch(boxes.brokers, group.group, boxes.topic);
  const kafka = await broker();
  const offset = kafka.nextRequest('OffsetCommit', 'before');
  const first = await group.member({ brokers: [kafka.address] });
  const late = await offset;
  first.pause();
  const second = await group.member();
  await group.caughtUp();
  await boxes.fill(named('stopped', 6), named('thing', 5));
  await group.caughtUp();
  const handled = first.messages.length;
  first.resume();
  late.release();
  await eventually('the one that was stopped works again', async () => {
    await boxes.fill(named('resumed', 12), [`thing${Date.now()}`]);
    return first.messages.slice(handled).some(({ event, status }) => event === 'effect' && status === 'committed');
  });
  await group.caughtUp();
  return { group, back: await watch.stop(), again: statuses(second).filter((status) => status === 'duplicate').length };
}

/** Every 2 s one more joins and the oldest leaves, while messages flow. */
async function comingAndGoing() {
  const group = await hearers('changing');
  const watch = new OffsetWatch(boxes.brokers, group.group, boxes.topic);
  const members = [await group.member(), await group.member()];
  const flowing = { on: true };
  const flow = (async () => {
    for (let n = 1; flowing.on; n += 1) {
      await boxes.fill(named('flow', 12), [`thing${n}`]);
      await pause(50);
    }
  })();
  for (let change = 0; change < 4; change += 1) {
    const [next] = await Promise.all([group.member(), members.shift()?.stop(), pause(2000)]);
    members.push(next);
  }
  flowing.on = false;
  await flow;
  await group.caughtUp();
  return { group, back: await watch.stop(), members };
}

let four: ReturnType<typeof killedAfterCommit>;
let five: ReturnType<typeof killedBeforeCommit>;
let fifteen: ReturnType<typeof stoppedPastItsSession>;
let sixteen: ReturnType<typeof comingAndGoing>;

beforeAll(async () => {
  boxes = await Boxes.open('consumer');
  const { store, log, topic } = boxes;
  relay = new Relay({ store, log, source, publications: publicationsTo(topic), deciders: [box] });
  relay.start();
  await boxes.fill(named('a', 12), named('thing', 10));
  await boxes.published();
  // side by side, since each waits for a session to end
  const all = [
    (four = killedAfterCommit()),
    (five = killedBeforeCommit()),
    (fifteen = stoppedPastItsSession()),
    (sixteen = comingAndGoing()),
  ];
  await Promise.allSettled(all);
  await boxes.published();
});
afterAll(async () => {
  await endProcesses();
  await relay.stop();
  await Promise.all([...proxies.map((proxy) => proxy.close()), ...groups.map(({ store }) => store.close()), boxes.close()]);
});

describeOnKafka('fault 4: kill -9 a consumer after its commit, before the offset commit', () => {
  it('the same messages are delivered again and have no second effect (I4)', async () => {
    const { group, before, again } = await four;
    expect(before).toBeGreaterThan(0);
    expect(again).toBeGreaterThanOrEqual(before);
    await group.caughtUp();
    expect(await group.broken()).toEqual([]);
  });
});

describeOnKafka('fault 5: kill -9 a consumer before its commit', () => {
  it('nothing of the batch is stored, and it has its effect when it is delivered again (I1, I4)', async () => {
    const { group, before } = await five;
    expect(before).toBe(0);
    await group.caughtUp();
    expect(await group.broken()).toEqual([]);
  });
});

describeOnKafka('fault 15: a consumer is stopped beyond its session time-out, then continued', () => {
  it('its batch has one effect, offsets never go back, and it works again (I4, I9, I11)', async () => {
    const { group, again, back } = await fifteen;
    expect(again).toBeGreaterThan(0);
    expect(back).toEqual([]);
    await group.caughtUp();
    expect(await group.broken()).toEqual([]);
  });
});

describeOnKafka('fault 16: members join and leave every 2 s', () => {
  it('every message has one effect, each key stays in order, and offsets never go back (I1, I3, I4, I9)', async () => {
    const { group, back, members } = await sixteen;
    expect(members).toHaveLength(2);
    expect(back).toEqual([]);
    await group.caughtUp();
    expect(await group.broken()).toEqual([]);
    expect(await boxes.audit()).toEqual([]);
  });
});
