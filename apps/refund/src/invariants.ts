import type { StateInvariant } from '@orderloom/event-sourcing';
import type { Payment, RefundEvent } from './refund-facts.js';
import { isOwed, type RefundsState } from './refund-state.js';
import { refunds } from './refunds.js';

/** REF-03: requested, in flight and done together never exceed what was captured of a payment. Payments by the provider alone are not counted. */
const neverMoreThanCaptured: StateInvariant = {
  invariant: 'I5',
  summary: 'refunds never exceed what was captured',
  decider: refunds,
  broken: (state: RefundsState) => {
    const owed = ({ reference }: Payment): number =>
      Object.values(state.refunds).reduce(
        (sum, one) => sum + (one.requested.reference === reference && isOwed(one) ? one.requested.amount : 0),
        0,
      );
    const over = state.payments.find((payment) => owed(payment) > payment.captured);
    return over && `${owed(over)} is refunded of ${over.captured} captured by ${over.reference}`;
  },
};

type Times = Readonly<Record<string, number>>;

/** REF-04: a refund is paid once, unless the payment came back. */
const paidOnce: StateInvariant = {
  invariant: 'I5',
  summary: 'no refund is paid twice',
  decider: {
    ...refunds,
    initial: {},
    evolve: (paid: Times, { type, data }: RefundEvent): Times => {
      if (type !== 'RefundPaid' && type !== 'RefundBounced') return paid;
      return { ...paid, [data.refundId]: (paid[data.refundId] ?? 0) + (type === 'RefundPaid' ? 1 : -1) };
    },
  },
  broken: (paid: Times) => {
    const twice = Object.entries(paid).find(([, times]) => times > 1);
    return twice && `refund ${twice[0]} is paid ${twice[1]} times`;
  },
};

export const invariants = [neverMoreThanCaptured, paidOnce];
