import { ShopClock } from './shop-clock.js';

const hour = 3_600_000;
const start = Date.parse('2010-12-01T08:00:00Z');

describe('the shop’s clock', () => {
  it('reaches an hour when it has passed, and not before', async () => {
    const clock = new ShopClock(20, start);
    const since = performance.now();
    await clock.pass(2);
    expect(clock.now()).toBeGreaterThanOrEqual(start + 2 * hour);
    expect(performance.now() - since).toBeGreaterThanOrEqual(39);
  });

  it('runs slower at a lower pace, also for those who wait already, and goes on from where it is', async () => {
    const clock = new ShopClock(20, start);
    const since = performance.now();
    const waiting = clock.pass(1);
    clock.setPace(0.25);
    await waiting;
    expect(performance.now() - since).toBeGreaterThanOrEqual(79);
    clock.setPace(1);
    expect(clock.now()).toBeGreaterThanOrEqual(start + hour);
  });

  it('starts anew where it is set', () => {
    const clock = new ShopClock(1_000_000, 0);
    clock.set(start);
    expect(clock.now() - start).toBeLessThan(hour);
  });
});
