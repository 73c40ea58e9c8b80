import { totalCaptured } from '@orderloom/contracts';
import type { Decider } from '@orderloom/event-sourcing';
import { deriveId, format, Refusal } from '@orderloom/kernel';
import { defaultStorefrontSettings, type StorefrontSettings } from '@orderloom/settings';
import { withOutcomes } from './applications.js';
import { decideAfterBounce, decideLateNotice, settleLatePayout } from './late-payouts.js';
import { isSomebodyElse, personOf } from './segregation-of-duties.js';
import type { Application, Payment, RefundCommand, RefundEvent } from './refund-facts.js';
import { evolve, filersOf, type Refund, type RefundsState, refundableOn } from './refund-state.js';
import { registerView } from './views/register.view.js';
import { refundsView } from './views/refunds.view.js';

function decide(command: RefundCommand, state: RefundsState, settings = defaultStorefrontSettings): readonly RefundEvent[] {
  const { orderNumber } = command;
  if (command.type === 'RecordCaptures') return capture(orderNumber, command.currency, command.payments, state);
  if (command.type === 'RequestRefund') return request(command, state, settings);
  if (command.type === 'RecordPayoutBack' || command.type === 'RecordLatePayout') return decideLateNotice(command, state);
  const { refundId } = command;
  const refund = state.refunds[refundId];
  if (!refund) throw new Refusal('refund-unknown', `refund ${refundId} of order ${orderNumber} does not exist`, 'REF-01');
  if (command.type === 'VerifyRefundCause') return verified(command, refund);
  const { flow } = command;
  if (command.type === 'KeepLatePayout' || command.type === 'RecordPayoutReturned') return settleLatePayout(command, refund, state);
  if (refund.status === 'bounced' || command.type === 'FileRefundAgain') return decideAfterBounce(command, refund, state);
  if (refund.status === 'paid' || refund.status === 'rejected' || refund.status === 'settled') return [];
  switch (command.type) {
    case 'ApproveRefund':
      // a refund that was filed again after a failure is approved again
      return refund.status === 'requested' || refund.status === 'failed'
        ? [{ type: 'RefundApproved', data: { orderNumber, refundId, approvedBy: approvers(command, refund), flow } }]
        : [];
    case 'RefileRefund':
      return filersOf(refund).includes(command.filedBy)
        ? []
        : [{ type: 'RefundRefiled', data: { orderNumber, refundId, filedBy: command.filedBy } }];
    case 'RejectRefund':
      return [{ type: 'RefundRejected', data: { orderNumber, refundId, reason: command.reason, flow } }];
    case 'StartRefundExecution':
      if (refund.status === 'requested')
        throw new Refusal('refund-not-approved', `refund ${refundId} is not approved: approve it first`, 'REF-02');
      return [{ type: 'RefundExecutionStarted', data: { orderNumber, refundId, idempotencyKey: refundId } }];
    case 'RecordOutcomeUnknown':
      return [{ type: 'RefundOutcomeUnknown', data: { orderNumber, refundId } }];
    case 'RecordRefundFailed':
      return [{ type: 'RefundFailed', data: { orderNumber, refundId, reason: command.reason } }];
    case 'RecordRefundPaid':
      return [paid(command, refund)];
    case 'RecordRefundSettled':
      return [];
  }
}

/** REF-07: in any status, since a cause may be found after the payment. What the customer declared is repeated, never rewritten. */
function verified(
  { orderNumber, refundId, cause, note, by }: Of<'VerifyRefundCause'>,
  { requested, verifiedCause }: Refund,
): RefundEvent[] {
  const { declaredCause } = requested;
  if (verifiedCause === cause) return [];
  return [
    { type: 'RefundCauseVerified', data: { orderNumber, refundId, cause, ...(declaredCause && { declaredCause }), note, verifiedBy: by } },
  ];
}

type Of<Type extends RefundCommand['type']> = Extract<RefundCommand, { type: Type }>;

function paid(
  { orderNumber, refundId, providerReference, flow }: Of<'RecordRefundPaid'>,
  { requested }: Refund,
): Extract<RefundEvent, { type: 'RefundPaid' }> {
  const { amount, currency } = requested;
  return { type: 'RefundPaid', data: { orderNumber, refundId, amount, currency, providerReference, flow } };
}

/** New payments, and higher captured amounts of known ones. */
const capture = (orderNumber: string, currency: string, payments: readonly Payment[], state: RefundsState): RefundEvent[] =>
  payments.flatMap(({ method, captured, reference }) => {
    const before = state.payments.find((p) => p.reference === reference);
    return (before && before.captured >= captured) || (state.currency ?? currency) !== currency
      ? []
      : [{ type: 'PaymentCaptured' as const, data: { orderNumber, currency, method, captured, reference } }];
  });

/**
 * REF-03: reserves the amount in one stream, so that concurrent refunds cannot exceed the captured amount. Several payments are used in
 * their order. A refusal is an event for a flow, and an error for a person.
 */
function request(command: Omit<Of<'RequestRefund'>, 'now'>, before: RefundsState, settings: StorefrontSettings): readonly RefundEvent[] {
  const { orderNumber, refundId, amount, currency, flow } = command;
  if (before.refunds[refundId]) return [];
  const told = command.payments ?? (command.payment ? [command.payment] : []);
  const captured = capture(orderNumber, currency, told, before);
  const state = captured.reduce(evolve, before);
  if (state.currency === null) throw new Refusal('payment-unknown', `no captured payment of order ${orderNumber} is known`, 'REF-03');
  const left = state.payments.reduce((sum, payment) => sum + refundableOn(state, payment), 0);
  const inWords = (sum: number): string => format({ amount: sum, currency });
  const fault =
    currency !== state.currency
      ? `the order was paid in ${state.currency}`
      : amount > left
        ? `${inWords(amount)} is more than the ${inWords(left)} of ${inWords(totalCaptured(state.payments))} captured that are left`
        : null;
  if (fault !== null) {
    if (flow === undefined)
      throw new Refusal(currency === state.currency ? 'refund-exceeds-captured' : 'refund-in-other-currency', fault, 'REF-03');
    return [...captured, { type: 'RefundApplicationRefused', data: { orderNumber, refundId, amount, reason: fault, flow } }];
  }
  return [...captured, ...perPayment(command, state, settings)];
}

/** REF-04: each payment is paid back by a separate refund. The first one belongs to the requesting flow. */
function perPayment(command: Omit<Of<'RequestRefund'>, 'now'>, state: RefundsState, settings: StorefrontSettings): readonly RefundEvent[] {
  const { orderNumber, refundId, currency, flow, cause, declaredReason, declaredCause, caseId, alsoFiledBy } = command;
  const shares = sharesOf(command.amount, state);
  return shares.map(({ payment: { method, reference }, amount }, i) => ({
    type: 'RefundRequested',
    data: {
      ...{ orderNumber, refundId: i === 0 ? refundId : deriveId('refund', refundId, reference), cause, declaredReason, caseId },
      ...(declaredCause && { declaredCause }),
      ...{ amount, currency, parts: cut(command.parts, sumOf(shares.slice(0, i)), amount) },
      filedBy: command.filedBy ?? command.by,
      ...(alsoFiledBy === undefined ? {} : { alsoFiledBy }),
      // REF-02: the limit applies to the application, not to its part per payment
      twoApprovals: command.amount > settings.twoApprovalsAbove(currency),
      ...{ method, reference },
      ...(i === 0 ? { flow } : { flow: undefined, partOf: refundId }),
    },
  }));
}

interface Share {
  readonly payment: Payment;
  readonly amount: number;
}

const sumOf = (shares: readonly { readonly amount: number }[]): number => shares.reduce((sum, { amount }) => sum + amount, 0);

/** Splits an amount among the payments, each up to its refundable amount. */
const sharesOf = (amount: number, state: RefundsState): readonly Share[] =>
  state.payments
    .reduce<readonly Share[]>((shares, payment) => {
      const rest = amount - sumOf(shares);
      return [...shares, { payment, amount: Math.max(0, Math.min(rest, refundableOn(state, payment))) }];
    }, [])
    .filter((one) => one.amount > 0);

/** Parts of the range that starts at `from`, of parts that add up to a whole. */
function cut(parts: Application['parts'], from: number, amount: number): Application['parts'] {
  let start = 0;
  return parts.flatMap((part) => {
    const [begins, ends] = [Math.max(start, from), Math.min(start + part.amount, from + amount)];
    start += part.amount;
    return ends > begins ? [{ ...part, amount: ends - begins }] : [];
  });
}

/** REF-02: requires as many different people as the limit says, none of whom filed the refund. */
function approvers({ approvedBy }: { approvedBy: readonly string[] }, refund: Refund): readonly string[] {
  if (!filersOf(refund).every((filer) => isSomebodyElse(filer, ...approvedBy)))
    throw new Refusal('own-refund', 'the approver filed this refund: another person must approve it', 'REF-02');
  if (new Set(approvedBy.map(personOf)).size < approvedBy.length)
    throw new Refusal('same-approver', 'the second approver is the first one: two different people must approve', 'REF-02');
  if (approvedBy.length < (refund.requested.twoApprovals ? 2 : 1))
    throw new Refusal('approval-missing', 'an approval is missing', 'REF-02');
  return approvedBy;
}

export const refunds: Decider<RefundsState, RefundCommand, RefundEvent, StorefrontSettings> = {
  name: 'refunds',
  initial: { payments: [], currency: null, refunds: {} },
  evolve,
  decide: (command, state, settings) => withOutcomes(decide(command, state, settings), state),
  rules: {
    PaymentCaptured: 'REF-03',
    RefundRequested: 'REF-01',
    RefundApplicationRefused: 'REF-03',
    RefundRefiled: 'REF-02',
    RefundCauseVerified: 'REF-07',
    RefundApproved: 'REF-02',
    RefundRejected: 'REF-02',
    RefundExecutionStarted: 'REF-04',
    RefundOutcomeUnknown: 'REF-05',
    RefundFailed: 'REF-05',
    RefundPaid: 'REF-04',
    RefundApplicationSettled: 'REF-05',
    RefundBounced: 'REF-05',
    BouncedRefundSettled: 'REF-05',
    LatePayoutReported: 'REF-05',
    LatePayoutReturned: 'REF-05',
    LatePayoutKept: 'REF-05',
    PayoutNoticeIgnored: 'REF-05',
  },
  objects: (event, id) => [{ type: 'order', id }, ...('refundId' in event.data ? [{ type: 'refund', id: event.data.refundId }] : [])],
  views: [refundsView, registerView],
};
