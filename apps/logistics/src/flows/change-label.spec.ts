import { givenFlow } from '@orderloom/flows';
import { elsewhere, handover, orderNumber } from '../shipment.fixture.js';
import { changeLabel } from './change-label.js';

const asked = () => givenFlow(changeLabel, { type: 'LabelChangeRequested', orderNumber, address: elsewhere, flow: 'change-address-1' });

describe('changing a label (ORD-30, ORD-32)', () => {
  it('is asked of the warehouse and confirmed to who asked', () => {
    const flow = asked().then('askingWarehouse', 'ask warehouse: change-label');
    expect(flow.task('change-label').about).toEqual({ orderNumber, address: elsewhere });
    flow.answered('change-label', 'LabelConfirmed').then('confirming', 'send logistics: ConfirmLabel');
    expect(flow.last('CommandSent').data).toMatchObject({ orderNumber, address: elsewhere, askedBy: 'change-address-1' });
    flow.when('LabelChanged').then('changed', 'end: changed');
  });

  it('is denied where the warehouse says no, with its reason', () => {
    const flow = asked().answered('change-label', 'LabelDenied', { reason: 'on the truck' }).then('denying', 'send logistics: DenyLabel');
    expect(flow.last('CommandSent').data).toMatchObject({ askedBy: 'change-address-1', reason: 'on the truck' });
    flow.when('LabelChangeRefused').then('kept', 'end: kept');
  });

  it('is denied where the parcel left first', () => {
    const flow = asked().when('ParcelShipped', handover).then('denying', 'withdraw warehouse: change-label', 'send logistics: DenyLabel');
    expect(flow.last('CommandSent').data).toMatchObject({ reason: 'shipped' });
  });

  it('is refused where the parcel left between the confirmation and its record', () => {
    asked().answered('change-label', 'LabelConfirmed').when('LabelChangeRefused').then('kept', 'end: kept');
  });

  it('is reminded after a working day, twice, then escalated', () => {
    const flow = asked().due('warehouseAnswer').due('warehouseAnswer').then('askingWarehouse', 'remind warehouse: change-label');
    flow.due('warehouseAnswer').then('askingWarehouse', 'escalate warehouse: change-label', 'inform supervisor: task-escalated');
  });
});

describe('what comes twice, late or astray', () => {
  it('is one answer of the warehouse', () => {
    const flow = asked();
    const { taskId } = flow.task('change-label');
    flow
      .answeredTask(taskId, 'LabelConfirmed')
      .answeredTask(taskId, 'LabelDenied', { reason: 'late' })
      .thenStrayed(/closed/)
      .then('confirming');
  });

  it('changes nothing after the end', () => {
    asked().answered('change-label', 'LabelConfirmed').when('LabelChanged').when('ParcelShipped', handover).thenStrayed(/ended/);
  });
});
