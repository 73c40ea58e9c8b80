import type { RefundEvent } from './refund-facts.js';
import { evolve, filersOf, isFiledAgain, type Refund, type RefundsState } from './refund-state.js';

/**
 * REF-05: an application over several payments has its outcome when its last refund has. It is published again if a returned payment
 * changes it later.
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

/** Returns whether a refund is paid, rejected, or, after its payment was returned, settled by hand or filed again. */
const isClosed = (refund: Refund, state: RefundsState): boolean =>
  ['paid', 'rejected', 'settled'].includes(refund.status) || isReplaced(refund, state);

const isReplaced = (refund: Refund, state: RefundsState): boolean => refund.status === 'bounced' && isFiledAgain(refund, state);

function outcomeOf(root: string, state: RefundsState): readonly RefundEvent[] {
  const asked = state.refunds[root]?.requested;
  const refunds = Object.values(state.refunds).filter((refund) => rootOf(refund) === root);
  if (!asked || !refunds.every((refund) => isClosed(refund, state))) return [];
  const sum = (status: string): number =>
    refunds.reduce((all, refund) => all + (refund.status === status ? refund.requested.amount : 0), 0);
  const { orderNumber, refundId, currency, caseId, flow } = asked;
  const byHand = sum('settled');
  const rejected = sum('rejected');
  const reason = refunds.findLast(({ status }) => status === 'rejected')?.reason;
  return [
    {
      type: 'RefundApplicationSettled',
      data: {
        ...{ orderNumber, refundId, paid: sum('paid') + byHand, rejected, currency },
        ...(byHand > 0 && { byHand }),
        ...(reason !== undefined && { reason }),
        ...(caseId !== undefined && { caseId }),
        ...(caseId !== undefined && rejected > 0 && { filers: [...new Set(refunds.flatMap(filersOf))] }),
        ...(state.settled?.includes(refundId) && { again: true as const }),
        ...(flow !== undefined && { flow }),
      },
    },
  ];
}
