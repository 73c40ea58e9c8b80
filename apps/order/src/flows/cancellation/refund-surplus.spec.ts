import { brokenDuties, violatedInvariants, givenFlow, outcomesOf, rulesOf, enumeratePaths } from '@orderloom/flows';
import { orderNumber, placed } from '../../order.fixture.js';
import { order } from '../../order.module.js';
import { refundSurplus } from './refund-surplus.js';

const { currency } = placed;
const payment = { ...placed.payment, captured: 0 };
const captured = {
  ...{ type: 'SurplusCaptured', orderNumber, reference: payment.reference, amount: 1500, currency },
  ...{ payment, payments: [{ ...payment, captured: 1500 }] },
};
const told = ['inform service: payment-after-cancellation', 'tell customer: payment-after-cancellation'];

describe('a surplus captured for cancelled goods (ORD-13)', () => {
  it('the surplus is filed as a refund, and the customer is told', () => {
    const flow = givenFlow(refundSurplus, captured).then('filing', 'send refund: RequestRefund');
    expect(flow.last('CommandSent').data).toEqual({
      ...{ orderNumber, cause: 'cancelled', amount: 1500, currency, payment, payments: captured.payments },
      parts: [{ kind: 'goods', amount: 1500 }],
    });
    flow.when('RefundRequested').then('filed', ...told, 'end: filed');
  });

  it('a refused application becomes a task of a supervisor (REF-03)', () => {
    const flow = givenFlow(refundSurplus, captured).when('RefundApplicationRefused', { reason: 'more than captured' });
    expect(flow.then('settlingByHand', 'ask supervisor: settle-refund').task('settle-refund').about).toEqual({
      ...{ orderNumber, amount: 1500, currency, reason: 'more than captured' },
    });
    flow.answered('settle-refund', 'RefundSettledByHand', { note: 'by bank' }).then('settled', ...told, 'end: settled');
  });
});

describe('all paths of refund-surplus', () => {
  const inputs = [{ type: 'RefundRequested' }, { type: 'RefundSettledByHand' }, { type: 'RefundApplicationRefused', reason: 'no' }];
  const walks = [enumeratePaths(refundSurplus, captured, inputs)];

  it('no path violates the invariants of flows or leaves a duty open', () => {
    expect(violatedInvariants(refundSurplus, walks, Object.keys(order.commands))).toEqual({});
    expect(brokenDuties(walks)).toEqual({});
  });

  it('the outcomes are filed and settled', () => {
    expect(outcomesOf(walks.flatMap(({ all }) => all))).toEqual(['filed', 'settled']);
    expect(rulesOf(refundSurplus)).toEqual(['ORD-13', 'REF-01', 'REF-03']);
  });
});
