import { NotFound, realTimers } from '@orderloom/kernel';
import type { OffsetBounds } from '@orderloom/messaging';
import { NoRetentionGaps } from '../audit/checks.js';
import { audit } from '../audit/audit-snapshot.js';
import { until } from '../store/contract/contract-support.js';
import { ConsumerBench } from './consumer-bench.fixture.js';
import { record, topic } from './fake-log.fixture.js';
import { listGaps, resolveGap } from './retention-gaps.js';
import { listOperatorActions } from '../parking/operator-actions.js';

describe('consumed offsets in the store of a consumer', () => {
  let bench: ConsumerBench;
  let tick: (() => void) | undefined;
  beforeEach(() => {
    bench = new ConsumerBench();
    const every = (_: number, call: () => void): (() => void) => {
      tick = call;
      return () => (tick = undefined);
    };
    Object.assign(bench.store, { timers: { ...realTimers, every } });
  });
  const kept = async (): Promise<unknown[]> =>
    (await bench.store.rows<{ partition: number; next: number }>('heard', {})).map(({ partition, next }) => [partition, next]);

  it('a batch beyond the consumed offset is not handled, and the partition is reset to that offset', async () => {
    await bench.start();
    await bench.log.deliverFrom(0, record(0, {}), record(1, {}));
    await bench.log.deliverFrom(4, record(4, {}));
    expect([await bench.heard(), bench.log.seeks]).toEqual([['m-0', 'm-1'], [`${topic}/0 2`]]);
    await bench.log.deliverFrom(2, record(2, {}), record(3, {}), record(4, {}));
    expect(await bench.heard()).toEqual(['m-0', 'm-1', 'm-2', 'm-3', 'm-4']);
  });

  it('a partition without new records is reset to the consumed offset', async () => {
    const first = await bench.start();
    await bench.log.deliverFrom(0, record(0, {}), record(1, {}));
    await first.stop();
    await bench.start();
    bench.log.subscription?.onAssigned?.([
      { topic, partition: 0 },
      { topic, partition: 1 },
    ]);
    await until(() => bench.log.seeks.length === 2);
    expect(bench.log.seeks).toEqual([`${topic}/0 2`, `${topic}/1 0`]);
  });

  it('a partition consumed to its end stays at the offset of the group, which moves to the end too', async () => {
    const first = await bench.start();
    for (let n = 0; n < 4; n += 1) await bench.log.deliverFrom(999, record(999, {}));
    await first.stop();
    bench.log.seeks.length = 0;
    await bench.start();
    bench.log.subscription?.onAssigned?.([
      { topic, partition: 0 },
      { topic, partition: 1 },
    ]);
    await until(() => bench.log.seeks.length > 0);
    expect([await kept(), bench.log.seeks]).toEqual([[[0, 1000]], [`${topic}/1 0`]]);
  });

  it('a log that ends below the consumed offset is a new one and is read from its beginning', async () => {
    const first = await bench.start();
    await bench.log.deliverFrom(1500, record(1500, {}));
    for (let n = 0; n < 3; n += 1) await bench.log.deliverFrom(1500, record(1500, {}));
    await first.stop();
    expect(await kept()).toEqual([[0, 1501]]);
    bench.log.seeks.length = 0;
    const next = await bench.start();
    bench.log.subscription?.onAssigned?.([{ topic, partition: 0 }]);
    await until(() => bench.log.seeks.length === 1);
    await bench.log.deliverFrom(0, record(0, {}));
    await next.stop();
    expect([bench.log.seeks, await kept()]).toEqual([[`${topic}/0 0`], [[0, 1]]]);
  });

  it('a partition that delivers records before the reset continues from there', async () => {
    await bench.start();
    const handled = bench.log.deliverFrom(0, record(0, {}));
    bench.log.subscription?.onAssigned?.([{ topic, partition: 1 }]);
    await handled;
    await until(() => bench.log.seeks.length === 1);
    expect(bench.log.seeks).toEqual([`${topic}/1 0`]);
  });

  it('end offsets read before a reassignment are not used after it', async () => {
    const consumer = await bench.start();
    const { log } = bench;
    const answers: (() => void)[] = [];
    let next = 1000;
    log.bounds = (): Promise<OffsetBounds> => {
      const said = { [`${topic}/0`]: { first: 0, next } };
      return new Promise((resolve) => answers.push(() => resolve(said)));
    };
    log.assign({ topic, partition: 0 });
    await until(() => answers.length === 1);
    await log.deliverFrom(0, record(1500, {}));
    next = 2000;
    log.assign({ topic, partition: 0 });
    await until(() => answers.length === 2);
    for (const answer of answers) answer();
    await until(() => log.seeks.length === 1);
    await consumer.stop();
    expect([log.seeks, await kept()]).toEqual([[`${topic}/0 1501`], [[0, 1501]]]);
  });

  it('a store without consumed offsets reads everything, whatever the group has committed', async () => {
    await bench.start();
    await bench.log.deliverFrom(7, record(7, {}));
    expect([await bench.heard(), bench.log.seeks]).toEqual([[], [`${topic}/0 0`]]);
  });

  it('records that come again are handled without effect', async () => {
    await bench.start();
    await bench.log.deliverFrom(0, record(0, {}), record(1, {}));
    await bench.log.deliverFrom(0, record(0, {}));
    await bench.log.deliverFrom(2, record(2, {}));
    expect([await bench.heard(), bench.log.seeks]).toEqual([['m-0', 'm-1', 'm-2'], []]);
  });

  it('offsets without visible records are not a gap', async () => {
    await bench.start();
    await bench.log.deliverFrom(0, record(0, {}));
    await bench.log.deliverFrom(1, record(5, {}));
    expect([await bench.heard(), bench.log.seeks]).toEqual([['m-0', 'm-5'], []]);
  });

  it('a partition that skips an offset after every reset has no record there', async () => {
    await bench.start();
    for (let n = 0; n < 4; n += 1) await bench.log.deliverFrom(3, record(3, {}));
    expect([await bench.heard(), bench.log.seeks]).toEqual([['m-3'], Array.from({ length: 3 }, () => `${topic}/0 0`)]);
  });

  it('consumed offsets are stored when the consumer stops', async () => {
    const first = await bench.start();
    await bench.log.deliverFrom(0, record(0, {}), record(1, {}));
    expect(await kept()).toEqual([[0, 0]]);
    await first.stop();
    expect(await kept()).toEqual([[0, 2]]);
    await bench.start();
    await bench.log.deliverFrom(2, record(2, {}));
    await bench.log.deliverFrom(4, record(4, {}));
    expect([await bench.heard(), bench.log.seeks]).toEqual([['m-0', 'm-1', 'm-2'], [`${topic}/0 3`]]);
  });

  it('consumed offsets are stored regularly while the consumer reads', async () => {
    const log = bench.log;
    await bench.start();
    const one = log.subscription;
    await bench.start();
    await one?.handle([record(0, {})], { from: 0, next: 1 });
    await log.deliverFrom(1, record(1, {}));
    expect(log.seeks).toEqual([`${topic}/0 0`]);
    await log.deliverFrom(0, record(0, {}), record(1, {}));
    tick?.();
    await one?.handle([record(2, {})], { from: 2, next: 3 });
    expect([await bench.heard(), log.seeks]).toEqual([['m-0', 'm-1', 'm-2'], [`${topic}/0 0`]]);
  });

  it('offsets of a batch in progress are not stored', async () => {
    const consumer = await bench.start();
    let goOn: () => void = () => undefined;
    const { commit } = bench.store;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    let isHeld = false;
    bench.store.commit = async (unit) => {
      if (unit.inbox) {
        isHeld = true;
        await held;
      }
      return commit.call(bench.store, unit);
    };
    const handed = bench.log.deliverFrom(0, record(0, {}));
    await until(() => isHeld);
    await consumer.stop();
    expect(await kept()).toEqual([[0, 0]]);
    goOn();
    await handed;
  });

  it('stored offsets never decrease', async () => {
    const first = await bench.start();
    await bench.log.deliverFrom(0, record(0, {}), record(1, {}), record(2, {}));
    await bench.log.deliverFrom(0, record(0, {}));
    await first.stop();
    expect(await kept()).toEqual([[0, 3]]);
  });

  describe('retention beyond the consumed offset', () => {
    const lost = { topic, partition: 0, from: 1, to: 5 };
    const errors: unknown[] = [];
    const logger = { info: () => undefined, warn: () => undefined, error: (...said: unknown[]) => void errors.push(said) };
    beforeEach(async () => {
      errors.length = 0;
      await bench.start({ logger });
      await bench.log.deliverFrom(0, record(0, {}));
      bench.log.first = 5;
    });

    it('the gap is reported and stored, and the consumer continues with the first available record', async () => {
      await bench.log.deliverFrom(5, record(5, {}));
      expect([await bench.heard(), bench.log.seeks, await kept()]).toEqual([['m-0', 'm-5'], [], [[0, 5]]]);
      expect(errors).toEqual([[lost, 'records were deleted by retention before they were consumed']]);
      expect(await listGaps(bench.store)).toEqual([{ ...lost, id: `${topic}/0/1`, at: expect.any(String) as string }]);
    });

    it('the consumer does not continue with the latest record', async () => {
      await bench.log.deliverFrom(9, record(9, {}));
      expect([await bench.heard(), bench.log.seeks]).toEqual([['m-0'], [`${topic}/0 5`]]);
      await bench.log.deliverFrom(5, record(5, {}), record(9, {}));
      expect([await bench.heard(), (await listGaps(bench.store)).length]).toEqual([['m-0', 'm-5', 'm-9'], 1]);
    });

    it('the gap fails the audit until an operator resolves it, whose reason is stored', async () => {
      await bench.log.deliverFrom(5, record(5, {}));
      const broken = async () => (await audit(bench.store.snapshot(), [new NoRetentionGaps()])).flatMap(({ violations }) => violations);
      expect(await broken()).toEqual([`${topic}/0: offsets 1 to 4 were deleted before they were consumed (${topic}/0/1)`]);
      await resolveGap(bench.store, `${topic}/0/1`, 'said again', 'ann');
      expect(await broken()).toEqual([]);
      expect(await listOperatorActions(bench.store, 1)).toMatchObject([
        { what: 'records', of: `${topic}/0/1`, action: 'resolved', by: 'ann', reason: 'said again' },
      ]);
      await expect(resolveGap(bench.store, `${topic}/0/1`, 'again', 'ann')).rejects.toThrow(NotFound);
    });
  });

  it('a topic that was never consumed begins with its first available record', async () => {
    bench.log.first = 7;
    await bench.start();
    await bench.log.deliverFrom(7, record(7, {}));
    expect([await bench.heard(), bench.log.seeks, await kept()]).toEqual([['m-7'], [], [[0, 7]]]);
  });
});
