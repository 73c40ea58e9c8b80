import { setTimeout as sleep } from 'node:timers/promises';
import { QuiescenceDetector } from './quiescence.js';

describe('what the feed waits for', () => {
  it('is everything that was said, until something that it caused is heard', async () => {
    const quiescence = new QuiescenceDetector();
    const done: string[] = [];
    quiescence.sent('order-1');
    quiescence.sent('order-2');
    const settled = quiescence.whenQuiet().then(() => done.push('settled'));
    quiescence.received('order-2');
    quiescence.received('order-7');
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(done).toEqual([]);
    quiescence.received('order-1');
    await settled;
    expect(done).toEqual(['settled']);
  });

  it('is nothing where nothing was said', () => expect(new QuiescenceDetector().whenQuiet()).resolves.toBeUndefined());

  it('is waited for longer where quiescence take long, for what they cause in turn', async () => {
    const quiescence = new QuiescenceDetector();
    quiescence.sent('1');
    await sleep(60);
    quiescence.received('1');
    const since = performance.now();
    await quiescence.whenQuiet();
    expect(performance.now() - since).toBeGreaterThanOrEqual(110);
  });
});
