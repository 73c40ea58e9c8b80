import { givenFlow } from '@orderloom/flows';
import { address, elsewhere, handover, lines, orderNumber } from '../shipment.fixture.js';
import { shipOrder } from './ship-order.js';

const prepared = { type: 'ShipmentPrepared', orderNumber, lines, address, held: false };
const shipping = () => givenFlow(shipOrder, prepared);
const held = () => shipping().when('ShipmentHeld');

describe('the shipping of an order (LOG-01)', () => {
  it('the warehouse is asked and answers by its reports only', () => {
    const flow = shipping().then('shipping', 'ask warehouse: ship-order');
    expect(flow.task('ship-order')).toMatchObject({ about: { orderNumber, lines, address }, answers: [] });
    flow.when('ParcelShipped', handover).then('shipped', 'withdraw warehouse: ship-order', 'end: shipped');
  });

  it('the warehouse is reminded twice, each after five working days, then the task is escalated', () => {
    const flow = shipping();
    expect(flow.task('ship-order').dueAt).toBe('2010-12-08T09:00:00.000000Z');
    flow.due('shipping').due('shipping').then('shipping', 'remind warehouse: ship-order');
    flow.due('shipping').then('shipping', 'escalate warehouse: ship-order', 'inform supervisor: task-escalated');
  });

  it('a changed label withdraws the task and asks again with the new address (ORD-30, ORD-32)', () => {
    const flow = shipping().when('LabelChanged', { address: elsewhere });
    flow.then('shipping', 'withdraw warehouse: ship-order', 'inform warehouse: label-changed', 'ask warehouse: ship-order');
    expect(flow.last('TeamInformed').about).toMatchObject({ address: elsewhere });
    expect(flow.last('TaskClosed').reason).toBe('superseded');
    expect(flow.instance.tasks.map(({ about }) => about)).toEqual([{ orderNumber, lines, address: elsewhere }]);
  });
});

describe('a hold of the order (ORD-10)', () => {
  it('the hold withdraws the task of the warehouse, and its release asks again', () => {
    held().then('held', 'withdraw warehouse: ship-order').when('HoldReleased').then('shipping', 'ask warehouse: ship-order');
  });

  it('a hold by two flows lasts until both have released it', () => {
    const flow = held().when('ShipmentHeld').when('HoldReleased', { stillHeld: true }).then('held');
    flow.when('HoldReleased').then('shipping', 'ask warehouse: ship-order');
  });

  it('an order that is held from the start has no task until its release', () => {
    givenFlow(shipOrder, { ...prepared, held: true })
      .then('held')
      .when('ShipmentCancelled')
      .then('cancelled', 'end: cancelled');
  });

  it('after the release the task has the remaining quantities and the current label (ORD-13, ORD-32)', () => {
    const flow = held()
      .when('ShipmentAmended', { remaining: lines.slice(1) })
      .when('LabelChanged', { address: elsewhere })
      .when('HoldReleased');
    expect(flow.task('ship-order').about).toEqual({ orderNumber, lines: lines.slice(1), address: elsewhere });
  });

  it('a report that contradicts the hold makes the warehouse put the goods back (LOG-09)', () => {
    held().when('ReportContradicted', { report: 'ParcelPicked', status: 'held' }).then('held', 'inform warehouse: put-back');
  });
});

describe('the withdrawal of the task', () => {
  it('the withdrawal names its reason', () => {
    const reason = (flow: ReturnType<typeof shipping>) => flow.last('TaskClosed').reason;
    expect(reason(held())).toBe('held');
    expect(reason(shipping().when('ShipmentCancelled'))).toBe('cancelled');
    expect(reason(shipping().when('ParcelShipped', handover))).toBe('shipped');
  });
});

describe('early, duplicate and late inputs', () => {
  it('a repeated hold changes nothing', () => {
    held().when('ShipmentHeld').then('held').when('HoldReleased').then('shipping', 'ask warehouse: ship-order');
  });

  it('a release without a hold changes nothing', () => {
    shipping().when('HoldReleased').then('shipping').when('ShipmentHeld').then('held', 'withdraw warehouse: ship-order');
  });

  it('an input after the end is ignored', () => {
    shipping().when('ParcelShipped', handover).when('ShipmentHeld').thenStrayed(/ended/).then('shipped');
  });
});
