import { setTimeout as sleep } from 'node:timers/promises';
import { QuiescenceDetector } from './quiescence.js';

describe('what the feed waits for', () => {
  it('is everything that was said, until something that it caused is heard', async () => {
    const echoes = new QuiescenceDetector();
    const done: string[] = [];
    echoes.sent('order-1');
    echoes.sent('order-2');
    const settled = echoes.whenQuiet().then(() => done.push('settled'));
    echoes.received('order-2');
    echoes.received('order-7');
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(done).toEqual([]);
    echoes.received('order-1');
    await settled;
    expect(done).toEqual(['settled']);
  });

  it('is nothing where nothing was said', () => expect(new QuiescenceDetector().whenQuiet()).resolves.toBeUndefined());

  it('is waited for longer where echoes take long, for what they cause in turn', async () => {
    const echoes = new QuiescenceDetector();
    echoes.sent('1');
    await sleep(60);
    echoes.received('1');
    const since = performance.now();
    await echoes.whenQuiet();
    expect(performance.now() - since).toBeGreaterThanOrEqual(110);
  });
});
