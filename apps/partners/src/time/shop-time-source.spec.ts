import { FeedClock } from './feed-clock.js';
import { ShopClock } from './shop-clock.js';
import { ShopTimeSource } from './shop-time-source.js';

const day = 24 * 3_600_000;
const near = (time: Date, instant: number): boolean => Math.abs(time.getTime() - instant) < 5000;

describe('the shop time in the partner context', () => {
  it('it is real time by default', () => {
    const time = new ShopTimeSource(new ShopClock(1));
    time.observe('no time');
    expect(near(time.now(), Date.now())).toBe(true);
  });

  it('it is the latest time that the services report, and never goes back', () => {
    const time = new ShopTimeSource(new ShopClock(1));
    for (const days of [-3000, -2990, -3000]) time.observe(new Date(Date.now() + days * day).toISOString());
    expect(near(time.now(), Date.now() - 2990 * day)).toBe(true);
  });

  it('it is that of the feed during a replay', () => {
    const time = new ShopTimeSource(new ShopClock(1));
    time.observe(new Date(Date.now() - 3000 * day).toISOString());
    time.useFeedClock(new FeedClock(Date.parse('2010-12-01T08:00:00Z')));
    expect(near(time.now(), Date.parse('2010-12-01T08:00:00Z'))).toBe(true);
    time.useFeedClock(undefined);
    expect(near(time.now(), Date.now() - 3000 * day)).toBe(true);
  });
});
