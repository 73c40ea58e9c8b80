import { ids, twoUnits } from '../../case.fixture.js';
import { closes, inspected, paid, paidOut } from './return-with-refund.fixture.js';

const later = { refundId: 'refund-1', again: true };
const unpaid = { ...later, paid: 0, rejected: 160, reason: 'account closed' };
const scrapped = (template: string, outcome: string) => ['inform warehouse: scrap-rejected', ...closes(template, outcome)];
const apart = closes('return-accepted-refund-apart', 'refundApart');
const settledGoods = (accepted: number, rejected: number, freight?: number) =>
  inspected(accepted, rejected, 'defect', freight).when('UnitsSettled', { refund: 160 });

describe('a refund of goods whose outcome changes during its return (REF-05)', () => {
  it('while the freight is open, a returned payment of the goods is left to unpaid-return', () => {
    const flow = paidOut(settledGoods(2, 0, 400)).when('RefundRequested', { refundId: 'refund-2' });
    flow.when('RefundApplicationSettled', unpaid).then('awaitingFreight');
    flow.when('RefundApplicationSettled', { refundId: 'refund-2', paid: 400, rejected: 0 }).then('refundApart', ...apart);
    expect(flow.last('CustomerTold').fields).toEqual({
      ...{ ...ids, freight: 400, currency: 'GBP', accepted: twoUnits, notAccepted: [], sentBack: false },
    });
    expect(flow.last('CommandSent', 'CloseCase').data).toMatchObject({ outcome: 'refunded apart' });
  });

  it('while the freight is being filed, the changed outcome is deferred', () => {
    const flow = paidOut(settledGoods(2, 0, 400))
      .when('RefundApplicationSettled', unpaid)
      .then('refundingFreight');
    flow.when('RefundRequested', { refundId: 'refund-2' });
    flow.when('RefundApplicationSettled', { refundId: 'refund-2', paid: 400, rejected: 0 }).then('refundApart', ...apart);
  });

  it('while a supervisor settles the freight, a returned payment of the goods is left to unpaid-return', () => {
    const flow = paidOut(settledGoods(2, 0, 400)).when('RefundApplicationRefused', { reason: 'too much' });
    flow.when('RefundApplicationSettled', unpaid).then('settlingFreight');
    flow.answered('settle-refund', 'RefundSettledByHand', { note: 'by bank' }).then('refundApart', ...apart);
  });

  it('while other goods are offered back, the message names the last outcome', () => {
    const offered = () => paidOut(settledGoods(1, 1)).then('offeringBack', 'ask customer: take-back');
    const flow = offered().when('RefundApplicationSettled', unpaid);
    flow
      .then('offeringBack')
      .answered('take-back', 'LeftBehind')
      .then('refundApart', ...scrapped('return-accepted-refund-apart', 'refundApart'));
    const after = offered().when('RefundApplicationSettled', unpaid);
    after.when('RefundApplicationSettled', { ...paid, again: true });
    after.answered('take-back', 'LeftBehind').then('refundedInPart', ...scrapped('return-accepted-in-part', 'refundedInPart'));
    expect(after.last('CustomerTold').fields).toMatchObject({ refund: 160 });
  });

  it('a partly rejected refund is told with the remaining amount', () => {
    const flow = paidOut(settledGoods(1, 1)).when('RefundApplicationSettled', { ...unpaid, paid: 100, rejected: 60 });
    flow.answered('take-back', 'LeftBehind').then('refundedInPart', ...scrapped('return-accepted-in-part', 'refundedInPart'));
    expect(flow.last('CustomerTold').fields).toMatchObject({ refund: 100, notRefunded: 60, reason: 'account closed' });
  });

  it('a rejected refund that is paid after all keeps the goods with the merchant', () => {
    const flow = settledGoods(2, 0, 400)
      .when('RefundRequested', { refundId: 'refund-1' })
      .when('RefundApplicationSettled', { ...unpaid, again: undefined });
    flow.then('offeringBack', 'send after-sales: NoteRefundOutcome', 'ask customer: take-back');
    flow
      .when('RefundApplicationSettled', { ...paid, again: true })
      .then('refundingFreight', 'withdraw customer: take-back', 'send refund: RequestRefund');
    flow.when('RefundRequested', { refundId: 'refund-2' });
    flow
      .when('RefundApplicationSettled', { refundId: 'refund-2', paid: 400, rejected: 0 })
      .then('refunded', ...closes('return-accepted', 'refunded'));
    expect(flow.last('CustomerTold').fields).toMatchObject({ refund: 160, freight: 400, accepted: twoUnits, notAccepted: [] });
  });

  it('a changed outcome of the freight is told with its last amount', () => {
    const flow = paidOut(settledGoods(1, 1, 400)).when('RefundRequested', { refundId: 'refund-2' });
    flow.when('RefundApplicationSettled', { refundId: 'refund-2', paid: 400, rejected: 0 }).then('offeringBack', 'ask customer: take-back');
    flow.when('RefundApplicationSettled', { refundId: 'refund-2', paid: 0, rejected: 400, again: true, reason: 'account closed' });
    flow.answered('take-back', 'LeftBehind').then('refundedInPart', ...scrapped('return-accepted-in-part', 'refundedInPart'));
    expect(flow.last('CustomerTold').fields).toMatchObject({ refund: 160, freight: 0 });
  });

  it('the outcome of another refund changes nothing', () => {
    const flow = paidOut(settledGoods(1, 1)).when('RefundApplicationSettled', { ...unpaid, refundId: 'another' });
    flow.answered('take-back', 'LeftBehind').then('refundedInPart', ...scrapped('return-accepted-in-part', 'refundedInPart'));
    expect(flow.last('CustomerTold').fields).toMatchObject({ refund: 160 });
  });
});
