import { OffsetTracker } from './offsets.js';

const never = new Promise<void>(() => undefined);
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the offset to commit', () => {
  it('it is that of the oldest unprocessed record', async () => {
    const offsets = new OffsetTracker();
    offsets.track('7', Promise.resolve());
    offsets.track('8', never);
    offsets.track('9', Promise.resolve());
    await settled();
    expect(offsets.toCommit()).toBe('8');
  });

  it('it advances when that record is processed', async () => {
    const offsets = new OffsetTracker();
    let done = (): void => undefined;
    offsets.track('7', new Promise((resolve) => (done = resolve)));
    offsets.track('8', Promise.resolve());
    await settled();
    expect(offsets.toCommit()).toBe('7');
    done();
    await settled();
    expect(offsets.toCommit()).toBe('9');
  });

  it('it is returned once', async () => {
    const offsets = new OffsetTracker();
    expect(offsets.toCommit()).toBeUndefined();
    offsets.track('0', Promise.resolve());
    await settled();
    expect([offsets.toCommit(), offsets.toCommit()]).toEqual(['1', undefined]);
  });
});
