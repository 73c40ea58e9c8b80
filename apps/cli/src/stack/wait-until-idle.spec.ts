import { waitUntilIdle, type Work } from './wait-until-idle.js';

describe('waiting until services are idle', () => {
  const after = async (...looks: readonly Partial<Work>[]): Promise<number> => {
    let looked = 0;
    const quiet: Work = { idle: true, done: 99, hears: ['orders'], handled: { 'orders/0': 7 }, produced: {} };
    await waitUntilIdle(['order'], { 'orders/0': 7, 'tasks/1': 3 }, async () => ({ ...quiet, ...looks[looked++] }));
    return looked;
  };

  it('services are idle after two equal observations', async () => {
    expect(await after({ done: 1 }, { done: 1 })).toBe(2);
  });

  it('work that starts and ends between two observations is noticed', async () => {
    expect(await after({ done: 1 }, { done: 2 }, { done: 2 })).toBe(3);
  });

  it('work in progress is waited for', async () => {
    expect(await after({ done: 1 }, { idle: false, done: 1 }, { done: 1 }, { done: 1 })).toBe(4);
  });

  it('unprocessed records of subscribed topics are waited for', async () => {
    expect(await after({ handled: {} }, { handled: { 'orders/0': 6 } })).toBe(4);
    expect(await after({ produced: { 'orders/0': 8 } }, { produced: { 'orders/0': 8 }, handled: { 'orders/0': 8 } })).toBe(3);
  });

  it('the end offsets of the log are reported', async () => {
    const work: Work = { idle: true, done: 1, hears: [], handled: {}, produced: { 'tasks/0': 4, 'tasks/1': 1 } };
    expect(await waitUntilIdle(['order'], { 'tasks/1': 3 }, async () => work)).toEqual({ 'tasks/0': 4, 'tasks/1': 3 });
  });
});
