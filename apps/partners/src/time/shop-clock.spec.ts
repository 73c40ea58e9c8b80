import { FeedClock } from './feed-clock.js';
import { hour, ShopClock } from './shop-clock.js';

const nothing = (): Promise<void> => Promise.resolve();
const start = Date.parse('2010-12-01T08:00:00Z');

describe('the shop clock', () => {
  it('an hour is reached when it has passed, not before', async () => {
    const clock = new ShopClock(20, start);
    const since = performance.now();
    await clock.until(start + 2 * hour);
    expect(clock.now()).toBeGreaterThanOrEqual(start + 2 * hour);
    expect(performance.now() - since).toBeGreaterThanOrEqual(39);
  });
});

describe('the feed clock', () => {
  it('it stands until it is advanced, and wakes waiters in order of their time', async () => {
    const clock = new FeedClock(start);
    const woken: [string, number][] = [];
    const wait = async (who: string, hours: number): Promise<void> => {
      await clock.until(start + hours * hour);
      woken.push([who, (clock.now() - start) / hour]);
    };
    void wait('late', 3);
    void wait('early', 1).then(() => wait('again', 1.5));
    void wait('second', 1);
    await clock.advance(start + 2 * hour, nothing);
    expect(woken).toEqual([
      ['early', 1],
      ['second', 1],
      ['again', 1.5],
    ]);
    expect(clock.now()).toBe(start + 2 * hour);
    await clock.advance(start + 4 * hour, nothing);
    expect(woken.at(-1)).toEqual(['late', 3]);
  });

  it('waiters about one order act one after the other, each after the effect of the previous one', async () => {
    const clock = new FeedClock(start);
    const happened: string[] = [];
    const wait = (what: string, hours: number, orderNumber?: string) =>
      clock.until(start + hours * hour, orderNumber).then(() => happened.push(what));
    void wait('pick', 0.2, '536365');
    void wait('move', 0.4, '536365');
    void wait('pick what is shipped again', 0.5, '536365-R447b96c6');
    void wait('pick other', 0.6, '536366');
    void wait('place', 0.8);
    await clock.advance(start + hour, async () => void happened.push('settled'));
    expect(happened).toEqual(['pick', 'settled', 'move', 'settled', 'pick what is shipped again', 'pick other', 'place']);
  });

  it('waiters also wait for the effect of a message sent without waiting', async () => {
    const clock = new FeedClock(start);
    const happened: string[] = [];
    void clock.until(start + hour / 4).then(() => clock.recordAction('536365'));
    void clock.until(start + hour / 3).then(() => clock.until(start, '536366'));
    for (const orderNumber of ['536365', '536366']) void clock.until(start + hour / 2, orderNumber).then(() => happened.push(orderNumber));
    await clock.advance(start + hour, async () => void happened.push('settled'));
    expect(happened).toEqual(['settled', '536365', '536366']);
  });

  it('it never goes back', async () => {
    const clock = new FeedClock(start);
    await clock.advance(start - hour, nothing);
    await clock.until(start - 2 * hour);
    expect(clock.now()).toBe(start);
  });
});
