import type { Decider, Fact } from '@orderloom/event-sourcing';
import { type Instant, Refusal } from '@orderloom/kernel';
import { isOther, person } from './person.js';
import { twoApprovalsAbove } from './policies.js';
import { refundsView } from './views/refunds.view.js';

interface Payment {
  readonly method: string;
  readonly captured: number;
  readonly reference: string;
}

interface Ids {
  readonly orderNumber: string;
  readonly refundId: string;
}

/** REF-01: what is applied for; its parts add up to its amount, in minor units. */
export interface Application {
  readonly cause: string;
  readonly declaredReason?: string;
  readonly caseId?: string;
  readonly amount: number;
  readonly currency: string;
  readonly parts: readonly { readonly kind: string; readonly amount: number }[];
}

// These names are stored for ever.
export type RefundEvent =
  | Fact<'PaymentCaptured', { orderNumber: string; currency: string } & Payment>
  | Fact<
      'RefundRequested',
      Ids & Application & { filedBy: string; twoApprovals: boolean; method: string; reference: string; flow?: string }
    >
  | Fact<'RefundApplicationRefused', Ids & { amount: number; reason: string; flow?: string }>
  | Fact<'RefundApproved', Ids & { approvedBy: readonly string[]; flow: string }>
  | Fact<'RefundRejected', Ids & { reason: string; flow: string }>
  | Fact<'RefundExecutionStarted', Ids & { idempotencyKey: string }>
  | Fact<'RefundOutcomeUnknown', Ids>
  | Fact<'RefundFailed', Ids & { reason: string }>
  | Fact<'RefundPaid', Ids & { amount: number; currency: string; providerReference: string; flow: string }>;

type Command =
  | { type: 'RecordCapture'; currency: string; payment: Payment }
  | ({ type: 'RequestRefund'; refundId: string; filedBy?: string; flow?: string; payment?: Payment } & Application)
  | { type: 'ApproveRefund'; refundId: string; approvedBy: readonly string[]; flow: string }
  | { type: 'RejectRefund' | 'RecordRefundFailed'; refundId: string; reason: string; flow: string }
  | { type: 'StartRefundExecution' | 'RecordOutcomeUnknown'; refundId: string; flow: string }
  | { type: 'RecordRefundPaid'; refundId: string; providerReference: string; flow: string };
export type RefundCommand = Command & { orderNumber: string; now: Instant; by: string };

export type RefundStatus = 'requested' | 'approved' | 'executing' | 'unknown' | 'failed' | 'rejected' | 'paid';

/** All refunds of one order: one stream, so that their sum can be capped (REF-03, decision 9). */
export interface RefundsState {
  readonly payment: (Payment & { readonly currency: string }) | null;
  readonly refunds: Readonly<
    Record<string, { readonly amount: number; readonly status: RefundStatus; readonly filedBy: string; readonly twoApprovals: boolean }>
  >;
}

function evolve(state: RefundsState, event: RefundEvent): RefundsState {
  if (event.type === 'PaymentCaptured') {
    const { method, captured, reference, currency } = event.data;
    return { ...state, payment: { method, captured, reference, currency } };
  }
  if (event.type === 'RefundApplicationRefused') return state;
  if (event.type === 'RefundRequested') {
    const { refundId, amount, filedBy, twoApprovals } = event.data;
    return { ...state, refunds: { ...state.refunds, [refundId]: { amount, filedBy, twoApprovals, status: 'requested' } } };
  }
  const refund = state.refunds[event.data.refundId];
  if (!refund) return state;
  return { ...state, refunds: { ...state.refunds, [event.data.refundId]: { ...refund, status: statusAfter[event.type] } } };
}

const statusAfter = {
  RefundApproved: 'approved',
  RefundRejected: 'rejected',
  RefundExecutionStarted: 'executing',
  RefundOutcomeUnknown: 'unknown',
  RefundFailed: 'failed',
  RefundPaid: 'paid',
} as const satisfies Partial<Record<RefundEvent['type'], RefundStatus>>;

/** What is requested, in flight and done together; only a rejection gives it back. */
export const reserved = (state: RefundsState): number =>
  Object.values(state.refunds).reduce((sum, r) => sum + (r.status === 'rejected' ? 0 : r.amount), 0);

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
      return refund.status === 'requested'
        ? [{ type: 'RefundApproved', data: { orderNumber, refundId, approvedBy: approvers(command, refund), flow } }]
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
    case 'RecordRefundPaid': {
      const { currency } = known(state, orderNumber);
      return [
        {
          type: 'RefundPaid',
          data: { orderNumber, refundId, amount: refund.amount, currency, providerReference: command.providerReference, flow },
        },
      ];
    }
  }
}

const capture = (orderNumber: string, currency: string, payment: Payment, state: RefundsState): RefundEvent[] =>
  state.payment ? [] : [{ type: 'PaymentCaptured', data: { orderNumber, currency, ...payment } }];

/** REF-03: reserved in one stream, so that no concurrency can exceed what was captured. A flow hears of a refusal; a person is refused. */
function request(command: Extract<RefundCommand, { type: 'RequestRefund' }>, before: RefundsState): readonly RefundEvent[] {
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
  const { cause, declaredReason, caseId, parts } = command;
  const filedBy = command.filedBy ?? command.by;
  const { method, reference } = payment;
  const data = {
    ...{ orderNumber, refundId, cause, declaredReason, caseId, amount, currency, parts },
    filedBy,
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
  { filedBy, twoApprovals }: { filedBy: string; twoApprovals: boolean },
): readonly string[] {
  if (!isOther(filedBy, ...approvedBy)) throw new Refusal('own-refund', 'nobody approves what they filed', 'REF-02');
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
