import { RequestBatcher } from './request-batcher.js';

/** Resolves calls on demand and records their keys. */
function asking(options?: ConstructorParameters<typeof RequestBatcher>[1]) {
  const calls: { keys: readonly number[]; answer: () => void; fail: (error: Error) => void }[] = [];
  const gathered = new RequestBatcher<number, string>(
    (keys) => new Promise((resolve, reject) => calls.push({ keys, answer: () => resolve(keys.map((key) => `of ${key}`)), fail: reject })),
    options,
  );
  return { gathered, calls };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe('concurrent requests', () => {
  it('they share one call, and each gets its own result', async () => {
    const { gathered, calls } = asking();
    const answers = Promise.all([1, 2, 3].map((key) => gathered.get(key)));
    await turn();
    expect(calls.map(({ keys }) => keys)).toEqual([[1, 2, 3]]);
    calls[0]?.answer();
    expect(await answers).toEqual(['of 1', 'of 2', 'of 3']);
  });

  it('during the permitted calls, later requests are collected in order, up to the batch size', async () => {
    const { gathered, calls } = asking({ concurrency: 1, maxBatchSize: 2 });
    const answers = Promise.all([1, 2, 3, 4, 5].map((key) => gathered.get(key)));
    for (const keys of [[1, 2], [3, 4], [5]]) {
      await turn();
      expect(calls.at(-1)?.keys).toEqual(keys);
      calls.at(-1)?.answer();
    }
    expect(await answers).toEqual([1, 2, 3, 4, 5].map((key) => `of ${key}`));
    expect(calls).toHaveLength(3);
  });

  it('a failed call rejects its requests, and later ones are called again', async () => {
    const { gathered, calls } = asking({ concurrency: 1 });
    const refused = Promise.allSettled([gathered.get(1), gathered.get(2)]);
    await turn();
    const later = gathered.get(3);
    calls[0]?.fail(new Error('away'));
    expect((await refused).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await turn();
    calls[1]?.answer();
    expect(await later).toBe('of 3');
  });
});
