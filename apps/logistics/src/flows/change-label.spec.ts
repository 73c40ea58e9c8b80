import { givenFlow } from '@orderloom/flows';
import { elsewhere, handover, orderNumber } from '../shipment.fixture.js';
import { changeLabel } from './change-label.js';

const asked = () => givenFlow(changeLabel, { type: 'LabelChangeRequested', orderNumber, address: elsewhere, flow: 'change-address-1' });

describe('a change of the label (ORD-30, ORD-32)', () => {
  it('the warehouse is asked, and the change is confirmed', () => {
    const flow = asked().then('askingWarehouse', 'ask warehouse: change-label');
    expect(flow.task('change-label').about).toEqual({ orderNumber, address: elsewhere });
    flow.answered('change-label', 'LabelConfirmed').then('confirming', 'send logistics: ConfirmLabel');
    expect(flow.last('CommandSent').data).toMatchObject({ orderNumber, address: elsewhere, askedBy: 'change-address-1' });
    flow.when('LabelChanged').then('changed', 'end: changed');
  });

  it('a refusal of the warehouse is passed on with its reason', () => {
    const flow = asked().answered('change-label', 'LabelDenied', { reason: 'on the truck' }).then('denying', 'send logistics: DenyLabel');
    expect(flow.last('CommandSent').data).toMatchObject({ askedBy: 'change-address-1', reason: 'on the truck' });
    flow.when('LabelChangeRefused').then('kept', 'end: kept');
  });

  it('the change is denied if the parcel leaves first', () => {
    const flow = asked().when('ParcelShipped', handover).then('denying', 'withdraw warehouse: change-label', 'send logistics: DenyLabel');
    expect(flow.last('CommandSent').data).toMatchObject({ reason: 'shipped' });
  });

  it('the change is refused if the parcel left between the confirmation and its record', () => {
    asked().answered('change-label', 'LabelConfirmed').when('LabelChangeRefused').then('kept', 'end: kept');
  });

  it('the warehouse is reminded twice, each after a working day, then the task is escalated', () => {
    const flow = asked().due('warehouseAnswer').due('warehouseAnswer').then('askingWarehouse', 'remind warehouse: change-label');
    flow.due('warehouseAnswer').then('askingWarehouse', 'escalate warehouse: change-label', 'inform supervisor: task-escalated');
  });
});

describe('duplicate, late and unexpected inputs', () => {
  it('only the first answer of the warehouse counts', () => {
    const flow = asked();
    const { taskId } = flow.task('change-label');
    flow
      .answeredTask(taskId, 'LabelConfirmed')
      .answeredTask(taskId, 'LabelDenied', { reason: 'late' })
      .thenStrayed(/closed/)
      .then('confirming');
  });

  it('an input after the end is ignored', () => {
    asked().answered('change-label', 'LabelConfirmed').when('LabelChanged').when('ParcelShipped', handover).thenStrayed(/ended/);
  });
});
