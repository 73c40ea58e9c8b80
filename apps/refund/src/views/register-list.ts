import type { EventStore } from '@orderloom/event-sourcing';
import type { RegisterRow } from './register.view.js';

/** REF-06: which refunds a list shows; what is absent matches all. `from` and `to` are dates of the filing (UTC), both included. */
export interface RegisterFilter {
  readonly status?: string;
  readonly storefront?: string;
  readonly cause?: string;
  readonly method?: string;
  readonly orderNumber?: string;
  readonly open?: boolean;
  readonly flagged?: boolean;
  readonly mismatch?: boolean;
  readonly from?: string;
  readonly to?: string;
  /** Days since the filing, of what is open; until it was closed, of the rest. */
  readonly olderThan?: number;
}

export interface RegisterEntry extends RegisterRow {
  readonly ageDays: number;
}

const day = 86_400_000;
const pageSize = 500;

/**
 * REF-06: the refunds that match, by id, after the refund `after`. Reads a page of rows at a time, so that a list of any length does not
 * sit in memory.
 */
export async function* refundsIn(store: EventStore, filter: RegisterFilter, after?: string): AsyncGenerator<RegisterEntry> {
  const now = await store.now();
  const { from, to, olderThan, open, ...fields } = filter;
  const months = from === undefined ? undefined : monthsBetween(from, to ?? now.slice(0, 10));
  const where = {
    ...Object.fromEntries(Object.entries(fields).flatMap(([field, value]) => (value === undefined ? [] : [[field, String(value)]]))),
    // a bounced refund that another one replaced is open in its row
    ...(open && { open: 'true' }),
    ...(months !== undefined && { month: months }),
  };
  for (let last = after; ;) {
    const rows = await store.rows<RegisterRow>('refund_register', where, pageSize, last === undefined ? {} : { after: last });
    for (const row of await withReplacements(store, rows)) {
      const entry = { ...row, ageDays: Math.floor((Date.parse(row.closedAt ?? now) - Date.parse(row.filedAt)) / day) };
      const filedOn = row.filedAt.slice(0, 10);
      if (filedOn >= (from ?? '') && filedOn <= (to ?? '9') && entry.ageDays > (olderThan ?? -1) && row.open === (open ?? row.open))
        yield entry;
    }
    last = rows.at(-1)?.refundId;
    if (last === undefined || rows.length < pageSize) return;
  }
}

/** A refund whose payment came back is open until another one takes its place. */
async function withReplacements(store: EventStore, rows: readonly RegisterRow[]): Promise<readonly RegisterRow[]> {
  const bounced = rows.filter(({ status }) => status === 'bounced').map(({ refundId }) => refundId);
  if (bounced.length === 0) return rows;
  const replacements = await store.rows<RegisterRow>('refund_register', { insteadOf: bounced }, bounced.length * 2);
  const filedAt = new Map(replacements.map((row) => [row.insteadOf, row.filedAt]));
  return rows.map((row) => {
    const closedAt = filedAt.get(row.refundId);
    return closedAt === undefined ? row : { ...row, open: false, closedAt };
  });
}

const monthNumber = (date: string): number => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1;

/** Months `YYYY-MM` from one date to another; undefined for more than 10 years, where an index on months would not help. */
function monthsBetween(from: string, to: string): readonly string[] | undefined {
  const [first, length] = [monthNumber(from), monthNumber(to) - monthNumber(from) + 1];
  if (length > 120) return undefined;
  if (length < 1) return ['none'];
  return Array.from({ length }, (_, i) => `${Math.floor((first + i) / 12)}-${String(((first + i) % 12) + 1).padStart(2, '0')}`);
}

/** REF-07: how many refunds of a month and storefront hurt the shop, by declared and found cause. Amounts in minor units. */
export interface CauseCount {
  readonly month: string;
  readonly storefront: string;
  readonly cause: string;
  readonly declaredCause: string | null;
  readonly currency: string;
  readonly refunds: number;
  readonly amount: number;
  readonly mismatches: number;
  readonly verified: number;
}

/** REF-07 */
export async function countCauses(store: EventStore, filter: RegisterFilter): Promise<readonly CauseCount[]> {
  const counts = new Map<string, CauseCount>();
  for await (const row of refundsIn(store, { ...filter, flagged: true })) {
    // what a returned payment is paid again by is the same refund to the customer
    if (row.insteadOf !== undefined) continue;
    const group = {
      month: row.month,
      storefront: row.storefront,
      cause: row.cause,
      declaredCause: row.declaredCause ?? null,
      currency: row.currency,
    };
    const key = JSON.stringify(group);
    const { refunds, amount, mismatches, verified } = counts.get(key) ?? { refunds: 0, amount: 0, mismatches: 0, verified: 0 };
    counts.set(key, {
      ...{ ...group, refunds: refunds + 1, amount: amount + row.amount },
      ...{ mismatches: mismatches + Number(row.mismatch), verified: verified + Number(row.verified) },
    });
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count);
}
