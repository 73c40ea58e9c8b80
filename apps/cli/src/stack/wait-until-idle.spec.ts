import { waitUntilIdle, type Work } from './wait-until-idle.js';

describe('waiting until services are idle', () => {
  const after = async (...looks: readonly Partial<Work>[]): Promise<number> => {
    let looked = 0;
    const quiet: Work = { idle: true, done: 99, hears: ['orders'], handled: { 'orders/0': 7 }, produced: {} };
    await waitUntilIdle(['order'], { 'orders/0': 7, 'tasks/1': 3 }, async () => ({ ...quiet, ...looks[looked++] }));
    return looked;
  };

  it('looks twice', async () => {
    expect(await after({ done: 1 }, { done: 1 })).toBe(2);
  });

  it('is not taken in by work that was begun and ended between two looks', async () => {
    expect(await after({ done: 1 }, { done: 2 }, { done: 2 })).toBe(3);
  });

  it('waits for what is in hand', async () => {
    expect(await after({ done: 1 }, { idle: false, done: 1 }, { done: 1 }, { done: 1 })).toBe(4);
  });

  it('waits for what is on the log and was not handled yet, of the topics that are heard', async () => {
    expect(await after({ handled: {} }, { handled: { 'orders/0': 6 } })).toBe(4);
    expect(await after({ produced: { 'orders/0': 8 } }, { produced: { 'orders/0': 8 }, handled: { 'orders/0': 8 } })).toBe(3);
  });

  it('says how far the log is', async () => {
    const work: Work = { idle: true, done: 1, hears: [], handled: {}, produced: { 'tasks/0': 4, 'tasks/1': 1 } };
    expect(await waitUntilIdle(['order'], { 'tasks/1': 3 }, async () => work)).toEqual({ 'tasks/0': 4, 'tasks/1': 3 });
  });
});
