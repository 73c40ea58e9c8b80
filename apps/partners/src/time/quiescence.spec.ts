import { setTimeout as sleep } from 'node:timers/promises';
import { QuiescenceDetector } from './quiescence.js';

describe('the quiescence of the feed', () => {
  it('it waits for each sent message until an effect is received', async () => {
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

  it('it is immediate if nothing was sent', () => expect(new QuiescenceDetector().whenQuiet()).resolves.toBeUndefined());

  it('it waits longer for effects of effects', async () => {
    const quiescence = new QuiescenceDetector();
    quiescence.sent('1');
    await sleep(60);
    quiescence.received('1');
    const since = performance.now();
    await quiescence.whenQuiet();
    expect(performance.now() - since).toBeGreaterThanOrEqual(110);
  });
});
