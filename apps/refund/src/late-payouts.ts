import { deriveId, format } from '@orderloom/kernel';
import type { Ids, Payment, PayoutCommand, RefundCommand, RefundEvent } from './refund-facts.js';
import { filersOf, isFiledAgain, isOwed, refundableOn, type Refund, type RefundsState } from './refund-state.js';

type Of<Type extends RefundCommand['type']> = Extract<RefundCommand, { type: Type }>;

/** REF-05: interprets a later notice of the provider about a payment. */
export function decideLateNotice(command: PayoutCommand, state: RefundsState): readonly RefundEvent[] {
  const { orderNumber, payer, flow } = command;
  const ignored = (reason: string): RefundEvent[] => [{ type: 'PayoutNoticeIgnored', data: { orderNumber, payer, reason, flow } }];
  const refund = Object.values(state.refunds).find((one) => one.payer === payer);
  if (!refund) return ignored('no refund of this order is paid by it');
  if (command.type === 'RecordLatePayout') return late(command.providerReference, refund, state, flow) ?? ignored('it is known');
  return back(command, refund) ?? ignored(`the refund is ${refund.status}, and not by this payment`);
}

const payout = ({ requested: { orderNumber, refundId, amount, currency } }: Refund, providerReference: string, flow: string) => ({
  ...{ orderNumber, refundId, amount, currency, providerReference, flow },
});

/** REF-03: reserves the free captured amount for the payment, and publishes the excess. */
function late(providerReference: string, refund: Refund, state: RefundsState, flow: string): readonly RefundEvent[] | undefined {
  const { status, requested, paidBy } = refund;
  if ((status === 'paid' && paidBy === providerReference) || refund.late.includes(providerReference)) return undefined;
  const isOpen = isOwed(refund) && status !== 'paid';
  const excess = isOpen ? 0 : Math.min(requested.amount, Math.max(0, requested.amount - leftFor(refund, state)));
  const { method } = requested;
  return [{ type: 'LatePayoutReported', data: { ...payout(refund, providerReference, flow), method, was: status, excess } }];
}

function back(
  { providerReference, reason, flow }: Extract<PayoutCommand, { type: 'RecordPayoutBack' }>,
  refund: Refund,
): readonly RefundEvent[] | undefined {
  const { status, paidBy, requested, hasFailed } = refund;
  // events stored before payment references: a refund that never failed was paid by its only task
  const reference = providerReference ?? (hasFailed || status !== 'paid' ? null : paidBy);
  if (reference === null || refund.back.includes(reference)) return undefined;
  // the notice may arrive before the refund's own flow records the payment
  const isOpen = isOwed(refund) && status !== 'paid';
  if (!isOpen && refund.late.includes(reference))
    return [{ type: 'LatePayoutReturned', data: { ...payout(refund, reference, flow), reference: reason } }];
  if (!isOpen && (status !== 'paid' || paidBy !== reference)) return undefined;
  const { cause, caseId } = requested;
  const data = { ...payout(refund, reference, flow), reason, cause, ...(caseId === undefined ? {} : { caseId }) };
  return [{ type: 'RefundBounced', data: { ...data, filers: filersOf(refund) } }];
}

type AfterBounce = RefundCommand & Ids & { flow: string };

/** REF-05: finance pays a returned refund again as a new application, or otherwise if the amount is still free, or not at all. */
export function decideAfterBounce(command: AfterBounce, refund: Refund, state: RefundsState): readonly RefundEvent[] {
  const { orderNumber, refundId, flow } = command;
  const { requested } = refund;
  const inWords = (sum: number): string => format({ amount: sum, currency: requested.currency });
  const left = leftFor(refund, state);
  const mostLeft = Math.max(left, ...state.payments.map((one) => refundableOn(state, one)));
  const isReplaced = isFiledAgain(refund, state);
  const refused = (id: string, room = left): RefundEvent[] => {
    const reason =
      refund.status === 'bounced' && !isReplaced
        ? `${inWords(requested.amount)} is more than the ${inWords(room)} that are left since the payment came back`
        : `the refund is ${isReplaced ? 'filed again' : refund.status}`;
    return [{ type: 'RefundApplicationRefused', data: { orderNumber, refundId: id, amount: requested.amount, reason, flow } }];
  };
  switch (command.type) {
    case 'FileRefundAgain': {
      const id = deriveId('refund', refundId, flow);
      if (state.refunds[id]) return [];
      const bearer = refund.status === 'bounced' && !isReplaced ? bearerOf(requested, state) : undefined;
      if (!bearer) return refused(id, mostLeft);
      const { partOf = refundId, ...application } = requested;
      const filers = { filedBy: command.filedBy, alsoFiledBy: filersOf(refund) };
      const { method, reference } = bearer;
      const data = { ...application, ...filers, method, reference, refundId: id, partOf, insteadOf: refundId, flow };
      return [{ type: 'RefundRequested', data }];
    }
    case 'RecordRefundPaid': {
      const { providerReference } = command;
      if ((isReplaced || requested.amount > left) && flow !== refund.payer) return refused(refundId);
      return [{ type: 'RefundPaid', data: payout(refund, providerReference, flow) }];
    }
    case 'RecordRefundSettled': {
      const { amount, currency } = requested;
      return [{ type: 'BouncedRefundSettled', data: { orderNumber, refundId, amount, currency, flow } }];
    }
    case 'RejectRefund':
      return [{ type: 'RefundRejected', data: { orderNumber, refundId, reason: command.reason, flow } }];
    default:
      return [];
  }
}

/** Decision of finance about a late payment: the customer keeps it, as the refund if the cap allows it, or it is reclaimed. */
export function settleLatePayout(
  command: Of<'KeepLatePayout' | 'RecordPayoutReturned'>,
  refund: Refund,
  state: RefundsState,
): readonly RefundEvent[] {
  const { providerReference, flow } = command;
  if (!refund.late.includes(providerReference)) {
    // it was returned, or became the payment of the refund, in the meantime
    const reason = refund.paidBy === providerReference ? 'the refund is paid by it' : 'it came back';
    return [{ type: 'PayoutNoticeIgnored', data: { orderNumber: command.orderNumber, payer: refund.payer ?? '', reason, flow } }];
  }
  const data = payout(refund, providerReference, flow);
  if (command.type === 'RecordPayoutReturned') return [{ type: 'LatePayoutReturned', data: { ...data, reference: command.reference } }];
  // a refund settled by hand is paid already, and one that was filed again is paid by the other application
  const isDone = refund.status === 'paid' || refund.status === 'settled' || isFiledAgain(refund, state);
  const counts = !isDone && leftFor(refund, state) >= 0;
  return [counts ? { type: 'RefundPaid', data } : { type: 'LatePayoutKept', data }];
}

/** REF-04: the payment that a refund was paid back to, or another one of the order where that has no room any more. */
const bearerOf = ({ amount, reference }: Refund['requested'], state: RefundsState): Payment | undefined =>
  [...state.payments.filter((one) => one.reference === reference), ...state.payments].find((one) => refundableOn(state, one) >= amount);

/** Amount left on the payment that a refund is paid back to. */
function leftFor({ requested: { reference } }: Refund, state: RefundsState): number {
  const payment = state.payments.find((one) => one.reference === reference);
  return payment ? refundableOn(state, payment) : 0;
}
