import { append, happened } from '../contract/support.js';
import type { View } from '../decider.js';
import { MemoryStore } from '../memory/memory-store.js';
import { ViewFollower } from './view-follower.js';

const counts: View = {
  table: 'counts',
  key: (event) => (event.subject === 'ignored' ? undefined : event.subject),
  evolve: (row, event) => ({ n: ((row as { n: number } | null)?.n ?? 0) + 1, last: event.recordedAt }),
};

describe('a view that follows the log', () => {
  let store: MemoryStore;
  let views: View[];
  const followers: ViewFollower[] = [];

  beforeEach(() => {
    store = new MemoryStore();
    views = [counts];
  });
  afterEach(async () => {
    await Promise.all(followers.splice(0).map((follower) => follower.stop()));
  });

  function start(): ViewFollower {
    const follower = new ViewFollower({ store, name: 'counts', views, batch: 4 });
    followers.push(follower);
    follower.start();
    return follower;
  }
  const count = async (key: string): Promise<unknown> => ((await store.row<{ n: number }>('counts', key)) ?? { n: 0 }).n;

  it('folds what was there and what comes', async () => {
    await store.commit(append('a', 'any', happened(9)));
    const follower = start();
    await follower.caughtUp();
    expect(await count('a')).toBe(9);
    await store.commit(append('a'));
    await store.commit(append('ignored'));
    await follower.caughtUp();
    expect([await count('a'), await count('ignored')]).toEqual([10, 0]);
  });

  it('folds each event once, also when started again', async () => {
    await store.commit(append('a', 'any', happened(3)));
    const first = start();
    await first.caughtUp();
    await first.stop();
    await store.commit(append('a'));
    await start().caughtUp();
    expect(await count('a')).toBe(4);
  });

  it('folds each event once where two processes follow', async () => {
    const [one, two] = [start(), start()];
    for (let i = 0; i < 20; i += 1) await store.commit(append('a'));
    await Promise.race([one.caughtUp(), two.caughtUp()]);
    expect(await count('a')).toBe(20);
  });

  it('is what a rebuild from the start gives', async () => {
    await store.commit(append('a', 'any', happened(6)));
    const follower = start();
    await follower.caughtUp();
    await store.commit({ meta: { by: 'x' }, rows: [{ op: 'put', table: 'counts', key: 'stray', row: { n: 99 } }] });
    await follower.rebuild();
    expect([await count('a'), await count('stray')]).toEqual([6, 0]);
  });

  it('removes a row that folds to nothing', async () => {
    views = [{ ...counts, evolve: (row) => (row === null ? { n: 1 } : null) }];
    await store.commit(append('a', 'any', happened(2)));
    await start().caughtUp();
    expect(await store.row('counts', 'a')).toBeNull();
  });
});
