import { givenFlow } from '@orderloom/flows';
import { handover, orderNumber } from '../shipment.fixture.js';
import { holdShipment } from './hold-shipment.js';
import { holdShipmentV1 } from './v1/hold-shipment.js';

const ours = { flow: 'cancel-order-1' };
const asked = () => givenFlow(holdShipment, { type: 'HoldRequested', orderNumber, ...ours });

describe('a hold of a shipment (LOG-09, ORD-10)', () => {
  it('the warehouse is asked, and the hold is confirmed', () => {
    asked().then('askingWarehouse', 'ask warehouse: hold-order');
    const flow = asked().answered('hold-order', 'HoldConfirmed').then('confirming', 'send logistics: ConfirmHold');
    expect(flow.last('CommandSent').data).toMatchObject({ orderNumber, askedBy: 'cancel-order-1' });
    flow.when('ShipmentHeld', ours).then('held', 'end: held');
  });

  it('a refusal of the warehouse is passed on with its reason', () => {
    const flow = asked().answered('hold-order', 'HoldDenied', { reason: 'packed' }).then('denying', 'send logistics: DenyHold');
    expect(flow.last('CommandSent').data).toMatchObject({ askedBy: 'cancel-order-1', reason: 'packed' });
    flow.when('HoldRefused', ours).then('refused', 'end: refused');
  });

  it.each([
    ['ParcelPicked', { at: handover.at }],
    ['ParcelShipped', handover],
  ])('the hold is denied if %s is reported first', (report, data) => {
    asked().when(report, data).then('denying', 'withdraw warehouse: hold-order', 'send logistics: DenyHold');
  });

  it('the hold is refused if the pick was recorded before the confirmation, and the warehouse is told to continue', () => {
    const flow = asked().answered('hold-order', 'HoldConfirmed').when('HoldRefused', ours);
    flow.then('refused', 'inform warehouse: hold-released', 'end: refused');
    expect(flow.last('TeamInformed')).toMatchObject({ team: 'warehouse', about: { orderNumber } });
  });

  it('an instance of version 1 continues by the chart of version 1', () => {
    givenFlow(holdShipmentV1, { type: 'HoldRequested', orderNumber, flow: 'cancel-order-1' })
      .answered('hold-order', 'HoldConfirmed')
      .when('HoldRefused')
      .then('refused', 'end: refused');
  });

  it('the warehouse is reminded twice, each after a working day, then the task is escalated', () => {
    const flow = asked().due('warehouseAnswer').due('warehouseAnswer').then('askingWarehouse', 'remind warehouse: hold-order');
    flow.due('warehouseAnswer').then('askingWarehouse', 'escalate warehouse: hold-order', 'inform supervisor: task-escalated');
  });
});

describe('a shipment that two flows hold', () => {
  const theirs = { flow: 'queue-cancellation-1' };

  it('one confirmation of the warehouse holds it for both, and the other task is withdrawn', () => {
    asked().when('ShipmentHeld', ours).then('held', 'withdraw warehouse: hold-order', 'end: held');
    asked().answered('hold-order', 'HoldDenied', { reason: 'stopped' }).when('ShipmentHeld', ours).then('held', 'end: held');
  });

  it('one refusal of the warehouse refuses both', () => {
    asked().when('HoldRefused', ours).then('refused', 'withdraw warehouse: hold-order', 'end: refused');
  });

  it('each of the flows gets its own answer', () => {
    const confirming = () => asked().answered('hold-order', 'HoldConfirmed');
    confirming().when('ShipmentHeld', theirs).then('confirming');
    confirming().when('HoldRefused', theirs).then('confirming');
  });
});

describe('duplicate and late inputs', () => {
  it('only the first answer of the warehouse counts', () => {
    const flow = asked();
    const { taskId } = flow.task('hold-order');
    flow
      .answeredTask(taskId, 'HoldConfirmed')
      .answeredTask(taskId, 'HoldDenied', { reason: 'picked' })
      .thenStrayed(/closed/)
      .then('confirming');
  });

  it('a confirmation after the pick is ignored', () => {
    const flow = asked();
    const { taskId } = flow.task('hold-order');
    flow
      .when('ParcelPicked', { at: handover.at })
      .answeredTask(taskId, 'HoldConfirmed')
      .thenStrayed(/closed/)
      .then('denying');
  });

  it('an input after the end is ignored', () => {
    asked().answered('hold-order', 'HoldConfirmed').when('ShipmentHeld', ours).when('ParcelPicked').thenStrayed(/ended/).then('held');
  });
});
