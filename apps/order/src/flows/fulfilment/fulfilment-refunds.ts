import { type FactOf, notation, type State } from '@orderloom/flows';
import type { OrderCommand } from '../../order-facts.js';
import { application, type Fulfilment, refundToSettle } from './fulfilment-messages.js';

const { asking, send, set } = notation<Fulfilment, { order: OrderCommand }>();

/** REF-01: files what is owed; the order goes on meanwhile, whether that is refused or not. */
export const filingState = (filed: string): State<Fulfilment, never> => ({
  description: 'REF-01',
  entry: send('refund', 'RequestRefund', application),
  on: { RefundRequested: { target: filed, actions: noteRefund }, RefundApplicationRefused: { target: filed, actions: noteRefusal } },
});

/** REF-05: a fulfilment ends when each of its refunds has its outcome. */
export const refundsState = (ended: string): State<Fulfilment, 'supervisorAnswer'> => ({
  description: 'REF-05',
  initial: 'settling',
  states: {
    settling: {
      description: 'REF-05',
      always: [{ guard: refundRefused, target: 'settlingByHand' }, { guard: refundOpen, target: 'awaitingRefund' }, { target: ended }],
    },
    settlingByHand: asking('REF-03', 'settle-refund', refundToSettle, {
      on: {
        RefundSettledByHand: { target: 'settling', actions: set({ refused: 0 }) },
        RefundApplicationSettled: { guard: ourRefund, actions: noteRefundClosed },
      },
      remindedAfter: 'supervisorAnswer',
    }),
    awaitingRefund: {
      description: 'REF-05',
      on: { RefundApplicationSettled: { guard: ourRefund, target: 'settling', actions: noteRefundClosed } },
    },
  },
});

export function ourRefund({ openRefunds }: Fulfilment, { refundId }: FactOf<'RefundApplicationSettled'>) {
  return openRefunds.includes(refundId);
}
function refundOpen({ openRefunds }: Fulfilment) {
  return openRefunds.length > 0;
}
export function refundRefused({ refused }: Fulfilment) {
  return refused > 0;
}
function noteRefund({ openRefunds }: Fulfilment, { refundId }: FactOf<'RefundRequested'>) {
  return { openRefunds: [...openRefunds, refundId] };
}
export function noteRefundClosed({ openRefunds }: Fulfilment, { refundId }: FactOf<'RefundApplicationSettled'>) {
  return { openRefunds: openRefunds.filter((id) => id !== refundId) };
}
function noteRefusal({ refused, refund }: Fulfilment, { reason }: FactOf<'RefundApplicationRefused'>) {
  return { refused: refused + refund, refusal: reason };
}
