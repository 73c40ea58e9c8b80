import { TaskInbox } from '../teams/task-inbox.js';
import { FakeContext, task } from '../behaviour/fake-context.fixture.js';
import { Warehouse } from './warehouse.js';

const ship = (id = 'ship-order.1', type = 'TaskAsked') =>
  task('warehouse', 'ship-order', { lines: [], address: { country: 'GB' } }, { id, type });
const hold = (id = 'hold-order.1') => task('warehouse', 'hold-order', {}, { id });
const set = (behaviour: object = {}): [FakeContext, TaskInbox] => {
  const context = new FakeContext({
    pick: { hours: [4, 4] },
    pack: { hours: [1, 1] },
    'hand-over': { hours: [1, 1] },
    'hold-order': { hours: [0.5, 0.5], answers: { HoldConfirmed: 1 } },
    ...behaviour,
  });
  return [context, new TaskInbox(context, new Warehouse(context).handlers)];
};

describe('the simulated warehouse', () => {
  it('picked, packed and shipped are reported in this order with fixed ids', async () => {
    const [context, desk] = set();
    const done = desk.onMessage(ship());
    await context.advance(7);
    await done;
    expect(context.types).toEqual(['ParcelPicked', 'ParcelPacked', 'ParcelShipped']);
    expect(context.sent.map((s) => s.id)).toEqual([
      'report-ship-order.1-ParcelPicked',
      'report-ship-order.1-ParcelPacked',
      'report-ship-order.1-ParcelShipped',
    ]);
    expect(context.sent[0]).toMatchObject({
      topic: 'orderloom.warehouse.reports',
      key: '536365',
      data: { orderNumber: '536365', at: '2010-12-01T12:00:00.000Z' },
    });
    expect(context.sent[2]?.data).toHaveProperty('trackingNumber');
  });

  it('a held order is not picked', async () => {
    const [context, desk] = set();
    void desk.onMessage(ship());
    void desk.onMessage(hold());
    await context.advance(100);
    expect(context.types).toEqual(['HoldConfirmed']);
  });

  it('a held order is not picked if it is asked again with another label before its hold', async () => {
    const [context, desk] = set();
    void desk.onMessage(ship());
    void desk.onMessage(hold());
    await context.advance(1);
    const asked = ship();
    await desk.onMessage({ ...asked, type: 'TaskWithdrawn', data: { ...asked.data, reason: 'superseded' } });
    void desk.onMessage(ship('ship-order.2'));
    await context.advance(100);
    expect(context.types).toEqual(['HoldConfirmed']);
    await desk.onMessage({ ...asked, type: 'TaskWithdrawn', data: { ...asked.data, taskId: 'ship-order.2', reason: 'held' } });
    void desk.onMessage(ship('ship-order.3'));
    await context.advance(7);
    expect(context.types).toEqual(['HoldConfirmed', 'ParcelPicked', 'ParcelPacked', 'ParcelShipped']);
  });

  it('a hold of a picked order is denied', async () => {
    const [context, desk] = set();
    void desk.onMessage(ship());
    await context.advance(4);
    void desk.onMessage(hold());
    await context.advance(0.5);
    expect(context.sent.at(-1)?.data).toMatchObject({ answer: { type: 'HoldDenied', reason: 'the goods are picked' } });
    await context.advance(9);
    void desk.onMessage(hold('hold-order.2'));
    await context.advance(1);
    expect(context.sent.at(-1)?.data).toMatchObject({ answer: { type: 'HoldDenied', reason: 'the parcel has left' } });
  });

  it('exactly one of a simultaneous hold and pick wins', async () => {
    const [context, desk] = set({ 'hold-order': { hours: [4, 4], answers: { HoldConfirmed: 1 } } });
    void desk.onMessage(ship());
    void desk.onMessage(hold());
    await context.advance(100);
    expect(context.types.includes('ParcelPicked')).toBe(context.types.includes('HoldDenied'));
  });

  it('an order whose hold is denied is picked at once', async () => {
    const [context, desk] = set({ 'hold-order': { hours: [0.5, 0.5], answers: { HoldDenied: 1 } } });
    void desk.onMessage(ship());
    void desk.onMessage(hold());
    await context.advance(0.6);
    expect(context.types.sort()).toEqual(['HoldDenied', 'ParcelPicked']);
    await context.advance(9);
    expect(context.types.filter((t) => t === 'ParcelPicked')).toHaveLength(1);
  });

  it('the work starts again when it is asked again after a hold', async () => {
    const [context, desk] = set();
    void desk.onMessage(ship());
    void desk.onMessage(hold());
    await context.advance(1);
    void desk.onMessage(ship('ship-order.2'));
    await context.advance(100);
    expect(context.types).toEqual(['HoldConfirmed', 'ParcelPicked', 'ParcelPacked', 'ParcelShipped']);
    expect(context.sent[1]?.id).toContain('ship-order.2');
  });

  it('a withdrawn order is held, whatever the profile says', async () => {
    const [context, desk] = set({ 'hold-order': { answers: { HoldDenied: 1 } } });
    void desk.onMessage(ship());
    void desk.onMessage(ship('ship-order.1', 'TaskWithdrawn'));
    void desk.onMessage(hold());
    await context.advance(100);
    expect(context.types).toEqual(['HoldConfirmed']);
  });

  it('a withdrawal before the pick stops the work, one after it does not', async () => {
    const [context, desk] = set();
    void desk.onMessage(ship());
    await desk.onMessage(ship('ship-order.1', 'TaskWithdrawn'));
    await context.advance(100);
    expect(context.sent).toEqual([]);
    void desk.onMessage(ship('ship-order.2'));
    await context.advance(4);
    await desk.onMessage(ship('ship-order.2', 'TaskWithdrawn'));
    await context.advance(100);
    expect(context.types).toEqual(['ParcelPicked', 'ParcelPacked', 'ParcelShipped']);
  });

  it('an order is picked once, however often it is asked for', async () => {
    const [context, desk] = set();
    void desk.onMessage(ship());
    await context.advance(4);
    void desk.onMessage(ship('ship-order.2'));
    void desk.onMessage(hold());
    await context.advance(100);
    expect(context.types.sort()).toEqual(['HoldDenied', 'ParcelPacked', 'ParcelPicked', 'ParcelShipped']);
  });

  it('a label is changed until the parcel has left', async () => {
    const [context, desk] = set({ 'change-label': { answers: { LabelConfirmed: 1 } } });
    void desk.onMessage(ship());
    void desk.onMessage(task('warehouse', 'change-label', {}, { id: 'change-label.1' }));
    await context.advance(9);
    void desk.onMessage(task('warehouse', 'change-label', {}, { id: 'change-label.2' }));
    await context.advance(1);
    expect(context.types.filter((t) => t.startsWith('Label'))).toEqual(['LabelConfirmed', 'LabelDenied']);
  });
});
