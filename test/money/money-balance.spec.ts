import { allocateCharges, totalCaptured, valueOf } from '@orderloom/contracts';
import { isOwed } from '../../apps/refund/src/refund-state.js';
import { anyOrder, type Goods, OneOrder, randoms } from './one-order.js';
import { lateSteps, plainSteps, roughSteps } from './order-steps.js';

const seeds = Array.from({ length: 2500 }, (_, i) => i + 1);
const sum = (amounts: readonly number[]): number => amounts.reduce((all, one) => all + one, 0);
const unitsOf = (goods: Goods, line: number): number => sum(goods.map((g) => (g.line === line ? g.quantity : 0)));

function played(seed: number, steps: typeof plainSteps, check: (one: OneOrder) => string[]): string[] {
  const random = randoms(seed);
  for (let warm = 0; warm < 5; warm++) random(10);
  const one = new OneOrder(random, anyOrder(random));
  for (let n = 20 + random(80); n > 0; n--) {
    steps[random(steps.length)]?.(one);
    const faults = check(one);
    if (faults.length > 0) return faults.map((fault) => `seed ${seed}: ${fault}`);
  }
  while (one.deliver()) continue;
  return [...check(one), ...inTheEnd(one)].map((fault) => `seed ${seed}, at the end: ${fault}`);
}

/** REF-03: per payment, what is requested, in flight and done together is no more than what was captured. */
const overdrawn = ({ refunds }: OneOrder): string[] =>
  refunds.payments.flatMap(({ reference, captured }) => {
    const owed = Object.values(refunds.refunds).filter((refund) => refund.requested.reference === reference && isOwed(refund));
    const all = sum(owed.map(({ requested }) => requested.amount));
    return all > captured ? [`${all} of ${captured} captured by ${reference}`] : [];
  });

/** REF-01: the parts of an application add up to it. */
const unevenParts = ({ facts }: OneOrder): string[] =>
  facts.refunds.flatMap(({ type, data }) =>
    type === 'RefundRequested' && sum(data.parts.map(({ amount }) => amount)) !== data.amount ? [`parts of ${data.refundId}`] : [],
  );

const refused = ({ facts }: OneOrder): string[] =>
  facts.refunds.flatMap(({ type, data }) =>
    type === 'RefundApplicationRefused' && !data.flow?.startsWith('bounced-refund') ? [`refused: ${data.reason}`] : [],
  );

/** AFT-32: units are worth what was paid for them, whatever was refunded, rejected or captured before. */
function overpaid({ facts, placed }: OneOrder): string[] {
  const allocation = allocateCharges(placed);
  const price = (goods: Goods): number =>
    sum(
      goods.map(({ line, quantity }) => {
        const of = placed.lines.find((l) => l.line === line)?.quantity ?? 0;
        return quantity * Math.ceil(valueOf(allocation, [{ line, quantity: of }]) / of);
      }),
    );
  return facts.purchase.flatMap(({ type, data }) =>
    type === 'UnitsSettled' && data.refundId === undefined && data.refund > price(data.lines)
      ? [`${data.refund} for ${JSON.stringify(data.lines)}, which cost ${price(data.lines)} at most`]
      : [],
  );
}

/** LOG-06, AFT-15: per unit at most one of cancelled, refunded, and sent again and kept. */
function twice({ facts, purchase, placed }: OneOrder): string[] {
  const goods = (type: string) =>
    facts.purchase.flatMap((event) => (event.type === type ? (event.data as { caseId?: string; lines: Goods }) : []));
  return placed.lines.flatMap(({ line, quantity }) => {
    const units = (type: string, of = '') =>
      sum(goods(type).flatMap(({ caseId = '', lines }) => (caseId.startsWith(of) ? unitsOf(lines, line) : [])));
    const cancelled = units('PurchaseReduced');
    const refundedMissing = units('UnitsSettled', 'missing') - units('UnitsRestored', 'missing');
    const returned = units('UnitsSettled', 'return') - units('UnitsRestored', 'return');
    const kept = unitsOf(purchase.kept, line);
    const claimed = unitsOf(Object.values(purchase.claimed).flat(), line);
    const left = unitsOf(purchase.lines, line);
    return [
      ...(cancelled + refundedMissing + kept > quantity ? [`line ${line}: missing and sent again`] : []),
      ...(!purchase.cancelled && purchase.bought && left + cancelled + refundedMissing + returned !== quantity
        ? [`line ${line}: ${left} left, ${cancelled} cancelled, ${refundedMissing} missing, ${returned} returned of ${quantity}`]
        : []),
      ...(!purchase.cancelled && claimed > left ? [`line ${line}: ${claimed} claimed of ${left}`] : []),
    ];
  });
}

/** REF-05: a case counts as paid back what its applications came to, or what was applied for. */
function inTheEnd({ facts, purchase }: OneOrder): string[] {
  const applications = new Map<string, number>();
  for (const { type, data } of facts.refunds) {
    if (type === 'RefundRequested' && data.caseId !== undefined && data.insteadOf === undefined) {
      const root = data.partOf ?? data.refundId;
      applications.set(root, (applications.get(root) ?? 0) + data.amount);
    }
    if (type === 'RefundApplicationSettled' && data.caseId !== undefined) applications.set(data.refundId, data.paid);
  }
  const counted = sum(Object.values(purchase.settledFor).map(({ refund }) => refund));
  const owed = sum([...applications.values()]);
  const isRefused = facts.refunds.some(({ type, data }) => type === 'RefundApplicationRefused' && !data.flow?.startsWith('bounced-refund'));
  return counted === owed || isRefused ? [] : [`cases count ${counted}, and their applications came to ${owed}`];
}

/** REF-05: an application comes to what it asked for, at most, however often it is paid, comes back or is filed again. */
function cameToMore({ facts }: OneOrder): string[] {
  const asked = new Map<string, number>();
  return facts.refunds.flatMap(({ type, data }) => {
    if (type === 'RefundRequested' && data.insteadOf === undefined) {
      const root = data.partOf ?? data.refundId;
      asked.set(root, (asked.get(root) ?? 0) + data.amount);
    }
    const isMore = type === 'RefundApplicationSettled' && data.paid + data.rejected > (asked.get(data.refundId) ?? 0);
    return isMore ? [`${data.refundId} came to ${data.paid}, and ${data.rejected} rejected, of ${asked.get(data.refundId)}`] : [];
  });
}

const always = (one: OneOrder): string[] => [...cameToMore(one), ...overdrawn(one), ...unevenParts(one), ...overpaid(one), ...twice(one)];

describe('the amounts of one order under any captures, cancellations, returns, missing items, re-ships and refunds (I5)', () => {
  it('they balance if finance pays, and no application is refused', () => {
    expect(seeds.flatMap((seed) => played(seed, plainSteps, (one) => [...always(one), ...refused(one)])).slice(0, 5)).toEqual([]);
  });

  it('they balance if refunds are rejected, returned and paid again', () => {
    expect(seeds.flatMap((seed) => played(seed, roughSteps, (one) => [...always(one), ...refused(one)])).slice(0, 5)).toEqual([]);
  });

  it('they balance if the provider pays late or twice', () => {
    expect(seeds.flatMap((seed) => played(seed, lateSteps, always)).slice(0, 5)).toEqual([]);
  });

  it('after a full capture, cancelled and returned goods are refunded to the penny', () => {
    const faults = seeds.flatMap((seed) => {
      const random = randoms(seed + 90_000);
      const one = new OneOrder(random, anyOrder(random));
      for (let n = 30; n > 0; n--) plainSteps[random(plainSteps.length)]?.(one);
      while (one.deliver()) continue;
      if (one.order.status === 'none') return [];
      const { total, currency, payment } = one.placed;
      const amount = total - totalCaptured(one.order.payments);
      const { reference, method } = payment;
      if (amount > 0)
        one.toOrder({ type: 'RecordCapture', captureId: 'last', reference, method, amount, currency, capturedAt: one.placed.placedAt });
      while (one.deliver()) continue;
      const allocation = allocateCharges(one.placed);
      const stays = one.order.status === 'cancelled' ? 0 : valueOf(allocation, one.purchase.lines) + allocation.shipping;
      const back = sum(Object.values(one.refunds.refunds).map(({ requested }) => requested.amount));
      return back === total - stays ? [] : [`seed ${seed}: ${back} of ${total}, and what stays costs ${stays}`];
    });
    expect(faults.slice(0, 5)).toEqual([]);
  });
});
