import { untilIdle } from './idle.js';

describe('waiting until services are idle', () => {
  const after = async (...looks: readonly { idle: boolean; done: number }[]): Promise<number> => {
    let looked = 0;
    await untilIdle(['order'], async () => looks[looked++] ?? { idle: true, done: 99 });
    return looked;
  };

  it('looks twice', async () => {
    expect(await after({ idle: true, done: 1 }, { idle: true, done: 1 })).toBe(2);
  });

  it('is not taken in by work that was begun and ended between two looks', async () => {
    expect(await after({ idle: true, done: 1 }, { idle: true, done: 2 }, { idle: true, done: 2 })).toBe(3);
  });

  it('waits for what is in hand', async () => {
    expect(await after({ idle: true, done: 1 }, { idle: false, done: 1 }, { idle: true, done: 1 }, { idle: true, done: 1 })).toBe(4);
  });
});
