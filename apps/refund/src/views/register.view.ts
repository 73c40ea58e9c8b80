import { isFlagged, isMismatch, partsOf } from '@orderloom/contracts';
import type { Projection } from '@orderloom/event-sourcing';
import type { RefundEvent } from '../refund-facts.js';
import { type RefundStatus, statusAfter } from '../refund-state.js';

/** REF-06: one refund in the register. Amount in minor units; instants in ISO 8601. */
export interface RegisterRow {
  readonly refundId: string;
  readonly orderNumber: string;
  readonly storefront: string;
  readonly caseId?: string;
  /** REF-07: as it was filed, or as a person verified it last. */
  readonly cause: string;
  readonly declaredCause?: string;
  readonly flagged: boolean;
  readonly mismatch: boolean;
  readonly verified: boolean;
  readonly status: RefundStatus;
  /** The customer does not have it yet, and it is not rejected either. */
  readonly open: boolean;
  readonly amount: number;
  readonly currency: string;
  readonly method: string;
  /** Of `filedAt`, `YYYY-MM` in UTC: lists of a period look at its months alone. */
  readonly month: string;
  readonly filedAt: string;
  readonly changedAt: string;
  /** Since when it is not open. */
  readonly closedAt?: string;
  readonly providerReference?: string;
  /** The refund whose payment came back, and that this one pays again. */
  readonly insteadOf?: string;
}

type Of<Type extends RefundEvent['type']> = Extract<RefundEvent, { type: Type }>['data'];
const changes: { readonly [type: string]: RefundStatus } = statusAfter;
const closed: readonly string[] = ['paid', 'rejected', 'settled'];

export const registerView: Projection<RefundEvent, RegisterRow> = {
  table: 'refund_register',
  key: ({ type, data }) =>
    'refundId' in data && (type === 'RefundRequested' || type === 'RefundCauseVerified' || type in changes) ? data.refundId : undefined,
  evolve: (row, event) => {
    if (event.type === 'RefundRequested') return filed(event.data as Of<'RefundRequested'>, event.occurredAt);
    if (!row) return null;
    const changedAt = event.occurredAt;
    if (event.type === 'RefundCauseVerified') {
      const { cause } = event.data as Of<'RefundCauseVerified'>;
      return { ...row, cause, ...signs(cause, row.declaredCause), verified: true, changedAt };
    }
    const status = changes[event.type] ?? row.status;
    const { providerReference } = event.data as { providerReference?: string };
    const { closedAt: _before, ...rest } = row;
    return {
      ...rest,
      ...{ status, open: !closed.includes(status), changedAt },
      ...(closed.includes(status) && { closedAt: changedAt }),
      ...(providerReference !== undefined && { providerReference }),
    };
  },
};

function filed(data: Of<'RefundRequested'>, filedAt: string): RegisterRow {
  const { refundId, orderNumber, caseId, cause, declaredCause, amount, currency, method, insteadOf } = data;
  return {
    ...{ refundId, orderNumber, storefront: partsOf(orderNumber).storefront, ...(caseId !== undefined && { caseId }) },
    ...{ cause, ...(declaredCause !== undefined && { declaredCause }), ...signs(cause, declaredCause), verified: false },
    ...{ status: 'requested', open: true, amount, currency, method },
    ...{ month: filedAt.slice(0, 7), filedAt, changedAt: filedAt, ...(insteadOf !== undefined && { insteadOf }) },
  };
}

const signs = (cause: string, declared: string | undefined) => ({
  flagged: isFlagged(cause, declared),
  mismatch: isMismatch(cause, declared),
});
