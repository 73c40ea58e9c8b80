import { FeedClock } from './feed-clock.js';
import { hour, ShopClock } from './shop-clock.js';

const start = Date.parse('2010-12-01T08:00:00Z');

describe('the shop’s clock', () => {
  it('reaches an hour when it has passed, and not before', async () => {
    const clock = new ShopClock(20, start);
    const since = performance.now();
    await clock.until(start + 2 * hour);
    expect(clock.now()).toBeGreaterThanOrEqual(start + 2 * hour);
    expect(performance.now() - since).toBeGreaterThanOrEqual(39);
  });
});

describe('the feed’s clock', () => {
  it('stands still until it is told to go on, and wakes everybody at their own time, in order', async () => {
    const clock = new FeedClock(start);
    const woken: [string, number][] = [];
    const wait = async (who: string, hours: number): Promise<void> => {
      await clock.until(start + hours * hour);
      woken.push([who, (clock.now() - start) / hour]);
    };
    void wait('late', 3);
    void wait('early', 1).then(() => wait('again', 1.5));
    void wait('second', 1);
    await clock.advance(start + 2 * hour);
    expect(woken).toEqual([
      ['early', 1],
      ['second', 1],
      ['again', 1.5],
    ]);
    expect(clock.now()).toBe(start + 2 * hour);
    await clock.advance(start + 4 * hour);
    expect(woken.at(-1)).toEqual(['late', 3]);
  });

  it('never goes back', async () => {
    const clock = new FeedClock(start);
    await clock.advance(start - hour);
    await clock.until(start - 2 * hour);
    expect(clock.now()).toBe(start);
  });
});
