import { jest } from '@jest/globals';
import { Refusal } from '@orderloom/kernel';
import type { CloudEvent, IncomingRecord } from '@orderloom/messaging';
import type { Consumer } from '../consumer/consumer.js';
import { ConsumerBench } from '../consumer/consumer-bench.fixture.js';
import { FakeLog, record, topic } from '../consumer/fake-log.fixture.js';
import { MemoryStore } from '../memory/memory-store.js';
import { ParkedQueues } from './parked-queues.js';
import { listOperatorActions } from './operator-actions.js';

describe('a consumer with a parked key', () => {
  let bench: ConsumerBench;
  let start: ConsumerBench['start'];
  beforeEach(() => ({ start } = bench = new ConsumerBench()));
  const hand = (...records: readonly IncomingRecord[]): Promise<void> => bench.log.deliver(...records);

  const bad = (message: CloudEvent<{ n?: number }>): void => {
    if (message.data.n === 0) throw new Refusal('zero', 'n is zero');
  };
  const zero = (offset: number, key?: string): IncomingRecord => record(offset, { data: { n: 0 } }, key === undefined ? {} : { key });
  const states = async (consumer: Consumer): Promise<string[]> => (await consumer.parked()).map((p) => `${p.offset} ${p.state}`);

  beforeEach(() => (bench.fail = bad));

  it('later messages of that key are queued, and other keys are handled', async () => {
    const consumer = await start();
    await hand(zero(1), record(2, {}), record(3, {}, { key: 'other' }));
    await hand(record(4, {}));
    expect(await states(consumer)).toEqual(['1 parked', '2 queued', '4 queued']);
    expect([await bench.heard(), await bench.heard('other')]).toEqual([[], ['m-3']]);
  });

  it('a record without a key is parked alone', async () => {
    const consumer = await start();
    await hand(record(1, {}, { key: null }), record(2, {}));
    expect([await states(consumer), await bench.heard()]).toEqual([['1 parked'], ['m-2']]);
  });

  it('types without a subscription are still skipped', async () => {
    const consumer = await start();
    await hand(zero(1), record(2, { type: 'Other' }));
    expect(await states(consumer)).toEqual(['1 parked']);
  });

  it('each record is parked or queued once, however often it is delivered', async () => {
    const consumer = await start();
    await hand(zero(1), record(2, {}));
    await hand(zero(1), record(2, {}));
    expect(await states(consumer)).toEqual(['1 parked', '2 queued']);
  });

  it('the next process of the partition finds the parked key', async () => {
    const elsewhere = new FakeLog();
    await start({ log: elsewhere });
    const consumer = await start();
    await hand(record(0, {}, { key: 'other' }));
    await elsewhere.deliver(zero(1));
    bench.log.assign({ topic, partition: 0 });
    await hand(record(2, {}));
    expect(await states(consumer)).toEqual(['1 parked', '2 queued']);
  });

  it('a redrive handles the queue in order, and the key is handled again', async () => {
    const consumer = await start();
    await hand(zero(1), record(2, {}), record(3, {}));
    bench.fail = undefined;
    const [, second] = await consumer.parked();
    expect(await consumer.redrive(second?.id ?? '', 'ann')).toBe(3);
    await hand(record(4, {}));
    expect([await bench.heard(), await consumer.parked()]).toEqual([['m-1', 'm-2', 'm-3', 'm-4'], []]);
  });

  it('a redrive stops at the first record that fails again, with its new reason', async () => {
    const consumer = await start();
    await hand(zero(1), record(2, {}), zero(3), record(4, {}));
    bench.fail = ({ id }) => {
      if (id === 'm-3') throw new Refusal('third', 'not this one');
    };
    await consumer.redriveAll();
    expect(await bench.heard()).toEqual(['m-1', 'm-2']);
    expect(await consumer.parked()).toMatchObject([{ offset: '3', state: 'parked', reason: 'third: not this one' }, { offset: '4' }]);
  });

  it('a queue is redriven automatically when a version starts that knows it', async () => {
    const old = await start();
    await hand(record(1, { typeVersion: 2 }), record(2, {}));
    await old.stop();
    const knowing = await start({ subscriptions: [{ ...bench.subscription, maxVersion: 2 }] });
    expect([await bench.heard(), await knowing.parked()]).toEqual([['m-1', 'm-2'], []]);
  });

  it('an operator dismisses the first record, and the others are handled', async () => {
    const consumer = await start();
    await hand(zero(1), record(2, {}));
    const [first, second] = await consumer.parked();
    await expect(consumer.dismiss(second?.id ?? '', 'why', 'ann')).rejects.toMatchObject({ code: 'waits-behind' });
    await consumer.dismiss(first?.id ?? '', 'entered by hand', 'ann');
    expect([await bench.heard(), await consumer.parked()]).toEqual([['m-2'], []]);
    expect(await bench.store.row('parked', first?.id ?? '')).toMatchObject({
      state: 'dismissed',
      dismissed: { reason: 'entered by hand', by: 'ann' },
    });
  });

  it.each(['redriven', 'dismissed'])('a process that queued behind a record that was %s elsewhere handles the next one', async (how) => {
    const consumer = await start();
    await hand(zero(1), record(2, {}));
    bench.fail = undefined;
    const [first] = await consumer.parked();
    if (how === 'redriven') await consumer.redrive(first?.id ?? '', 'ann');
    else await consumer.dismiss(first?.id ?? '', 'entered by hand', 'ann');
    await hand(record(3, {}));
    expect([(await bench.heard()).slice(-2), await consumer.parked()]).toEqual([['m-2', 'm-3'], []]);
  });

  it.each([2, 3])('after the redrive of a queue of %i, a new failure queues later records again', async (length) => {
    const consumer = await start();
    await hand(zero(1), ...Array.from({ length: length - 1 }, (_, i) => record(2 + i, {})));
    bench.fail = undefined;
    await consumer.redriveAll();
    bench.fail = bad;
    await hand(zero(5), record(6, {}), record(7, {}));
    expect(await states(consumer)).toEqual(['5 parked', '6 queued', '7 queued']);
    bench.fail = undefined;
    await consumer.redriveAll();
    expect([(await bench.heard()).slice(-3), await consumer.parked()]).toEqual([['m-5', 'm-6', 'm-7'], []]);
  });

  it('operator actions are stored with actor, time and the reason for parking', async () => {
    const consumer = await start();
    await hand(zero(1), record(2, {}), zero(3));
    const [first, second, third] = await consumer.parked();
    expect(await consumer.redrive(first?.id ?? '', 'ann')).toBe(0);
    bench.fail = ({ id }) => bad({ data: { n: id === 'm-3' ? 0 : 1 } } as CloudEvent<{ n: number }>);
    expect(await consumer.redrive(first?.id ?? '', 'bob')).toBe(2);
    bench.store.setNow('2999-11-03T09:00:00.000000Z');
    await consumer.dismiss(third?.id ?? '', 'entered by hand', 'cy');
    const said = (await listOperatorActions(bench.store, 10)).map(({ of, action: did, by, at, error, reason }) => [
      of,
      did,
      by,
      at.slice(0, 10),
      error,
      reason,
    ]);
    const zeroed = 'zero: n is zero';
    expect(said[0]).toEqual([third?.id, 'dismissed', 'cy', '2999-11-03', zeroed, 'entered by hand']);
    const others = said.slice(1).map(([of, did, by, , error]) => [of, did, by, error].join(' '));
    expect(others.sort()).toEqual(
      [
        [first?.id, 'tried', 'ann', zeroed].join(' '),
        [first?.id, 'redriven', 'bob', zeroed].join(' '),
        [second?.id, 'redriven', 'bob', 'waits behind a parked record of its key'].join(' '),
        [third?.id, 'tried', 'bob', zeroed].join(' '),
      ].sort(),
    );
    expect(await listOperatorActions(bench.store, 1)).toHaveLength(1);
  });

  it('a key can be parked again later', async () => {
    const consumer = await start();
    await hand(zero(1));
    bench.fail = undefined;
    await consumer.redriveAll();
    bench.fail = bad;
    await hand(record(2, {}), zero(3), record(4, {}));
    expect([await bench.heard(), await states(consumer)]).toEqual([
      ['m-1', 'm-2'],
      ['3 parked', '4 queued'],
    ]);
  });

  it('two concurrent redrives lose nothing and keep the order of new records', async () => {
    const [a, b] = [await start({ log: new FakeLog() }), await start()];
    const offsets = Array.from({ length: 40 }, (_, i) => i + 2);
    await hand(zero(1), ...offsets.slice(0, 20).map((n) => record(n, {})));
    bench.fail = undefined;
    const coming = offsets.slice(20).map((n) => record(n, {}));
    await Promise.all([a.redriveAll(), b.redriveAll(), ...[hand(...coming)]]);
    expect(await bench.heard()).toEqual([1, ...offsets].map((n) => `m-${n}`));
    expect(await b.parked()).toEqual([]);
  });

  it('an entry of a process that did not know of the redrive is removed', async () => {
    const consumer = await start();
    await hand(zero(1));
    const [parked] = await consumer.parked();
    bench.fail = undefined;
    await consumer.redriveAll();
    await bench.store.commit({ meta: { by: 'late' }, rows: [{ op: 'put', table: 'parked', key: parked?.id ?? '', row: parked ?? {} }] });
    await consumer.redriveAll();
    await hand(record(2, {}));
    expect([await consumer.parked(), await bench.heard()]).toEqual([[], ['m-1', 'm-2']]);
  });

  it('an unknown record is reported as not found', async () => {
    await expect((await start()).redrive('none', 'ann')).rejects.toThrow('not found');
  });
});

describe('two processes with one parked queue', () => {
  const group = 'g';
  const failure = { reason: 'not understood', errors: [] };
  const offsets = async (of: ParkedQueues): Promise<string[]> => (await of.waiting()).map(({ offset }) => offset);
  let store: MemoryStore;
  let other: ParkedQueues;
  beforeEach(async () => {
    store = new MemoryStore();
    other = new ParkedQueues(store, group);
    await other.append(record(1, {}), failure);
  });

  /** One that is about to commit when `first` happens. */
  const overtakenBy = (first: () => Promise<unknown>): ParkedQueues => {
    const commit = store.commit.bind(store);
    jest.spyOn(store, 'commit').mockImplementationOnce(async (unit) => {
      await first();
      return commit(unit);
    });
    return new ParkedQueues(store, group);
  };

  it('concurrent entries do not overwrite each other', async () => {
    await overtakenBy(() => other.append(record(2, {}), failure)).append(record(3, {}), failure);
    expect(await offsets(other)).toEqual(['1', '2', '3']);
  });

  it('an entry beside the end of the queue becomes its new head', async () => {
    const { value: head } = await other.heads().next();
    if (!head) throw new Error('nothing is parked');
    expect(await overtakenBy(() => other.append(record(2, {}))).resolve(head)).toMatchObject({ offset: '2' });
    expect(await offsets(other)).toEqual(['2']);
  });
});
