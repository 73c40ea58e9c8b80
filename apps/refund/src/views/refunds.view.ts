import { totalCaptured, isFlagged, isMismatch } from '@orderloom/contracts';
import type { Projection } from '@orderloom/event-sourcing';
import type { Payment, RefundEvent } from '../refund-facts.js';
import { type RefundStatus, statusAfter } from '../refund-state.js';

/** REF-06: the refund register of one order. Amounts in minor units. */
export interface RefundsRow {
  readonly orderNumber: string;
  readonly captured: number;
  /** Absent in rows that are older than this field. */
  readonly payments?: readonly Payment[];
  readonly currency: string;
  readonly refunds: readonly RefundEntry[];
}

interface RefundEntry {
  readonly refundId: string;
  readonly cause: string;
  readonly declaredReason?: string;
  /** REF-07 */
  readonly declaredCause?: string;
  readonly verifiedCause?: string;
  readonly flagged: boolean;
  readonly mismatch: boolean;
  readonly amount: number;
  readonly status: RefundStatus;
  readonly reference: string;
  readonly filedBy: string;
  readonly filedAt: string;
  readonly reason?: string;
  readonly providerReference?: string;
  /** REF-05: further payments of this refund that the customer has; absent if there are none. */
  readonly late?: readonly string[];
}

const changes: { readonly [type: string]: RefundStatus } = statusAfter;

export const refundsView: Projection<RefundEvent, RefundsRow> = {
  table: 'refunds',
  key: (event) => event.subject,
  evolve: (row, event) => {
    const before: RefundsRow = row ?? { orderNumber: event.subject, captured: 0, payments: [], currency: '', refunds: [] };
    if (event.type === 'PaymentCaptured') {
      const { method, captured, reference, currency } = event.data as Payment & { currency: string };
      const payments = [...(before.payments ?? []).filter((p) => p.reference !== reference), { method, captured, reference }];
      return { ...before, captured: totalCaptured(payments), payments, currency };
    }
    if (event.type === 'RefundRequested') {
      const { refundId, cause, declaredReason, declaredCause, amount, reference, filedBy } = event.data as Extract<
        RefundEvent,
        { type: 'RefundRequested' }
      >['data'];
      return {
        ...before,
        refunds: [
          ...before.refunds,
          {
            ...{ refundId, cause, declaredReason, ...(declaredCause && { declaredCause }), ...signs(cause, declaredCause) },
            ...{ amount, reference, filedBy, status: 'requested', filedAt: event.occurredAt },
          },
        ],
      };
    }
    if (event.type === 'LatePayoutReported' || event.type === 'LatePayoutReturned') {
      const { refundId, providerReference } = event.data as { refundId: string; providerReference: string };
      const isThere = event.type === 'LatePayoutReported';
      return withEntry(before, refundId, (entry) => withLate(entry, providerReference, isThere));
    }
    if (event.type === 'RefundCauseVerified') {
      const { refundId, cause } = event.data as { refundId: string; cause: string };
      return withEntry(before, refundId, (entry) => ({ ...entry, verifiedCause: cause, ...signs(cause, entry.declaredCause) }));
    }
    const status = changes[event.type];
    if (status === undefined) return before;
    const { refundId, reason, providerReference } = event.data as { refundId: string; reason?: string; providerReference?: string };
    return withEntry(before, refundId, (entry) => {
      const changed = { ...entry, status, reason, providerReference };
      return status === 'paid' && providerReference !== undefined ? withLate(changed, providerReference, false) : changed;
    });
  },
};

const signs = (cause: string, declared: string | undefined) => ({
  flagged: isFlagged(cause, declared),
  mismatch: isMismatch(cause, declared),
});

const withEntry = (row: RefundsRow, refundId: string, change: (entry: RefundEntry) => RefundEntry): RefundsRow => ({
  ...row,
  refunds: row.refunds.map((entry) => (entry.refundId === refundId ? change(entry) : entry)),
});

function withLate({ late: before = [], ...entry }: RefundEntry, reference: string, isThere: boolean): RefundEntry {
  const late = [...before.filter((one) => one !== reference), ...(isThere ? [reference] : [])];
  return late.length > 0 ? { ...entry, late } : entry;
}
