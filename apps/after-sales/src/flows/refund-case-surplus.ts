import { defineFlow, type FactOf, notation, refundedSurplus, starts } from '@orderloom/flows';
import { policies } from '../policies.js';

interface Surplus extends FactOf<'CaseSurplusCaptured'> {
  readonly refusal: string;
}

const { inform, tell } = notation<Surplus>();
const sum = ({ orderNumber, amount, currency }: Surplus) => ({ orderNumber, amount, currency });
const ofCase = (c: Surplus) => ({ ...sum(c), caseId: c.caseId });

/** AFT-32, REF-01 退货后到账: what is captured for goods that had come back, or were missing, goes back; finance approves it like any refund. */
export const refundCaseSurplus = defineFlow<Surplus>()({
  service: 'after-sales',
  policies,
  startedBy: { CaseSurplusCaptured: starts({ refusal: '' }) },
}).chart({
  id: 'refund-case-surplus',
  version: '1',
  initial: 'filing',
  states: refundedSurplus('AFT-32', {
    application: ({ orderNumber, caseId, amount, currency, payment, payments }: Surplus) => ({
      orderNumber,
      caseId,
      cause: 'other',
      amount,
      currency,
      payment,
      payments,
      parts: [{ kind: 'goods', amount }],
    }),
    refund: (c) => ({ ...sum(c), reason: c.refusal }),
    told: [inform('service', 'payment-after-case', ofCase), tell('AFT-32', 'payment-after-case', ofCase)],
  }),
});
