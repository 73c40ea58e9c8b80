import type { Decider } from '@orderloom/event-sourcing';
import { Refusal } from '@orderloom/kernel';
import { isOther, person } from './person.js';
import { twoApprovalsAbove } from './policies.js';
import type { Filing, Payment, RefundCommand, RefundEvent } from './refund-facts.js';
import { evolve, type Refund, type RefundsState, reserved } from './refund-state.js';
import { refundsView } from './views/refunds.view.js';

function decide(command: RefundCommand, state: RefundsState): readonly RefundEvent[] {
  const { orderNumber } = command;
  if (command.type === 'RecordCapture') return capture(orderNumber, command.currency, command.payment, state);
  if (command.type === 'RequestRefund') return request(command, state);
  const { refundId, flow } = command;
  const refund = state.refunds[refundId];
  if (!refund) throw new Refusal('refund-unknown', `there is no refund ${refundId} of order ${orderNumber}`, 'REF-01');
  if (refund.status === 'paid' || refund.status === 'rejected') return [];
  switch (command.type) {
    case 'ApproveRefund':
      // given up after it failed and filed again, it is approved anew
      return refund.status === 'requested' || refund.status === 'failed'
        ? [{ type: 'RefundApproved', data: { orderNumber, refundId, approvedBy: approvers(command, refund.requested), flow } }]
        : [];
    case 'RejectRefund':
      return [{ type: 'RefundRejected', data: { orderNumber, refundId, reason: command.reason, flow } }];
    case 'StartRefundExecution':
      if (refund.status === 'requested') throw new Refusal('refund-not-approved', `refund ${refundId} is not approved`, 'REF-02');
      return [{ type: 'RefundExecutionStarted', data: { orderNumber, refundId, idempotencyKey: refundId } }];
    case 'RecordOutcomeUnknown':
      return [{ type: 'RefundOutcomeUnknown', data: { orderNumber, refundId } }];
    case 'RecordRefundFailed':
      return [{ type: 'RefundFailed', data: { orderNumber, refundId, reason: command.reason } }];
    case 'RecordRefundPaid':
      return [paid(command, refund)];
  }
}

type Of<Type extends RefundCommand['type']> = Extract<RefundCommand, { type: Type }>;

function paid(
  { orderNumber, refundId, providerReference, flow }: Of<'RecordRefundPaid'>,
  { requested }: Refund,
): Extract<RefundEvent, { type: 'RefundPaid' }> {
  const { amount, currency } = requested;
  return { type: 'RefundPaid', data: { orderNumber, refundId, amount, currency, providerReference, flow } };
}

const capture = (orderNumber: string, currency: string, payment: Payment, state: RefundsState): RefundEvent[] =>
  state.payment ? [] : [{ type: 'PaymentCaptured', data: { orderNumber, currency, ...payment } }];

/** REF-03: reserved in one stream, so that no concurrency can exceed what was captured. A flow hears of a refusal; a person is refused. */
function request(command: Omit<Of<'RequestRefund'>, 'now'>, before: RefundsState): readonly RefundEvent[] {
  const { orderNumber, refundId, amount, currency, flow } = command;
  if (before.refunds[refundId]) return [];
  const captured = command.payment ? capture(orderNumber, currency, command.payment, before) : [];
  const state = captured.reduce(evolve, before);
  const payment = known(state, orderNumber);
  const left = payment.captured - reserved(state);
  const fault =
    currency !== payment.currency
      ? `the order was paid in ${payment.currency}`
      : amount > left
        ? `${amount} is more than the ${left} of ${payment.captured} captured that are left`
        : null;
  if (fault !== null) {
    if (flow === undefined)
      throw new Refusal(currency === payment.currency ? 'refund-exceeds-captured' : 'refund-in-other-currency', fault, 'REF-03');
    return [...captured, { type: 'RefundApplicationRefused', data: { orderNumber, refundId, amount, reason: fault, flow } }];
  }
  const { cause, declaredReason, caseId, parts, alsoFiledBy } = command;
  const filedBy = command.filedBy ?? command.by;
  const { method, reference } = payment;
  const data = {
    ...{ orderNumber, refundId, cause, declaredReason, caseId, amount, currency, parts },
    filedBy,
    ...(alsoFiledBy === undefined ? {} : { alsoFiledBy }),
    twoApprovals: amount > twoApprovalsAbove(currency),
    method,
    reference,
    flow,
  };
  return [...captured, { type: 'RefundRequested', data }];
}

/** REF-02: as many different people as it needs, none of whom filed it. */
function approvers(
  { approvedBy }: { approvedBy: readonly string[] },
  { filedBy, alsoFiledBy = [], twoApprovals }: Filing & { twoApprovals: boolean },
): readonly string[] {
  if (![filedBy, ...alsoFiledBy].every((filer) => isOther(filer, ...approvedBy)))
    throw new Refusal('own-refund', 'nobody approves what they filed', 'REF-02');
  if (new Set(approvedBy.map(person)).size < approvedBy.length)
    throw new Refusal('same-approver', 'two different people approve', 'REF-02');
  if (approvedBy.length < (twoApprovals ? 2 : 1)) throw new Refusal('approval-missing', 'more people must approve', 'REF-02');
  return approvedBy;
}

function known(state: RefundsState, orderNumber: string): NonNullable<RefundsState['payment']> {
  if (!state.payment) throw new Refusal('payment-unknown', `nothing is known to be captured for order ${orderNumber}`, 'REF-03');
  return state.payment;
}

export const refunds: Decider<RefundsState, RefundCommand, RefundEvent> = {
  name: 'refunds',
  initial: { payment: null, refunds: {} },
  evolve,
  decide,
  rules: {
    PaymentCaptured: 'REF-03',
    RefundRequested: 'REF-01',
    RefundApplicationRefused: 'REF-03',
    RefundApproved: 'REF-02',
    RefundRejected: 'REF-02',
    RefundExecutionStarted: 'REF-04',
    RefundOutcomeUnknown: 'REF-05',
    RefundFailed: 'REF-05',
    RefundPaid: 'REF-04',
  },
  objects: (event, id) => [{ type: 'order', id }, ...('refundId' in event.data ? [{ type: 'refund', id: event.data.refundId }] : [])],
  views: [refundsView],
};
