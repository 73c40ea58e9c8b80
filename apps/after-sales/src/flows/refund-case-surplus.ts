import { defineFlow, type FactOf, notation, refundedSurplus, starts } from '@orderloom/flows';
import { policies } from '../policies.js';
import type { Own } from './fragments.js';

interface Surplus extends FactOf<'CaseSurplusCaptured'> {
  readonly refusal: string;
  readonly refundId: string;
}

const { inform, keep, send, tell } = notation<Surplus, Own>();
const sum = ({ orderNumber, amount, currency }: Surplus) => ({ orderNumber, amount, currency });
const filing = ({ orderNumber, caseId, refundId, amount: surplus }: Surplus) => ({ orderNumber, caseId, refundId, surplus });
const ofCase = (c: Surplus) => ({ ...sum(c), caseId: c.caseId });

/** AFT-32, REF-01 退货后到账: what is captured for goods that had come back, or were missing, goes back; finance approves it like any refund. Rejected, it no longer counts as paid (REF-05). */
export const refundCaseSurplus = defineFlow<Surplus>()({
  service: 'after-sales',
  policies,
  startedBy: { CaseSurplusCaptured: starts({ refusal: '', refundId: '' }) },
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
    filed: { target: 'filed', actions: [keep('refundId'), send('after-sales', 'NoteRefundFiled', filing)] },
    told: [inform('service', 'payment-after-case', ofCase), tell('AFT-32', 'payment-after-case', ofCase)],
  }),
});
