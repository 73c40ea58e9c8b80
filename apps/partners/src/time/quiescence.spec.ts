import { setTimeout as sleep } from 'node:timers/promises';
import { Echoes } from './quiescence.js';

describe('what the feed waits for', () => {
  it('is everything that was said, until something that it caused is heard', async () => {
    const echoes = new Echoes();
    const done: string[] = [];
    echoes.said('order-1');
    echoes.said('order-2');
    const settled = echoes.settled().then(() => done.push('settled'));
    echoes.heard('order-2');
    echoes.heard('order-7');
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(done).toEqual([]);
    echoes.heard('order-1');
    await settled;
    expect(done).toEqual(['settled']);
  });

  it('is nothing where nothing was said', () => expect(new Echoes().settled()).resolves.toBeUndefined());

  it('is waited for longer where echoes take long, for what they cause in turn', async () => {
    const echoes = new Echoes();
    echoes.said('1');
    await sleep(60);
    echoes.heard('1');
    const since = performance.now();
    await echoes.settled();
    expect(performance.now() - since).toBeGreaterThanOrEqual(110);
  });
});
