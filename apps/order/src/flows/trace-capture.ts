import { effects, defineFlow, narrowInput } from '@orderloom/flows';
import { policies } from '../policies.js';

interface Tracing {
  orderNumber: string;
  captureId: string;
  reference: string;
  amount: number;
  currency: string;
  reason: string;
}

type Input =
  | { type: 'CaptureRecorded'; captureId: string }
  | { type: 'CaptureRefused'; captureId: string; reason: string }
  | { type: 'CaptureTraced'; note: string };

const { ask, remind } = effects<Tracing>();

const flow = defineFlow<Tracing, Input>()({
  service: 'order',
  policies,
  startedBy: {
    CaptureAwaitsOrder: ({ orderNumber, captureId, reference, amount, currency }: Tracing) => ({
      ...{ orderNumber, captureId, reference, amount, currency, reason: 'there is no order of this number' },
    }),
  },
  listensTo: ['CaptureRecorded', 'CaptureRefused'],
  guards: { thisOne: ({ captureId }, input) => narrowInput(input, 'CaptureRecorded', 'CaptureRefused').captureId === captureId },
  notes: { noteReason: (_, input) => ({ reason: narrowInput(input, 'CaptureRefused').reason }) },
});

/** ORD-01 到账找不到订单: a payment that came before its order waits for it; what never fits an order is traced by a person. */
export const traceCapture = flow.chart({
  id: 'trace-capture',
  version: '1',
  initial: 'waiting',
  states: {
    waiting: {
      description: 'ORD-01',
      on: {
        CaptureRecorded: { guard: 'thisOne', target: 'recorded' },
        CaptureRefused: { guard: 'thisOne', target: 'tracing', actions: 'noteReason' },
      },
      after: { orderOfCapture: 'tracing' },
    },
    tracing: {
      description: 'ORD-01',
      entry: ask('finance', 'trace-capture', ({ orderNumber, reference, amount, currency, reason }) => ({
        ...{ orderNumber, reference, amount, currency, reason },
      })),
      on: { CaptureRecorded: { guard: 'thisOne', target: 'recorded' }, CaptureTraced: { target: 'traced' } },
      after: { financeAnswer: { actions: remind('finance') } },
    },
    recorded: { type: 'final', description: 'ORD-01' },
    traced: { type: 'final', description: 'ORD-01' },
  },
});
