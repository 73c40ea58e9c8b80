import { defineFlow, end, type FactOf, notation, starts } from '@orderloom/flows';
import { policies } from '../policies.js';

interface Tracing extends FactOf<'CaptureAwaitsOrder'> {
  readonly reason: string;
}

const { asking, keep } = notation<Tracing>();

/** ORD-01 到账找不到订单: a payment that came before its order waits for it; what never fits an order is traced by a person. */
export const traceCapture = defineFlow<Tracing>()({
  service: 'order',
  policies,
  startedBy: { CaptureAwaitsOrder: starts({ reason: 'there is no order of this number' }) },
  listensTo: ['CaptureRecorded', 'CaptureRefused'],
}).chart({
  id: 'trace-capture',
  version: '1',
  initial: 'waiting',
  states: {
    waiting: {
      description: 'ORD-01',
      on: {
        CaptureRecorded: { guard: thisOne, target: 'recorded' },
        CaptureRefused: { guard: thisOne, target: 'tracing', actions: keep('reason') },
      },
      after: { orderOfCapture: 'tracing' },
    },
    tracing: asking('ORD-01', 'trace-capture', payment, {
      on: { CaptureRecorded: { guard: thisOne, target: 'recorded' }, CaptureTraced: 'traced' },
      remindedAfter: 'financeAnswer',
    }),
    recorded: end('ORD-01'),
    traced: end('ORD-01'),
  },
});

function payment({ orderNumber, reference, amount, currency, reason }: Tracing) {
  return { orderNumber, reference, amount, currency, reason };
}

function thisOne({ captureId }: Tracing, input: { readonly captureId: string }) {
  return input.captureId === captureId;
}
