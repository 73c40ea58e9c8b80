import { RowCache } from './row-cache.js';

describe('the row cache of a single writer', () => {
  let cache: RowCache;
  const written = { n: 1 };

  beforeEach(() => {
    cache = new RowCache();
    cache.begin('7');
    cache.write('things', 'a', written);
    cache.write('things', 'gone', null);
    cache.committed();
  });

  it('it returns committed rows, and nothing for others', () => {
    cache.write('things', 'b', written);
    expect([cache.get('things', 'a'), cache.get('things', 'gone'), cache.get('things', 'b')]).toEqual([written, null, undefined]);
    expect(cache.get('others', 'a')).toBeUndefined();
  });

  it('another lease clears it, since somebody else may have written', () => {
    cache.begin('8');
    expect(cache.get('things', 'a')).toBeUndefined();
  });

  it('after the tables were emptied under the same lease it knows all rows', () => {
    cache.emptied('7');
    cache.begin('7');
    expect([cache.get('things', 'a'), cache.get('things', 'never')]).toEqual([null, null]);
    cache.begin('8');
    expect(cache.get('things', 'never')).toBeUndefined();
  });

  it('its size is bounded', () => {
    cache.emptied('7');
    for (let n = 0; n < 100_000; n += 1) cache.write('things', `k${n}`, written);
    cache.committed();
    cache.write('things', 'more', written);
    cache.committed();
    expect([cache.get('things', 'k1'), cache.get('things', 'never')]).toEqual([undefined, undefined]);
  });
});
