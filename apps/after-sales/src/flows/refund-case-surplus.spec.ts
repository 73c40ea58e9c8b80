import { brokenDuties, violatedInvariants, givenFlow, outcomesOf, rulesOf, enumeratePaths } from '@orderloom/flows';
import { afterSales } from '../after-sales.module.js';
import { caseId, orderNumber, payment as paid } from '../case.fixture.js';
import { refundCaseSurplus } from './refund-case-surplus.js';

const payment = { ...paid, captured: 0 };
const sum = { orderNumber, amount: 160, currency: 'GBP' };
const captured = { type: 'CaseSurplusCaptured', ...sum, caseId, payment, payments: [paid] };
const told = ['inform service: payment-after-case', 'tell customer: payment-after-case'];

describe('a capture for goods that were returned before (AFT-32)', () => {
  it('the surplus is filed as a refund of the case, and the customer is told', () => {
    const flow = givenFlow(refundCaseSurplus, captured).then('filing', 'send refund: RequestRefund');
    expect(flow.last('CommandSent').data).toEqual({
      ...{ ...sum, caseId, cause: 'other', payment, payments: [paid], parts: [{ kind: 'goods', amount: 160 }] },
    });
    flow.when('RefundRequested', { refundId: 'refund-1' }).then('filed', 'send after-sales: NoteRefundFiled', ...told, 'end: filed');
    expect(flow.last('CommandSent').data).toEqual({ orderNumber, caseId, refundId: 'refund-1', surplus: 160 });
    expect(flow.last('CustomerTold').fields).toEqual({ ...sum, caseId });
  });

  it('a refused application becomes a task of a supervisor (REF-03)', () => {
    const flow = givenFlow(refundCaseSurplus, captured).when('RefundApplicationRefused', { reason: 'more than captured' });
    expect(flow.then('settlingByHand', 'ask supervisor: settle-refund').task('settle-refund').about).toEqual({
      ...{ ...sum, reason: 'more than captured' },
    });
    flow.answered('settle-refund', 'RefundSettledByHand', { note: 'by bank' }).then('settled', ...told, 'end: settled');
  });
});

describe('all paths of refund-case-surplus', () => {
  const inputs = [
    { type: 'RefundRequested', refundId: 'refund-1' },
    { type: 'RefundSettledByHand' },
    { type: 'RefundApplicationRefused', reason: 'no' },
  ];
  const walks = [enumeratePaths(refundCaseSurplus, captured, inputs)];

  it('no path violates the invariants of flows or leaves a duty open', () => {
    expect(violatedInvariants(refundCaseSurplus, walks, Object.keys(afterSales.commands))).toEqual({});
    expect(brokenDuties(walks)).toEqual({});
  });

  it('the outcomes are filed and settled', () => {
    expect(outcomesOf(walks.flatMap(({ all }) => all))).toEqual(['filed', 'settled']);
    expect(rulesOf(refundCaseSurplus)).toEqual(['AFT-32', 'REF-01', 'REF-03']);
  });
});
