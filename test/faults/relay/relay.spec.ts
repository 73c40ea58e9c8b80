import { jest } from '@jest/globals';
import { Boxes, named } from '../support/boxes.js';
import { describeOnKafka } from '../support/kafka/on-kafka.js';
import { eventually } from '../support/eventually.js';
import { ConsumerGroup } from '../support/hearers.js';
import { KafkaProxy } from '../support/kafka/kafka-proxy.js';
import { PostgresProxy } from '../support/postgres/postgres-proxy.js';
import { endProcesses, TestProcess } from '../support/test-process.js';

jest.setTimeout(120_000);

let boxes: Boxes;
let postgres: PostgresProxy;
let kafka: KafkaProxy;

beforeEach(async () => {
  boxes = await Boxes.open('relay');
  postgres = await PostgresProxy.inFrontOf(boxes.url);
  kafka = await KafkaProxy.inFrontOf(boxes.brokers[0] ?? '');
});
afterEach(async () => {
  await endProcesses();
  await Promise.all([postgres.close(), kafka.close(), boxes.close()]);
});

/** A relay that reaches both servers through the proxies. */
const behindProxies = () => boxes.settings({ url: postgres.url(), brokers: [kafka.address] });

/** Ids of the events on the topic, as they came. */
const onTheWire = async (): Promise<string[]> => (await boxes.records()).map(({ headers }) => headers['ce_id'] ?? '');
const events = async (): Promise<string[]> => (await boxes.store.read({ transaction: '0', position: '0' }, 1000)).map(({ id }) => id);

describeOnKafka("fault 2: kill -9 the relay after the broker's acknowledgement, before its checkpoint", () => {
  it('all events are published in order, and acknowledged ones are repeated only on the wire (I1, I3, I4)', async () => {
    await boxes.fill(named('a', 6), named('thing', 5));
    const checkpoint = postgres.nextCommit('before');
    const killed = await TestProcess.start('relay/relay', behindProxies());
    await checkpoint;
    await killed.kill();
    expect(await boxes.store.checkpoint('relay/0-of-1')).toEqual({ transaction: '0', position: '0' });

    await TestProcess.start('relay/relay', boxes.settings());
    await boxes.published();
    const wire = await onTheWire();
    expect(wire.length).toBe(60);
    expect(new Set(wire)).toEqual(new Set(await events()));
    expect(await boxes.audit()).toEqual([]);
  });
});

describeOnKafka("fault 3: kill -9 the relay before the broker's acknowledgement", () => {
  it.each([
    { moment: 'before' as const, what: 'that the broker has not heard of', times: 1 },
    { moment: 'after' as const, what: 'that the broker has, though nobody heard so', times: 2 },
  ])('nothing is lost of a batch $what (I1, I3)', async ({ moment, times }) => {
    await boxes.fill(named('a', 6), named('thing', 5));
    const produced = kafka.nextRequest('Produce', moment);
    const killed = await TestProcess.start('relay/relay', behindProxies());
    await produced;
    await killed.kill();
    expect(await onTheWire()).toHaveLength(30 * (times - 1));

    await TestProcess.start('relay/relay', boxes.settings());
    await boxes.published();
    const wire = await onTheWire();
    expect(wire.length).toBe(30 * times);
    expect(new Set(wire)).toEqual(new Set(await events()));
    expect(await boxes.audit()).toEqual([]);
  });
});

describeOnKafka('fault 14: two relays hold themselves for the leader', () => {
  it('the one stopped beyond its lease moves no checkpoint, and consumers get every stream in order (I3, I4, I9)', async () => {
    await boxes.fill(named('a', 4), named('thing', 5));
    const stuck = kafka.nextRequest('Produce', 'before');
    const first = await TestProcess.start('relay/relay', { ...behindProxies(), batch: 16 });
    const late = await stuck;
    first.pause();

    // the second one leads as soon as the lease is over, and gets to its second batch
    const other = await KafkaProxy.inFrontOf(boxes.brokers[0] ?? '');
    const [begun, atWork] = [other.nextRequest('Produce', 'before'), other.nextRequest('Produce', 'before')];
    const second = await TestProcess.start('relay/relay', { ...boxes.settings({ brokers: [other.address] }), batch: 4 });
    (await begun).release();
    const behind = await atWork;
    await second.reported('committed', ({ status }) => status === 'committed');
    const at = await boxes.store.checkpoint('relay/0-of-1');

    first.resume();
    late.release();
    expect(await first.reported('committed')).toMatchObject({ status: 'stale', what: 'lease relay/0-of-1' });
    expect(await boxes.store.checkpoint('relay/0-of-1')).toEqual(at);

    behind.release();
    await boxes.published();
    await eventually('the whole topic has everything', async () => (await onTheWire()).length === 36);
    expect(new Set(await onTheWire())).toEqual(new Set(await events()));
    expect(await boxes.audit()).toEqual([]);
    await other.close();
  });
});

describeOnKafka('fault 18: the broker appends, but its acknowledgement is lost', () => {
  it('the relay continues by itself: all events are published once, in order and with one effect (I1, I3, I4)', async () => {
    await boxes.fill(named('a', 6), named('thing', 5));
    // more often than kafkajs tries by itself
    let lost = kafka.nextRequest('Produce', 'after');
    const relay = await TestProcess.start('relay/relay', behindProxies());
    for (let acks = 0; acks < 8; acks += 1) {
      const held = await lost;
      expect(await onTheWire()).toHaveLength(30);
      expect(await boxes.store.checkpoint('relay/0-of-1')).toEqual({ transaction: '0', position: '0' });
      lost = kafka.nextRequest('Produce', 'after');
      held.cut();
    }
    // what is committed meanwhile waits, and overtakes nothing
    await boxes.fill(named('a', 6), ['late']);
    (await lost).release();
    await boxes.published();
    expect(relay.messages.filter(({ event }) => event === 'error')).toEqual([]);
    expect(await onTheWire()).toEqual(expect.arrayContaining(await events()));
    expect(await onTheWire()).toHaveLength(36);
    expect(await boxes.audit()).toEqual([]);

    const group = await ConsumerGroup.of(boxes, 'lost_acks');
    await group.member();
    await group.caughtUp();
    expect(await group.broken()).toEqual([]);
    await group.store.close();
  });
});
