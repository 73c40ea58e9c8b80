import { TaskInbox } from '../teams/task-inbox.js';
import { FakeContext, task } from '../behaviour/fake-context.fixture.js';
import { Warehouse } from './warehouse.js';

const ship = (id = 'ship-order.1', type = 'TaskAsked') =>
  task('warehouse', 'ship-order', { lines: [], address: { country: 'GB' } }, { id, type });
const hold = (id = 'hold-order.1') => task('warehouse', 'hold-order', {}, { id });
const set = (behaviour: object = {}): [FakeContext, TaskInbox] => {
  const world = new FakeContext({
    pick: { hours: [4, 4] },
    pack: { hours: [1, 1] },
    'hand-over': { hours: [1, 1] },
    'hold-order': { hours: [0.5, 0.5], answers: { HoldConfirmed: 1 } },
    ...behaviour,
  });
  return [world, new TaskInbox(world, new Warehouse(world).dealings)];
};

describe('the warehouse', () => {
  it('reports picked, packed and shipped, in that order, with fixed ids', async () => {
    const [world, desk] = set();
    const done = desk.hear(ship());
    await world.lasts(7);
    await done;
    expect(world.types).toEqual(['ParcelPicked', 'ParcelPacked', 'ParcelShipped']);
    expect(world.said.map((s) => s.id)).toEqual([
      'report-ship-order.1-ParcelPicked',
      'report-ship-order.1-ParcelPacked',
      'report-ship-order.1-ParcelShipped',
    ]);
    expect(world.said[0]).toMatchObject({
      topic: 'orderloom.warehouse.reports',
      key: '536365',
      data: { orderNumber: '536365', at: '2010-12-01T12:00:00.000Z' },
    });
    expect(world.said[2]?.data).toHaveProperty('trackingNumber');
  });

  it('never picks what it has held', async () => {
    const [world, desk] = set();
    void desk.hear(ship());
    void desk.hear(hold());
    await world.lasts(100);
    expect(world.types).toEqual(['HoldConfirmed']);
  });

  it('nor picks it when it is asked anew with another label, before its hold is heard', async () => {
    const [world, desk] = set();
    void desk.hear(ship());
    void desk.hear(hold());
    await world.lasts(1);
    const asked = ship();
    await desk.hear({ ...asked, type: 'TaskWithdrawn', data: { ...asked.data, reason: 'superseded' } });
    void desk.hear(ship('ship-order.2'));
    await world.lasts(100);
    expect(world.types).toEqual(['HoldConfirmed']);
    await desk.hear({ ...asked, type: 'TaskWithdrawn', data: { ...asked.data, taskId: 'ship-order.2', reason: 'held' } });
    void desk.hear(ship('ship-order.3'));
    await world.lasts(7);
    expect(world.types).toEqual(['HoldConfirmed', 'ParcelPicked', 'ParcelPacked', 'ParcelShipped']);
  });

  it('denies a hold of what it has picked', async () => {
    const [world, desk] = set();
    void desk.hear(ship());
    await world.lasts(4);
    void desk.hear(hold());
    await world.lasts(0.5);
    expect(world.said.at(-1)?.data).toMatchObject({ answer: { type: 'HoldDenied', reason: 'the goods are picked' } });
    await world.lasts(9);
    void desk.hear(hold('hold-order.2'));
    await world.lasts(1);
    expect(world.said.at(-1)?.data).toMatchObject({ answer: { type: 'HoldDenied', reason: 'the parcel has left' } });
  });

  it('lets exactly one win where a hold and a pick come at the same moment', async () => {
    const [world, desk] = set({ 'hold-order': { hours: [4, 4], answers: { HoldConfirmed: 1 } } });
    void desk.hear(ship());
    void desk.hear(hold());
    await world.lasts(100);
    expect(world.types.includes('ParcelPicked')).toBe(world.types.includes('HoldDenied'));
  });

  it('picks at once what it refuses to hold', async () => {
    const [world, desk] = set({ 'hold-order': { hours: [0.5, 0.5], answers: { HoldDenied: 1 } } });
    void desk.hear(ship());
    void desk.hear(hold());
    await world.lasts(0.6);
    expect(world.types.sort()).toEqual(['HoldDenied', 'ParcelPicked']);
    await world.lasts(9);
    expect(world.types.filter((t) => t === 'ParcelPicked')).toHaveLength(1);
  });

  it('starts again when it is asked anew after a hold', async () => {
    const [world, desk] = set();
    void desk.hear(ship());
    void desk.hear(hold());
    await world.lasts(1);
    void desk.hear(ship('ship-order.2'));
    await world.lasts(100);
    expect(world.types).toEqual(['HoldConfirmed', 'ParcelPicked', 'ParcelPacked', 'ParcelShipped']);
    expect(world.said[1]?.id).toContain('ship-order.2');
  });

  it('holds what was withdrawn, also where it would rather not', async () => {
    const [world, desk] = set({ 'hold-order': { answers: { HoldDenied: 1 } } });
    void desk.hear(ship());
    void desk.hear(ship('ship-order.1', 'TaskWithdrawn'));
    void desk.hear(hold());
    await world.lasts(100);
    expect(world.types).toEqual(['HoldConfirmed']);
  });

  it('stops when the task is withdrawn before it is picked, and goes on when it is picked', async () => {
    const [world, desk] = set();
    void desk.hear(ship());
    await desk.hear(ship('ship-order.1', 'TaskWithdrawn'));
    await world.lasts(100);
    expect(world.said).toEqual([]);
    void desk.hear(ship('ship-order.2'));
    await world.lasts(4);
    await desk.hear(ship('ship-order.2', 'TaskWithdrawn'));
    await world.lasts(100);
    expect(world.types).toEqual(['ParcelPicked', 'ParcelPacked', 'ParcelShipped']);
  });

  it('picks an order once, however often it is asked to ship it', async () => {
    const [world, desk] = set();
    void desk.hear(ship());
    await world.lasts(4);
    void desk.hear(ship('ship-order.2'));
    void desk.hear(hold());
    await world.lasts(100);
    expect(world.types.sort()).toEqual(['HoldDenied', 'ParcelPacked', 'ParcelPicked', 'ParcelShipped']);
  });

  it('changes a label until the parcel has left', async () => {
    const [world, desk] = set({ 'change-label': { answers: { LabelConfirmed: 1 } } });
    void desk.hear(ship());
    void desk.hear(task('warehouse', 'change-label', {}, { id: 'change-label.1' }));
    await world.lasts(9);
    void desk.hear(task('warehouse', 'change-label', {}, { id: 'change-label.2' }));
    await world.lasts(1);
    expect(world.types.filter((t) => t.startsWith('Label'))).toEqual(['LabelConfirmed', 'LabelDenied']);
  });
});
