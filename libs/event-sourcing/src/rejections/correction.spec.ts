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

  it('takes the place of the parked one, and what waits behind it goes on in its order', async () => {
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

  it('waits behind it where it is about something else', async () => {
    const consumer = await start();
    await hand(wrong(1, 'a'), record(2, { data: { n: 1, about: 'b' } }));
    expect(await states(consumer)).toEqual(['1 parked', '2 queued']);
  });

  it('is known by the id of the record that it replaces, where its type has no identity', async () => {
    const consumer = await bench.start();
    await hand(wrong(1));
    const correction = record(2, { data: { n: 1 } });
    await hand({ ...correction, headers: { ...correction.headers, ce_replaces: 'm-1' } });
    expect([await bench.heard(), await consumer.parked()]).toEqual([['m-2'], []]);
  });

  it('is known by the same id', async () => {
    const consumer = await bench.start();
    await hand(wrong(1));
    await hand(record(2, { id: 'm-1', data: { n: 1 } }));
    expect([await bench.heard(), await consumer.parked()]).toEqual([['m-1'], []]);
  });

  it('replaces nothing of another source', async () => {
    const consumer = await bench.start();
    await hand(wrong(1));
    await hand(record(2, { id: 'm-1', source: '/elsewhere', data: { n: 1 } }));
    expect(await states(consumer)).toEqual(['1 parked', '2 queued']);
  });

  it('takes no place of one whose version is not understood yet, unless it names it', async () => {
    const consumer = await start();
    await hand(record(1, { typeVersion: 2 }), record(2, { data: { n: 1 } }));
    expect(await states(consumer)).toEqual(['1 parked', '2 queued']);
    const correction = record(3, { data: { n: 1 } });
    await hand({ ...correction, headers: { ...correction.headers, ce_replaces: 'm-1' } });
    expect([await bench.heard(), await consumer.parked()]).toEqual([['m-3', 'm-2'], []]);
  });

  it('that is wrong as well is kept behind it, and a third one takes the place of both', async () => {
    const consumer = await start();
    await hand(wrong(1), record(2, { data: { about: 'something else' } }), record(3, { data: { n: 'two' } }));
    expect(await states(consumer)).toEqual(['1 parked', '2 queued', '3 queued']);
    await hand(record(4, { data: { n: 1 } }));
    expect([await bench.heard(), await consumer.parked()]).toEqual([['m-4', 'm-2'], []]);
  });

  it('has one effect where the process ends between its effect and the end of the parked one', async () => {
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

  it('takes no place of one that a rule refused: its fields are not what is wrong', async () => {
    bench.fail = ({ id }) => {
      if (id === 'm-1') throw new Error('bug');
    };
    const consumer = await start();
    await hand(record(1, { data: { n: 1 } }));
    await hand(record(2, { data: { n: 1 } }));
    expect(await states(consumer)).toEqual(['1 parked', '2 queued']);
  });
});
