import { append, someEvents } from '../store/contract/contract-support.js';
import type { Projection } from '../decider/decider.js';
import { MemoryStore } from '../memory/memory-store.js';
import { AsyncProjection } from './async-projection.js';

const counts: Projection = {
  table: 'counts',
  key: (event) => (event.subject === 'ignored' ? undefined : event.subject),
  evolve: (row, event) => ({ n: ((row as { n: number } | null)?.n ?? 0) + 1, last: event.recordedAt }),
};

describe('an async projection', () => {
  let store: MemoryStore;
  let views: Projection[];
  const followers: AsyncProjection[] = [];

  beforeEach(() => {
    store = new MemoryStore();
    views = [counts];
  });
  afterEach(async () => {
    await Promise.all(followers.splice(0).map((follower) => follower.stop()));
  });

  function start(): AsyncProjection {
    const follower = new AsyncProjection({ store, name: 'counts', views, batch: 4 });
    followers.push(follower);
    follower.start();
    return follower;
  }
  const count = async (key: string): Promise<unknown> => ((await store.row<{ n: number }>('counts', key)) ?? { n: 0 }).n;

  it('existing and later events are folded', async () => {
    await store.commit(append('a', 'any', someEvents(9)));
    const follower = start();
    await follower.caughtUp();
    expect(await count('a')).toBe(9);
    await store.commit(append('a'));
    await store.commit(append('ignored'));
    await follower.caughtUp();
    expect([await count('a'), await count('ignored')]).toEqual([10, 0]);
  });

  it('each event is folded once, also after a restart', async () => {
    await store.commit(append('a', 'any', someEvents(3)));
    const first = start();
    await first.caughtUp();
    await first.stop();
    await store.commit(append('a'));
    await start().caughtUp();
    expect(await count('a')).toBe(4);
  });

  it('two processes fold each event once', async () => {
    const [one, two] = [start(), start()];
    for (let i = 0; i < 20; i += 1) await store.commit(append('a'));
    await Promise.race([one.caughtUp(), two.caughtUp()]);
    expect(await count('a')).toBe(20);
  });

  it('the result equals a rebuild from the start', async () => {
    await store.commit(append('a', 'any', someEvents(6)));
    const follower = start();
    await follower.caughtUp();
    await store.commit({ meta: { by: 'x' }, rows: [{ op: 'put', table: 'counts', key: 'stray', row: { n: 99 } }] });
    await follower.rebuild();
    expect([await count('a'), await count('stray')]).toEqual([6, 0]);
  });

  it('the old rows are shown and updated until the rebuild has caught up', async () => {
    await store.commit(append('a', 'any', someEvents(9)));
    const follower = start();
    await follower.caughtUp();
    await store.commit({ meta: { by: 'x' }, rows: [{ op: 'put', table: 'counts', key: 'stray', row: { n: 99 } }] });
    const seen: (readonly [live: unknown, stray: unknown])[] = [];
    const commit = store.commit.bind(store);
    store.commit = async (unit) => {
      if (unit.restart) await commit(append('a'));
      const outcome = await commit(unit);
      seen.push([await count('a'), await count('stray')]);
      return outcome;
    };
    await follower.rebuild();
    // the restart, the live view's one, ten events in batches of four, the switch
    expect(seen).toEqual([
      [9, 99],
      [9, 99],
      [10, 99],
      [10, 99],
      [10, 99],
      [10, 0],
    ]);
  });

  it('after the rebuild the new projection continues', async () => {
    let each = 1;
    views = [{ ...counts, evolve: (row) => ({ n: ((row as { n: number } | null)?.n ?? 0) + each }) }];
    await store.commit(append('a', 'any', someEvents(6)));
    const follower = start();
    await follower.caughtUp();
    each = 10;
    await follower.rebuild();
    await store.commit(append('a'));
    await follower.caughtUp();
    expect(await count('a')).toBe(70);
  });

  it('a lost confirmation of the switch does no harm', async () => {
    await store.commit(append('a', 'any', someEvents(6)));
    const follower = start();
    await follower.caughtUp();
    const commit = store.commit.bind(store);
    let switches = 0;
    store.commit = async (unit) => {
      const outcome = await commit(unit);
      if (unit.switchOver && (switches += 1) === 1) throw new Error('the answer got lost');
      return outcome;
    };
    await follower.rebuild();
    await store.commit(append('a'));
    await follower.caughtUp();
    expect([switches, await count('a')]).toEqual([2, 7]);
  });

  it('a row that folds to null is removed', async () => {
    views = [{ ...counts, evolve: (row) => (row === null ? { n: 1 } : null) }];
    await store.commit(append('a', 'any', someEvents(2)));
    await start().caughtUp();
    expect(await store.row('counts', 'a')).toBeNull();
  });
});
