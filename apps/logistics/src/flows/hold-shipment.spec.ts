import { givenFlow } from '@orderloom/flows';
import { handover, orderNumber } from '../shipment.fixture.js';
import { holdShipment } from './hold-shipment.js';
import { holdShipmentV1 } from './v1/hold-shipment.js';

const ours = { flow: 'cancel-order-1' };
const asked = () => givenFlow(holdShipment, { type: 'HoldRequested', orderNumber, ...ours });

describe('holding a shipment (LOG-09, ORD-10)', () => {
  it('is asked of the warehouse and confirmed to who asked', () => {
    asked().then('askingWarehouse', 'ask warehouse: hold-order');
    const flow = asked().answered('hold-order', 'HoldConfirmed').then('confirming', 'send logistics: ConfirmHold');
    expect(flow.last('CommandSent').data).toMatchObject({ orderNumber, askedBy: 'cancel-order-1' });
    flow.when('ShipmentHeld', ours).then('held', 'end: held');
  });

  it('is denied where the warehouse says no, with its reason', () => {
    const flow = asked().answered('hold-order', 'HoldDenied', { reason: 'packed' }).then('denying', 'send logistics: DenyHold');
    expect(flow.last('CommandSent').data).toMatchObject({ askedBy: 'cancel-order-1', reason: 'packed' });
    flow.when('HoldRefused', ours).then('refused', 'end: refused');
  });

  it.each([
    ['ParcelPicked', { at: handover.at }],
    ['ParcelShipped', handover],
  ])('is denied where %s was reported first', (report, data) => {
    asked().when(report, data).then('denying', 'withdraw warehouse: hold-order', 'send logistics: DenyHold');
  });

  it('is refused where the pick was recorded before the confirmation, and the warehouse told that it ships', () => {
    const flow = asked().answered('hold-order', 'HoldConfirmed').when('HoldRefused', ours);
    flow.then('refused', 'inform warehouse: hold-released', 'end: refused');
    expect(flow.last('TeamInformed')).toMatchObject({ team: 'warehouse', about: { orderNumber } });
  });

  it('goes on as it was begun, by the chart of version 1', () => {
    givenFlow(holdShipmentV1, { type: 'HoldRequested', orderNumber, flow: 'cancel-order-1' })
      .answered('hold-order', 'HoldConfirmed')
      .when('HoldRefused')
      .then('refused', 'end: refused');
  });

  it('is reminded after a working day, twice, then escalated', () => {
    const flow = asked().due('warehouseAnswer').due('warehouseAnswer').then('askingWarehouse', 'remind warehouse: hold-order');
    flow.due('warehouseAnswer').then('askingWarehouse', 'escalate warehouse: hold-order', 'inform supervisor: task-escalated');
  });
});

describe('an order that two flows hold', () => {
  const theirs = { flow: 'queue-cancellation-1' };

  it('is stopped for both by one answer of the warehouse, which is asked no more', () => {
    asked().when('ShipmentHeld', ours).then('held', 'withdraw warehouse: hold-order', 'end: held');
    asked().answered('hold-order', 'HoldDenied', { reason: 'stopped' }).when('ShipmentHeld', ours).then('held', 'end: held');
  });

  it('is refused to both by one answer', () => {
    asked().when('HoldRefused', ours).then('refused', 'withdraw warehouse: hold-order', 'end: refused');
  });

  it('has an answer for each of them', () => {
    const confirming = () => asked().answered('hold-order', 'HoldConfirmed');
    confirming().when('ShipmentHeld', theirs).then('confirming');
    confirming().when('HoldRefused', theirs).then('confirming');
  });
});

describe('what comes twice or late', () => {
  it('is one answer of the warehouse', () => {
    const flow = asked();
    const { taskId } = flow.task('hold-order');
    flow
      .answeredTask(taskId, 'HoldConfirmed')
      .answeredTask(taskId, 'HoldDenied', { reason: 'picked' })
      .thenStrayed(/closed/)
      .then('confirming');
  });

  it('is no confirmation after the pick', () => {
    const flow = asked();
    const { taskId } = flow.task('hold-order');
    flow
      .when('ParcelPicked', { at: handover.at })
      .answeredTask(taskId, 'HoldConfirmed')
      .thenStrayed(/closed/)
      .then('denying');
  });

  it('changes nothing after the end', () => {
    asked().answered('hold-order', 'HoldConfirmed').when('ShipmentHeld', ours).when('ParcelPicked').thenStrayed(/ended/).then('held');
  });
});
