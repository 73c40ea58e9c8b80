import { realTimers } from '@orderloom/kernel';
import { ConsumerBench } from './consumer-bench.support.js';
import { record, topic } from './fake-log.support.js';

describe('a consumer’s store says how far it has heard', () => {
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

  it('a batch that begins later is not handled: the partition goes back to what was heard, so that a key keeps its order', async () => {
    await bench.start();
    await bench.log.handFrom(0, record(0, {}), record(1, {}));
    await bench.log.handFrom(4, record(4, {}));
    expect([await bench.heard(), bench.log.sought]).toEqual([['m-0', 'm-1'], [`${topic}/0 2`]]);
    await bench.log.handFrom(2, record(2, {}), record(3, {}), record(4, {}));
    expect(await bench.heard()).toEqual(['m-0', 'm-1', 'm-2', 'm-3', 'm-4']);
  });

  it('whatever the group has committed: a store that heard nothing hears everything', async () => {
    await bench.start();
    await bench.log.handFrom(7, record(7, {}));
    expect([await bench.heard(), bench.log.sought]).toEqual([[], [`${topic}/0 0`]]);
  });

  it('what comes again is handled, and changes nothing', async () => {
    await bench.start();
    await bench.log.handFrom(0, record(0, {}), record(1, {}));
    await bench.log.handFrom(0, record(0, {}));
    await bench.log.handFrom(2, record(2, {}));
    expect([await bench.heard(), bench.log.sought]).toEqual([['m-0', 'm-1', 'm-2'], []]);
  });

  it('offsets that nobody can see are no gap', async () => {
    await bench.start();
    await bench.log.handFrom(0, record(0, {}));
    await bench.log.handFrom(1, record(5, {}));
    expect([await bench.heard(), bench.log.sought]).toEqual([['m-0', 'm-5'], []]);
  });

  it('a partition that goes on later however often it is told otherwise has nothing there', async () => {
    await bench.start();
    for (let n = 0; n < 4; n += 1) await bench.log.handFrom(3, record(3, {}));
    expect([await bench.heard(), bench.log.sought]).toEqual([['m-3'], Array.from({ length: 3 }, () => `${topic}/0 0`)]);
  });

  it('at its end, for who comes next', async () => {
    const first = await bench.start();
    await bench.log.handFrom(0, record(0, {}), record(1, {}));
    expect(await kept()).toEqual([[0, 0]]);
    await first.stop();
    expect(await kept()).toEqual([[0, 2]]);
    await bench.start();
    await bench.log.handFrom(2, record(2, {}));
    await bench.log.handFrom(4, record(4, {}));
    expect([await bench.heard(), bench.log.sought]).toEqual([['m-0', 'm-1', 'm-2'], [`${topic}/0 3`]]);
  });

  it('now and then while it reads, for who has the partition next', async () => {
    const log = bench.log;
    await bench.start();
    const one = log.subscription;
    await bench.start();
    await one?.handle([record(0, {})], { from: 0, next: 1 });
    await log.handFrom(1, record(1, {}));
    expect(log.sought).toEqual([`${topic}/0 0`]);
    await log.handFrom(0, record(0, {}), record(1, {}));
    tick?.();
    await one?.handle([record(2, {})], { from: 2, next: 3 });
    expect([await bench.heard(), log.sought]).toEqual([['m-0', 'm-1', 'm-2'], [`${topic}/0 0`]]);
  });

  it('never less than before', async () => {
    const first = await bench.start();
    await bench.log.handFrom(0, record(0, {}), record(1, {}), record(2, {}));
    await bench.log.handFrom(0, record(0, {}));
    await first.stop();
    expect(await kept()).toEqual([[0, 3]]);
  });

  it('a topic that it never heard begins with the first record there is', async () => {
    bench.log.first = 7;
    await bench.start();
    await bench.log.handFrom(7, record(7, {}));
    expect([await bench.heard(), bench.log.sought, await kept()]).toEqual([['m-7'], [], [[0, 7]]]);
  });
});
