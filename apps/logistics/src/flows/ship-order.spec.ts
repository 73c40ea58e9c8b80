import { givenFlow } from '@orderloom/flows';
import { address, elsewhere, handover, lines, orderNumber } from '../shipment.fixture.js';
import { shipOrder } from './ship-order.js';

const prepared = { type: 'ShipmentPrepared', orderNumber, lines, address, held: false };
const shipping = () => givenFlow(shipOrder, prepared);
const held = () => shipping().when('ShipmentHeld');

describe('shipping an order (LOG-01)', () => {
  it('is asked of the warehouse, which answers by its reports only', () => {
    const flow = shipping().then('shipping', 'ask warehouse: ship-order');
    expect(flow.task('ship-order')).toMatchObject({ about: { orderNumber, lines, address }, answers: [] });
    flow.when('ParcelShipped', handover).then('shipped', 'withdraw warehouse: ship-order', 'end: shipped');
  });

  it('is reminded after five working days, twice, then escalated', () => {
    const flow = shipping();
    expect(flow.task('ship-order').dueAt).toBe('2010-12-08T09:00:00.000000Z');
    flow.due('shipping').due('shipping').then('shipping', 'remind warehouse: ship-order');
    flow.due('shipping').then('shipping', 'escalate warehouse: ship-order', 'inform supervisor: task-escalated');
  });

  it('tells the warehouse of another label while it works on it, and asks anew with the address of today (ORD-30, ORD-32)', () => {
    const flow = shipping().when('LabelChanged', { address: elsewhere });
    flow.then('shipping', 'withdraw warehouse: ship-order', 'inform warehouse: label-changed', 'ask warehouse: ship-order');
    expect(flow.last('TeamInformed').about).toMatchObject({ address: elsewhere });
    expect(flow.last('TaskClosed').reason).toBe('superseded');
    expect(flow.instance.tasks.map(({ about }) => about)).toEqual([{ orderNumber, lines, address: elsewhere }]);
  });
});

describe('a hold (ORD-10)', () => {
  it('takes the order off the list of the warehouse; released, it is asked for again', () => {
    held().then('held', 'withdraw warehouse: ship-order').when('HoldReleased').then('shipping', 'ask warehouse: ship-order');
  });

  it('by two flows lasts until both have released it', () => {
    const flow = held().when('ShipmentHeld').when('HoldReleased', { stillHeld: true }).then('held');
    flow.when('HoldReleased').then('shipping', 'ask warehouse: ship-order');
  });

  it('from the start never puts it there', () => {
    givenFlow(shipOrder, { ...prepared, held: true })
      .then('held')
      .when('ShipmentCancelled')
      .then('cancelled', 'end: cancelled');
  });

  it('ends in what remains: quantities and label are those of the time when it is released (ORD-13, ORD-32)', () => {
    const flow = held()
      .when('ShipmentAmended', { remaining: lines.slice(1) })
      .when('LabelChanged', { address: elsewhere })
      .when('HoldReleased');
    expect(flow.task('ship-order').about).toEqual({ orderNumber, lines: lines.slice(1), address: elsewhere });
  });

  it('that the warehouse overlooked makes it put the goods back (LOG-09)', () => {
    held().when('ReportContradicted', { report: 'ParcelPicked', status: 'held' }).then('held', 'inform warehouse: put-back');
  });
});

describe('the warehouse', () => {
  it('is told why the task is withdrawn', () => {
    const reason = (flow: ReturnType<typeof shipping>) => flow.last('TaskClosed').reason;
    expect(reason(held())).toBe('held');
    expect(reason(shipping().when('ShipmentCancelled'))).toBe('cancelled');
    expect(reason(shipping().when('ParcelShipped', handover))).toBe('shipped');
  });
});

describe('what comes early, twice or late', () => {
  it('is a hold once', () => {
    held().when('ShipmentHeld').then('held').when('HoldReleased').then('shipping', 'ask warehouse: ship-order');
  });

  it('does not release what is not held', () => {
    shipping().when('HoldReleased').then('shipping').when('ShipmentHeld').then('held', 'withdraw warehouse: ship-order');
  });

  it('changes nothing after the end', () => {
    shipping().when('ParcelShipped', handover).when('ShipmentHeld').thenStrayed(/ended/).then('shipped');
  });
});
