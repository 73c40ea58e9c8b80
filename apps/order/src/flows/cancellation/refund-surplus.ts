import { defineFlow, type FactOf, notation, refundedSurplus, starts } from '@orderloom/flows';
import { policies } from '../../policies.js';

interface Surplus extends FactOf<'SurplusCaptured'> {
  readonly refusal: string;
}

const { inform, tell } = notation<Surplus>();
const sum = ({ orderNumber, amount, currency }: Surplus) => ({ orderNumber, amount, currency });

/** ORD-13, REF-01 取消后到账: what is captured for goods that are cancelled goes back; finance approves it like any refund. */
export const refundSurplus = defineFlow<Surplus>()({
  service: 'order',
  policies,
  startedBy: { SurplusCaptured: starts({ refusal: '' }) },
}).chart({
  id: 'refund-surplus',
  version: '1',
  initial: 'filing',
  states: refundedSurplus('ORD-13', {
    application: ({ orderNumber, amount, currency, payment, payments }: Surplus) => ({
      orderNumber,
      cause: 'cancelled',
      amount,
      currency,
      payment,
      payments,
      parts: [{ kind: 'goods', amount }],
    }),
    refund: (c) => ({ ...sum(c), reason: c.refusal }),
    told: [inform('service', 'payment-after-cancellation', sum), tell('ORD-13', 'payment-after-cancellation', sum)],
  }),
});
