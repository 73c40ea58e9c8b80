import type { RefundEvent } from './refund-facts.js';
import { evolve, type Refund, type RefundsState } from './refund-state.js';

/**
 * REF-05: an application that several payments bear has its outcome with the last of its refunds; who filed it waits for that. It is said
 * again if a payment that came back changes it later.
 */
export function withOutcomes(events: readonly RefundEvent[], before: RefundsState): readonly RefundEvent[] {
  const state = events.reduce(evolve, before);
  const roots = events.flatMap((event) => {
    if (event.type !== 'RefundPaid' && event.type !== 'RefundRejected' && event.type !== 'BouncedRefundSettled') return [];
    const refund = state.refunds[event.data.refundId];
    return refund && isClosed(refund, state) ? [rootOf(refund)] : [];
  });
  return [...events, ...[...new Set(roots)].flatMap((root) => outcomeOf(root, state))];
}

const rootOf = ({ requested: { refundId, partOf } }: Refund): string => partOf ?? refundId;

/** Paid, rejected, or, after it came back, settled by hand or filed anew. */
const isClosed = (refund: Refund, state: RefundsState): boolean =>
  ['paid', 'rejected', 'settled'].includes(refund.status) || isReplaced(refund, state);

const isReplaced = ({ status, requested: { refundId } }: Refund, { refunds }: RefundsState): boolean =>
  status === 'bounced' && Object.values(refunds).some(({ requested }) => requested.insteadOf === refundId);

function outcomeOf(root: string, state: RefundsState): readonly RefundEvent[] {
  const asked = state.refunds[root]?.requested;
  const refunds = Object.values(state.refunds).filter((refund) => rootOf(refund) === root);
  if (!asked || !refunds.every((refund) => isClosed(refund, state))) return [];
  const sum = (status: string): number =>
    refunds.reduce((all, refund) => all + (refund.status === status ? refund.requested.amount : 0), 0);
  const { orderNumber, refundId, currency, caseId, flow } = asked;
  const byHand = sum('settled');
  const reason = refunds.findLast(({ status }) => status === 'rejected')?.reason;
  return [
    {
      type: 'RefundApplicationSettled',
      data: {
        ...{ orderNumber, refundId, paid: sum('paid') + byHand, rejected: sum('rejected'), currency },
        ...(byHand > 0 && { byHand }),
        ...(reason !== undefined && { reason }),
        ...(caseId !== undefined && { caseId }),
        ...(flow !== undefined && { flow }),
      },
    },
  ];
}
