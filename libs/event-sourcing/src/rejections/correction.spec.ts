import type { IncomingRecord } from '@orderloom/messaging';
import type { Consumer } from '../consumer/consumer.js';
import { ConsumerBench } from '../consumer/consumer-bench.fixture.js';
import { record, topic } from '../consumer/fake-log.fixture.js';
import { listOperatorActions } from '../parking/operator-actions.js';

describe('a corrected record', () => {
  let bench: ConsumerBench;
  beforeEach(() => (bench = new ConsumerBench()));
  const hand = (...records: readonly IncomingRecord[]): Promise<void> => bench.log.deliver(...records);
  const start = (): Promise<Consumer> =>
    bench.start({
      subscriptions: [
        { ...bench.subscription, identity: (data) => String((data as { about?: unknown } | undefined)?.about ?? 'the order') },
      ],
    });
  const wrong = (offset: number, about?: string): IncomingRecord => record(offset, { data: { n: 'one', about } });
  const states = async (consumer: Consumer): Promise<string[]> => (await consumer.parked()).map((p) => `${p.offset} ${p.state}`);

  it('it replaces the parked record, and the records behind it are handled in order', async () => {
    const consumer = await start();
    await hand(wrong(1), record(2, { data: { about: 'something else' } }));
    expect(await states(consumer)).toEqual(['1 parked', '2 queued']);
    await hand(record(3, { data: { n: 1 } }));
    expect([await bench.heard(), await consumer.parked()]).toEqual([['m-3', 'm-2'], []]);
    expect(await listOperatorActions(bench.store, 10)).toMatchObject([
      { action: 'redriven' },
      { action: 'dismissed', reason: `replaced by ${topic}/0/3` },
    ]);
  });

  it('about another subject it waits behind the parked record', async () => {
    const consumer = await start();
    await hand(wrong(1, 'a'), record(2, { data: { n: 1, about: 'b' } }));
    expect(await states(consumer)).toEqual(['1 parked', '2 queued']);
  });

  it('without an identity in its type it is recognised by the id of the record that it replaces', async () => {
    const consumer = await bench.start();
    await hand(wrong(1));
    const correction = record(2, { data: { n: 1 } });
    await hand({ ...correction, headers: { ...correction.headers, ce_replaces: 'm-1' } });
    expect([await bench.heard(), await consumer.parked()]).toEqual([['m-2'], []]);
  });

  it('it is recognised by the same id', async () => {
    const consumer = await bench.start();
    await hand(wrong(1));
    await hand(record(2, { id: 'm-1', data: { n: 1 } }));
    expect([await bench.heard(), await consumer.parked()]).toEqual([['m-1'], []]);
  });

  it('from another source it replaces nothing', async () => {
    const consumer = await bench.start();
    await hand(wrong(1));
    await hand(record(2, { id: 'm-1', source: '/elsewhere', data: { n: 1 } }));
    expect(await states(consumer)).toEqual(['1 parked', '2 queued']);
  });

  it('it replaces a record of a version from the future only if it names it', async () => {
    const consumer = await start();
    await hand(record(1, { typeVersion: 2 }), record(2, { data: { n: 1 } }));
    expect(await states(consumer)).toEqual(['1 parked', '2 queued']);
    const correction = record(3, { data: { n: 1 } });
    await hand({ ...correction, headers: { ...correction.headers, ce_replaces: 'm-1' } });
    expect([await bench.heard(), await consumer.parked()]).toEqual([['m-3', 'm-2'], []]);
  });

  it('a wrong correction is queued, and a third record replaces both', async () => {
    const consumer = await start();
    await hand(wrong(1), record(2, { data: { about: 'something else' } }), record(3, { data: { n: 'two' } }));
    expect(await states(consumer)).toEqual(['1 parked', '2 queued', '3 queued']);
    await hand(record(4, { data: { n: 1 } }));
    expect([await bench.heard(), await consumer.parked()]).toEqual([['m-4', 'm-2'], []]);
  });

  it('it has one effect even if the process ends before the parked record is closed', async () => {
    const consumer = await start();
    await hand(wrong(1));
    const commit = bench.store.commit.bind(bench.store);
    bench.store.commit = async (unit) => {
      if (unit.inbox?.message.startsWith('resolved')) throw new Error('killed');
      return commit(unit);
    };
    await expect(hand(record(2, { data: { n: 1 } }))).rejects.toThrow('killed');
    bench.store.commit = commit;
    await hand(record(2, { data: { n: 1 } }));
    expect([await bench.heard(), await consumer.parked()]).toEqual([['m-2'], []]);
  });

  it('it does not replace a record that a rule refused, whose fields are not wrong', async () => {
    bench.fail = ({ id }) => {
      if (id === 'm-1') throw new Error('bug');
    };
    const consumer = await start();
    await hand(record(1, { data: { n: 1 } }));
    await hand(record(2, { data: { n: 1 } }));
    expect(await states(consumer)).toEqual(['1 parked', '2 queued']);
  });
});
