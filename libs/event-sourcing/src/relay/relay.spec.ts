import { append, someEvents, meta, until } from '../store/contract/contract-support.js';
import type { RecordedEvent } from '../decider/event.js';
import { MemoryStore } from '../memory/memory-store.js';
import type { Publication } from './publication.js';
import { FakeLog } from '../consumer/fake-log.fixture.js';
import { Relay, type RelayOptions } from './relay.js';

const said: Publication = (event) => [{ topic: 't', type: event.type, data: event.data, typeVersion: 2 }];

describe('the relay', () => {
  let store: MemoryStore;
  let log: FakeLog;
  const relays: Relay[] = [];

  beforeEach(() => {
    store = new MemoryStore();
    log = new FakeLog();
  });
  afterEach(async () => {
    await Promise.all(relays.splice(0).map((relay) => relay.stop()));
  });

  function start(more: Partial<RelayOptions> = {}): Relay {
    const relay = new Relay({ store, log, source: '/orderloom/test', publications: [said], ...more });
    relays.push(relay);
    relay.start();
    return relay;
  }
  const versions = (stream: string): (number | undefined)[] =>
    log
      .messages()
      .filter((m) => m.stream === stream)
      .map((m) => m.streamVersion);

  it('a published message has everything that consumers need', async () => {
    const from = { by: 'ann', causation: 'm-0', correlation: 's-0', trace: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
    const [event] = [{ type: 'OrderPlaced', data: { lines: 1 }, rule: 'ORD-01', occurredAt: '2010-12-01T08:26:00.000000Z' }];
    await store.commit({ meta: from, appends: [{ stream: 'order-1', subject: '536365', expected: 'none', events: [event] }] });
    const recorded = (await store.load('order-1')).events[0];
    start({ publications: [(e) => [{ topic: 't', type: 'order.placed', data: e.data, flow: 'f-1' }]] });
    await until(() => log.published.length === 1);
    expect(log.published[0]).toMatchObject({ topic: 't', key: '536365' });
    expect(log.messages()[0]).toMatchObject({
      ...{ id: recorded?.id, source: '/orderloom/test', type: 'order.placed', typeVersion: 1, subject: '536365', data: { lines: 1 } },
      ...{ time: '2010-12-01T08:26:00.000000Z', recordedAt: recorded?.recordedAt, by: 'ann', rule: 'ORD-01', causation: 'm-0' },
      ...{ correlation: 's-0', traceparent: from.trace, flow: 'f-1', stream: 'order-1', streamVersion: 1 },
    });
  });

  it('further messages of one event have its id with a number', async () => {
    await store.commit(append('a'));
    const id = (await store.load('a')).events[0]?.id;
    start({ publications: [said, said, said] });
    await until(() => log.published.length === 3);
    expect(log.messages().map((m) => m.id)).toEqual([id, `${id}.1`, `${id}.2`]);
  });

  it('each stream is published in version order, existing and later events', async () => {
    for (let i = 0; i < 20; i += 1) await store.commit(append(`s-${i % 3}`, 'any', someEvents(2)));
    start({ batch: 7 });
    await until(() => log.published.length === 40);
    await store.commit(append('s-0'));
    await until(() => log.published.length === 41);
    expect(versions('s-0')).toEqual(Array.from({ length: 15 }, (_, i) => i + 1));
  });

  it('after a restart it continues after its checkpoint', async () => {
    await store.commit(append('a'));
    const first = start();
    await until(() => log.published.length === 1);
    await first.stop();
    await store.commit(append('a'));
    start();
    await until(() => log.published.length === 2);
    expect(versions('a')).toEqual([1, 2]);
  });

  it('unacknowledged events are published again, and nothing is lost while the log is down', async () => {
    let down = 2;
    log.beforePublish = () => {
      if (down > 0) throw new Error(`down ${(down -= 1)}`);
    };
    const relay = start();
    await store.commit(append('a', 'any', someEvents(3)));
    await until(() => relay.health()[0]?.error !== undefined);
    expect(relay.health()[0]).toMatchObject({ lagEvents: 3 });
    await until(() => log.published.length === 3);
    expect(versions('a')).toEqual([1, 2, 3]);
    await until(() => relay.health()[0]?.error === undefined);
  });

  it('its own repetition is not taken for a stream out of order', async () => {
    const relay = start();
    await store.commit(append('a'));
    await until(() => log.published.length === 1 && relay.work().idle);
    const commit = store.commit.bind(store);
    let failures = 1;
    store.commit = async (unit) => {
      if (unit.checkpoint && (failures -= 1) >= 0) throw new Error('lost');
      return commit(unit);
    };
    await commit(append('a'));
    await until(() => log.published.length === 3);
    await commit(append('a'));
    await until(() => log.published.length === 4);
    expect(versions('a')).toEqual([1, 2, 2, 3]);
    expect(relay.health()[0]?.halted).toBeUndefined();
  });

  it('it is not idle while a transaction holds an event back, which is published when that ends', async () => {
    const relay = start();
    const early = await store.openWriter();
    const heldBack = store.heldBack.bind(store);
    let looks = 0;
    store.heldBack = async (...args) => {
      looks += 1;
      return heldBack(...args);
    };
    await store.commit(append('a'));
    await until(() => looks > 3);
    expect([relay.work().idle, log.published]).toEqual([false, []]);
    await early.rollback();
    await until(() => log.published.length === 1 && relay.work().idle);
  });

  it.each([
    [
      'out of order',
      2,
      (events: readonly RecordedEvent[]) => events.toReversed(),
      'events of a are out of order: expected version 3, received 1',
    ],
    [
      'with a gap',
      3,
      (events: readonly RecordedEvent[]) => events.filter(({ version }) => version !== 2),
      'events of a are out of order: expected version 2, received 3',
    ],
  ])('a shard halts if a stream comes %s', async (_, count, wrong, halted) => {
    await store.commit(append('a', 'any', someEvents(count)));
    const read = store.read.bind(store);
    store.read = async (...args) => wrong(await read(...args));
    const relay = start();
    await until(() => relay.health()[0]?.halted !== undefined);
    expect(relay.health()[0]?.halted).toBe(halted);
    expect(log.published).toEqual([]);
  });

  it('one process publishes at a time, and another takes over', async () => {
    const first = start({ owner: 'one' });
    await store.commit(append('a'));
    await until(() => log.published.length === 1);
    const second = start({ owner: 'two' });
    await store.commit(append('a'));
    await until(() => log.published.length === 2);
    expect([first.health()[0]?.holds, second.health()[0]?.holds]).toEqual([true, false]);
    await first.stop();
    await store.commit(append('a'));
    await until(() => log.published.length === 3);
    expect(versions('a')).toEqual([1, 2, 3]);
  });

  it('no checkpoint moves after another process has taken the lease', async () => {
    let passOn: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (passOn = resolve));
    const relay = start({ owner: 'one' });
    log.beforePublish = () => held;
    await store.commit(append('a'));
    await until(() => relay.health()[0]?.lagEvents === 1);
    await store.lease('relay/0-of-1', 'one', 0);
    await until(async () => (await store.lease('relay/0-of-1', 'two', 60)) !== null);
    passOn();
    await until(() => relay.health()[0]?.holds === false);
    expect(log.published.length).toBe(1);
    expect((await store.checkpoint('relay/0-of-1')).position).toBe('0');
  });

  it('each subject is in one shard, and all subjects are published', async () => {
    for (let i = 0; i < 30; i += 1) await store.commit(append(`s-${i % 10}`));
    start({ shards: 4 });
    await until(() => log.published.length === 30);
    for (let i = 0; i < 10; i += 1) expect(versions(`s-${i}`)).toEqual([1, 2, 3]);
  });

  it('a publish holds at most the bytes that a broker accepts', async () => {
    const large = Array.from({ length: 10 }, () => ({ type: 'T', data: { text: 'x'.repeat(200_000) } }));
    await store.commit({ meta, appends: [{ stream: 'a', subject: 'a', expected: 'none', events: large }] });
    start();
    await until(() => log.published.length === 10);
    expect(Math.max(...log.sizes)).toBeLessThan(1024 * 1024);
  });
});
