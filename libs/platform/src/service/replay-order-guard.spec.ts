import { discardRanges, MemoryStore } from '@orderloom/event-sourcing';
import { ReplayOrderGuard } from './replay-order-guard.js';

const [before, restored, after] = ['2010-12-01T08:00:00.000000Z', '2010-12-01T09:00:00.000000Z', '2010-12-01T10:00:00.000000Z'];
const meta = { by: 'test' };
let store: MemoryStore;
beforeEach(async () => {
  store = new MemoryStore();
  store.setNow(restored);
  const flow = { streamVersion: 4, status: 'active' };
  const rows = [
    { op: 'put', table: 'flows', key: 'f-1', row: flow },
    { op: 'put', table: 'flows', key: 'f-2', row: { ...flow, status: 'ended' } },
  ] as const;
  const appends = [{ stream: 'thing-1', subject: '1', expected: 'none', events: [{ type: 'Happened', data: {} }] }] as const;
  await store.commit({ meta, rows, appends });
});
const restore = (): Promise<void> =>
  discardRanges(store, [{ source: '/orderloom/order', topic: 't', partition: 0, from: 3, to: 7 }], { by: 'ann', reason: 'restored' });

describe('a message read again after a restore', () => {
  it('it is early if its task or entity does not exist yet', async () => {
    await restore();
    const early = new ReplayOrderGuard(store);
    const answers = ['f-1.4', 'f-1.5', 'f-2.5', 'f-3.1'].map((task) => early.precedesTask({ time: before }, task));
    expect(await Promise.all(answers)).toEqual([false, true, false, true]);
    const reports = ['1', '2'].map((id) => early.precedesEntity({ time: before }, 'thing', id));
    expect(await Promise.all(reports)).toEqual([false, true]);
  });

  it('it is not early if it was published after the restore', async () => {
    await restore();
    const early = new ReplayOrderGuard(store);
    expect(await early.precedesTask({ time: after }, 'f-1.5')).toBe(false);
    expect(await early.precedesEntity({ time: after }, 'thing', '2')).toBe(false);
  });

  it('it is not early without a restore', async () => {
    const early = new ReplayOrderGuard(store);
    expect(await early.precedesTask({ time: before }, 'f-1.5')).toBe(false);
    expect(await early.precedesEntity({ time: before }, 'thing', '2')).toBe(false);
  });
});
