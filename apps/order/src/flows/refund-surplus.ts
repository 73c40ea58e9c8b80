import { effects, defineFlow, narrowInput } from '@orderloom/flows';
import type { Payment } from '../order-details.js';
import { policies } from '../policies.js';

interface Surplus {
  orderNumber: string;
  amount: number;
  currency: string;
  payment: Payment;
  payments: readonly Payment[];
  refusal: string;
}

type Input = { type: 'RefundRequested' | 'RefundSettledByHand' } | { type: 'RefundApplicationRefused'; reason: string };

const { ask, inform, remind, send, tell } = effects<Surplus>();
const sum = ({ orderNumber, amount, currency }: Surplus) => ({ orderNumber, amount, currency });
const told = [inform('service', 'payment-after-cancellation', sum), tell('ORD-13', 'payment-after-cancellation', sum)];

const flow = defineFlow<Surplus, Input>()({
  service: 'order',
  policies,
  startedBy: {
    SurplusCaptured: ({ orderNumber, amount, currency, payment, payments }: Surplus) => ({
      ...{ orderNumber, amount, currency, payment, payments, refusal: '' },
    }),
  },
  notes: { noteRefusal: (_, input) => ({ refusal: narrowInput(input, 'RefundApplicationRefused').reason }) },
});

/** ORD-13, REF-01 取消后到账: what is captured for goods that are cancelled goes back; finance approves it like any refund. */
export const refundSurplus = flow.chart({
  id: 'refund-surplus',
  version: '1',
  initial: 'filing',
  states: {
    filing: {
      description: 'REF-01',
      tags: 'pivot',
      entry: send('refund', 'RequestRefund', ({ orderNumber, amount, currency, payment, payments }) => ({
        ...{ orderNumber, cause: 'cancelled', amount, currency, payment, payments, parts: [{ kind: 'goods', amount }] },
      })),
      on: { RefundRequested: 'filed', RefundApplicationRefused: { target: 'settlingByHand', actions: 'noteRefusal' } },
    },
    settlingByHand: {
      description: 'REF-03',
      entry: ask('supervisor', 'settle-refund', (c) => ({ ...sum(c), reason: c.refusal })),
      on: { RefundSettledByHand: 'settled' },
      after: { supervisorAnswer: { actions: remind('supervisor') } },
    },
    filed: { type: 'final', description: 'ORD-13', entry: told },
    settled: { type: 'final', description: 'ORD-13', entry: told },
  },
});
