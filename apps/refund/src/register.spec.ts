import { text } from 'node:stream/consumers';
import { execute, givenNow, MemoryStore } from '@orderloom/event-sourcing';
import { parse } from 'csv-parse/sync';
import { registerCsv } from './http/register.csv.js';
import type { RefundCommand } from './refund-facts.js';
import { payment } from './refunds.fixture.js';
import { refunds } from './refunds.js';
import { countCauses, type RegisterEntry, type RegisterFilter, refundsIn } from './views/register-list.js';

const store = new MemoryStore();
const days = (n: number): string => new Date(Date.parse(givenNow) + n * 86_400_000).toISOString().replace('Z', '000Z');
type Said = RefundCommand extends infer C ? (C extends RefundCommand ? Omit<C, 'now' | 'by'> : never) : never;
const at = async (now: string, command: Said): Promise<void> => {
  store.setNow(now);
  await execute(store, { decider: refunds, id: command.orderNumber, command: command, meta: { by: 'finance:li' } });
};
const file = (now: string, orderNumber: string, refundId: string, more: object = {}) =>
  at(now, {
    ...{ type: 'RequestRefund', orderNumber, refundId, cause: 'cancelled', amount: 1000, currency: 'GBP', payment },
    ...{ parts: [{ kind: 'goods', amount: 1000 }], flow: 'f' },
    ...more,
  });
const all = async (filter: RegisterFilter = {}, after?: string): Promise<RegisterEntry[]> => {
  const found: RegisterEntry[] = [];
  for await (const entry of refundsIn(store, filter, after)) found.push(entry);
  return found;
};
const ids = async (filter: RegisterFilter): Promise<string[]> => (await all(filter)).map(({ refundId }) => refundId);

beforeAll(async () => {
  await file(days(0), '1', 'a', { cause: 'not-as-agreed', declaredCause: 'quality', caseId: 'c-1' });
  await file(days(40), 'china:2', 'b', { declaredCause: 'out-of-stock', payment: { ...payment, method: 'paypal' } });
  await file(days(41), '3', 'c');
  const paid = { orderNumber: '3', refundId: 'c', flow: 'f' };
  await at(days(42), { type: 'ApproveRefund', ...paid, approvedBy: ['finance:mo'] });
  await at(days(43), { type: 'RecordRefundPaid', ...paid, providerReference: '=psp-1' });
  await at(days(50), { type: 'VerifyRefundCause', orderNumber: '1', refundId: 'a', cause: 'quality', note: 'it flickers' });
});

describe('the refund register (REF-06)', () => {
  it('a refund ages until the customer has it', async () => {
    expect(await all()).toMatchObject([
      { refundId: 'a', status: 'requested', open: true, ageDays: 50, storefront: 'main', caseId: 'c-1', method: 'card', amount: 1000 },
      { refundId: 'b', open: true, ageDays: 10, storefront: 'china', orderNumber: 'china:2', method: 'paypal' },
      { refundId: 'c', status: 'paid', open: false, ageDays: 2, providerReference: '=psp-1' },
    ]);
  });

  it.each([
    [{ status: 'paid' }, ['c']],
    [{ storefront: 'china' }, ['b']],
    [{ cause: 'quality' }, ['a']],
    [{ method: 'paypal' }, ['b']],
    [{ orderNumber: '1' }, ['a']],
    [{ open: true }, ['a', 'b']],
    [{ open: false }, ['c']],
    [{ mismatch: true }, ['b']],
    [{ olderThan: 10 }, ['a']],
    [{ olderThan: 9 }, ['a', 'b']],
    [{ from: days(40).slice(0, 10) }, ['b', 'c']],
    [{ from: '1900-01-01' }, ['a', 'b', 'c']],
    [{ from: days(20).slice(0, 10), to: days(80).slice(0, 10) }, ['b', 'c']],
    [{ to: days(40).slice(0, 10) }, ['a', 'b']],
    [{ from: days(40).slice(0, 10), to: days(40).slice(0, 10) }, ['b']],
    [{ from: '2011-06-01', to: '2010-06-01' }, []],
  ] as const)('is filtered by %j', async (filter, expected) => {
    expect(await ids(filter)).toEqual(expected);
  });

  it('a page begins after the refund that is named, and every page together has each refund once', async () => {
    expect((await all({}, 'a')).map(({ refundId }) => refundId)).toEqual(['b', 'c']);
    const many = new MemoryStore();
    const rows = Array.from({ length: 1201 }, (_, i) => ({
      ...{ refundId: `r${10_000 + i}`, filedAt: days(0), open: true, status: 'paid' },
    }));
    await many.commit({ meta: { by: 'test' }, rows: rows.map((row) => ({ op: 'put', table: 'refund_register', key: row.refundId, row })) });
    const seen: string[] = [];
    for await (const { refundId } of refundsIn(many, {})) seen.push(refundId);
    expect(seen).toEqual(rows.map(({ refundId }) => refundId));
  });

  it('as CSV no cell is a formula to a spreadsheet', async () => {
    const csv = await text(registerCsv(refundsIn(store, {})));
    const rows: Record<string, string>[] = parse(csv, { columns: true });
    expect(rows).toMatchObject([
      { refundId: 'a', cause: 'quality', declaredCause: 'quality', verified: 'true', mismatch: 'false', ageDays: '50' },
      { refundId: 'b', open: 'true' },
      { refundId: 'c', providerReference: "'=psp-1" },
    ]);
  });
});

describe('the counts of reasons that hurt the shop (REF-07)', () => {
  it('are by month, storefront, found and declared cause; a refuted one no longer counts', async () => {
    expect(await countCauses(store, {})).toEqual([
      {
        ...{ month: days(40).slice(0, 7), storefront: 'china', cause: 'cancelled', declaredCause: 'out-of-stock', currency: 'GBP' },
        ...{ refunds: 1, amount: 1000, mismatches: 1, verified: 0 },
      },
    ]);
    expect(await countCauses(store, { storefront: 'main' })).toEqual([]);
  });
});
