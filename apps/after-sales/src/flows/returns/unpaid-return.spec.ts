import { brokenDuties, enumeratePaths, givenFlow, outcomesOf, rulesOf, violatedInvariants } from '@orderloom/flows';
import { afterSales } from '../../after-sales.module.js';
import { caseId, ids, orderNumber, payment, twoUnits } from '../../case.fixture.js';
import { unpaidReturn } from './unpaid-return.js';

const sum = { ...ids, amount: 160, currency: 'GBP' };
const why = { ...sum, reason: 'account closed' };
const unpaid = { type: 'ReturnUnpaid', ...why, refundId: 'refund-1', lines: twoUnits, payment, filers: ['service:anna', 'finance:li'] };
const settled = { caseId, lines: twoUnits, refund: 160 };
const given = () => givenFlow(unpaidReturn, unpaid);

describe('a refund that is rejected after its return was closed (REF-05)', () => {
  it('the customer is told, and service decides', () => {
    const flow = given().then('deciding', 'tell customer: return-unpaid', 'ask service: decide-unpaid-return');
    expect(flow.task('decide-unpaid-return').about).toEqual({ ...why, refundId: 'refund-1', lines: twoUnits });
    expect(flow.last('CustomerTold').fields).toEqual(why);
    flow.due('serviceAnswer').then('deciding', 'remind service: decide-unpaid-return');
  });

  it('the refund may be filed again for who decided it, and another rejection is decided again', () => {
    const flow = given().answered('decide-unpaid-return', 'ReturnPaidAgain', { note: 'to the new account' }, 'service:mia');
    expect(flow.then('settling', 'send after-sales: SettleUnits').last('CommandSent').data).toEqual({ ...ids, lines: twoUnits });
    flow.when('UnitsSettled', { ...settled, caseId: 'another' }).then('settling');
    flow.when('UnitsSettled', settled).then('filing', 'send refund: RequestRefund');
    expect(flow.last('CommandSent').data).toMatchObject({ ...sum, cause: 'returned', filedBy: 'service:mia', alsoFiledBy: unpaid.filers });
    flow
      .when('RefundRequested', { refundId: 'refund-2' })
      .then('filed', 'send after-sales: NoteRefundFiled', 'tell customer: return-refund-filed-again', 'end: filed');
    expect(flow.last('CommandSent').data).toEqual({ ...ids, refundId: 'refund-2', returned: 'closed' });
  });

  it('the goods may go back to the customer, which releases their units', () => {
    given()
      .answered('decide-unpaid-return', 'ReturnSentBack', { note: 'no account' })
      .then(
        'sentBack',
        ...['send after-sales: ReleaseUnits', 'inform warehouse: send-rejected-back', 'tell customer: return-sent-back', 'end: sentBack'],
      );
  });

  it('a supervisor settles the refund if nothing is left to refund it from', () => {
    const flow = given().answered('decide-unpaid-return', 'ReturnPaidAgain', { note: 'again' });
    flow
      .when('UnitsSettled', { ...settled, refund: 0 })
      .then('settlingByHand', 'send after-sales: NoteSettledByHand', 'ask supervisor: settle-refund');
    expect(flow.last('CommandSent').data).toEqual({ ...ids, amount: 160 });
    expect(flow.task('settle-refund').about).toEqual({
      ...{ orderNumber, amount: 160, currency: 'GBP', reason: 'nothing of what was captured is left' },
    });
    flow
      .answered('settle-refund', 'RefundSettledByHand', { note: 'by bank' })
      .then('settled', 'tell customer: refund-settled', 'end: settled');
  });

  it('a supervisor settles the open amount if the application is refused', () => {
    const flow = given().answered('decide-unpaid-return', 'ReturnPaidAgain', { note: 'again' });
    flow.when('UnitsSettled', { ...settled, refund: 100 }).when('RefundApplicationRefused', { reason: 'more than is left' });
    flow.then('settlingByHand', 'send after-sales: NoteSettledByHand', 'ask supervisor: settle-refund');
    expect(flow.last('CommandSent').data).toEqual({ ...ids, amount: 60 });
  });

  it('the task is withdrawn if the refund is paid after all', () => {
    given()
      .when('UnitsSettled', { ...settled, refundId: 'another-refund' })
      .then('deciding')
      .when('UnitsSettled', { ...settled, refundId: 'refund-1' })
      .then('paid', 'withdraw service: decide-unpaid-return', 'end: paid');
  });
});

describe('all paths of unpaid-return', () => {
  const inputs = [
    ...['ReturnPaidAgain', 'ReturnSentBack', 'RefundSettledByHand'].map((type) => ({ type, note: 'so' })),
    ...[0, 160].map((refund) => ({ type: 'UnitsSettled', ...settled, refund })),
    { type: 'UnitsSettled', ...settled, refundId: 'refund-1' },
    { type: 'RefundRequested', refundId: 'refund-2' },
    { type: 'RefundApplicationRefused', reason: 'no' },
  ];
  const walks = [enumeratePaths(unpaidReturn, unpaid, inputs)];

  it('no path violates the invariants of flows or leaves a duty open', () => {
    expect(violatedInvariants(unpaidReturn, walks, Object.keys(afterSales.commands))).toEqual({});
    expect(brokenDuties(walks)).toEqual({});
  });

  it('the outcomes are filed, settled, sentBack and paid', () => {
    expect(outcomesOf(walks.flatMap(({ all }) => all))).toEqual(['filed', 'paid', 'sentBack', 'settled']);
    expect(rulesOf(unpaidReturn)).toEqual(['AFT-32', 'REF-01', 'REF-03', 'REF-05']);
  });
});
