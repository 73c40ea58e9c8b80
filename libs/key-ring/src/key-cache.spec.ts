import { KeyCache } from './key-cache.js';
import { SealingKey } from './sealing-key.js';

const key = (id: string) => new SealingKey(id, Buffer.alloc(32));

describe('the cache of keys', () => {
  it('keys are cached for three seconds, destroyed ones too', () => {
    let now = 0;
    const cache = new KeyCache(10, () => now);
    cache.write('ada', key('ada'));
    cache.write('gone', undefined);
    now = 2_999;
    expect(cache.read(new Set(['ada', 'gone', 'eve']))).toMatchObject({ known: new Map([['ada', key('ada')]]), missing: ['eve'] });
    now = 3_000;
    expect(cache.read(new Set(['ada', 'gone'])).missing).toEqual(['ada', 'gone']);
  });

  it('the size is bounded, and the oldest key is removed first', () => {
    const cache = new KeyCache(2, () => 0);
    for (const id of ['a', 'b', 'c']) cache.write(id, key(id));
    expect(cache.read(new Set(['a', 'b', 'c'])).missing).toEqual(['a']);
  });
});
