import type { StateRule } from '@orderloom/event-sourcing';
import type { RefundEvent } from './refund-facts.js';
import { leftOf, type RefundsState, reserved } from './refund-state.js';
import { refunds } from './refunds.js';

/** REF-03: requested, in flight and done together never exceed what was captured of a payment. */
const neverMoreThanCaptured: StateRule = {
  invariant: 'I5',
  says: 'refunds never exceed what was captured',
  decider: refunds,
  broken: (state: RefundsState) => {
    const over = state.payments.find((payment) => leftOf(state, payment) < 0);
    return over && `${reserved(state, over)} is refunded of ${over.captured} captured by ${over.reference}`;
  },
};

type Payments = Readonly<Record<string, number>>;

/** REF-04: a refund is paid once. */
const paidOnce: StateRule = {
  invariant: 'I5',
  says: 'no refund is paid twice',
  decider: {
    ...refunds,
    initial: {},
    evolve: (paid: Payments, { type, data }: RefundEvent): Payments =>
      type === 'RefundPaid' ? { ...paid, [data.refundId]: (paid[data.refundId] ?? 0) + 1 } : paid,
  },
  broken: (paid: Payments) => {
    const twice = Object.entries(paid).find(([, times]) => times > 1);
    return twice && `refund ${twice[0]} is paid ${twice[1]} times`;
  },
};

export const keeps = [neverMoreThanCaptured, paidOnce];
