import { effects, defineFlow, narrowInput } from '@orderloom/flows';
import type { Payment } from '../purchase/purchase-details.js';
import { policies } from '../policies.js';

interface Surplus {
  orderNumber: string;
  caseId: string;
  amount: number;
  currency: string;
  payment: Payment;
  payments: readonly Payment[];
  refusal: string;
}

type Input = { type: 'RefundRequested' | 'RefundSettledByHand' } | { type: 'RefundApplicationRefused'; reason: string };

const { ask, inform, remind, send, tell } = effects<Surplus>();
const sum = ({ orderNumber, amount, currency }: Surplus) => ({ orderNumber, amount, currency });
const ofCase = (c: Surplus) => ({ ...sum(c), caseId: c.caseId });
const told = [inform('service', 'payment-after-case', ofCase), tell('AFT-32', 'payment-after-case', ofCase)];

const flow = defineFlow<Surplus, Input>()({
  service: 'after-sales',
  policies,
  startedBy: {
    CaseSurplusCaptured: ({ orderNumber, caseId, amount, currency, payment, payments }: Surplus) => ({
      ...{ orderNumber, caseId, amount, currency, payment, payments, refusal: '' },
    }),
  },
  notes: { noteRefusal: (_, input) => ({ refusal: narrowInput(input, 'RefundApplicationRefused').reason }) },
});

/** AFT-32, REF-01 退货后到账: what is captured for goods that had come back, or were missing, goes back; finance approves it like any refund. */
export const refundCaseSurplus = flow.chart({
  id: 'refund-case-surplus',
  version: '1',
  initial: 'filing',
  states: {
    filing: {
      description: 'REF-01',
      tags: 'pivot',
      entry: send('refund', 'RequestRefund', ({ orderNumber, caseId, amount, currency, payment, payments }) => ({
        ...{ orderNumber, caseId, cause: 'other', amount, currency, payment, payments, parts: [{ kind: 'goods', amount }] },
      })),
      on: { RefundRequested: 'filed', RefundApplicationRefused: { target: 'settlingByHand', actions: 'noteRefusal' } },
    },
    settlingByHand: {
      description: 'REF-03',
      entry: ask('supervisor', 'settle-refund', (c) => ({ ...sum(c), reason: c.refusal })),
      on: { RefundSettledByHand: 'settled' },
      after: { supervisorAnswer: { actions: remind('supervisor') } },
    },
    filed: { type: 'final', description: 'AFT-32', entry: told },
    settled: { type: 'final', description: 'AFT-32', entry: told },
  },
});
