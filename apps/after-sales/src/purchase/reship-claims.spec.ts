import { given } from '@orderloom/event-sourcing';
import { bought, caseId, contractFaults, ids, openedAt, orderNumber, twoGoods, twoUnits, unitsClaimed } from '../case.fixture.js';
import { purchase } from './purchase.js';
import type { PurchaseEvent } from './purchase-facts.js';

/** The case that began with the re-ship, and another one, on what the re-ship brought. */
const [first, second] = [caseId, 'second-case'];
const reshipNumber = '536365-R3f0c9d1e';
const flow = 'missing-items-2';
const gift = { line: 2, sku: 'GIFT', quantity: 1, unitPrice: 0 };
const free = { lines: [{ ...twoGoods[0], unitPrice: 0 } as (typeof twoGoods)[number], gift], shipping: 0, charges: [] };
const reship: PurchaseEvent = {
  type: 'PurchaseLearned',
  data: {
    ...{ orderNumber: reshipNumber, ...free, currency: 'GBP', payment: { ...bought.payment, captured: 0 } },
    reship: { caseId: first, originalOrder: orderNumber, flow: 'missing-items-1' },
  },
};
const dispatched = (number: string): PurchaseEvent => ({
  type: 'PurchaseDispatched',
  data: { orderNumber: number, at: '2010-12-01T17:00:00.000000Z', trackingNumber: 'RM1GB' },
});
const delivered = (number: string, at: string): PurchaseEvent => ({ type: 'PurchaseDelivered', data: { orderNumber: number, at } });

const facts: PurchaseEvent[] = [];
/** Every fact that a rule here expects must also be as the contract says. */
const says = (...events: PurchaseEvent[]): PurchaseEvent[] => {
  facts.push(...events);
  return events;
};
afterAll(() => expect(contractFaults(...facts)).toEqual([]));

describe('a claim on goods from a re-ship (AFT-34, LOG-06)', () => {
  const there = [reship, dispatched(reshipNumber)];
  const ask = (more: object = {}) => ({
    ...({ type: 'ClaimUnits', orderNumber: reshipNumber, caseId: second, what: 'missing', cause: null, lines: twoUnits } as const),
    ...{ openedAt, flow, refers: true as const, ...more },
  });
  const refused = (reason: string): PurchaseEvent => ({
    type: 'ClaimRefused',
    data: { orderNumber: reshipNumber, caseId: second, flow, code: 'not-enough-left', reason },
  });
  const referred = (more: object = {}): PurchaseEvent => ({
    type: 'ClaimReferred',
    data: {
      ...{ orderNumber: reshipNumber, caseId: second, flow, originalOrder: orderNumber, lines: twoUnits },
      sent: { reshipNumber, caseId: first, withinWindow: true, ...more },
    },
  });

  it('the claim is referred to the original order', () => {
    given(purchase, ...there)
      .when(ask())
      .then(...says(referred()));
  });

  it('the claim is deferred until the re-ship has left', () => {
    const parcel = { at: '2010-12-01T17:00:00.000000Z', trackingNumber: 'RM1GB' };
    const { type: _type, ...waiting } = ask();
    const link = { ...ids, reshipNumber, flow: 'missing-items-1', trackingNumber: 'RM1GB' };
    given(purchase, reship, { type: 'ClaimDeferred', data: waiting })
      .when({ type: 'NoteDispatch', orderNumber: reshipNumber, ...parcel })
      .then(dispatched(reshipNumber), { type: 'ReshipDispatched', data: link }, referred());
  });

  it('a claim of more units than were sent is refused', () => {
    given(purchase, ...there)
      .when(ask({ lines: [{ line: 1, quantity: 3 }] }))
      .then(...says(refused('line 1 has 2 left, not 3')));
  });

  it('the return window starts with the delivery of the re-ship (AFT-30)', () => {
    given(purchase, ...there, delivered(reshipNumber, '2010-12-01T08:59:59.000000Z'))
      .when(ask({ what: 'return', cause: 'quality' }))
      .then(referred({ withinWindow: false }));
  });

  it('the gift is left out, since it was not bought', () => {
    given(purchase, ...there)
      .when(ask({ lines: [...twoUnits, { line: 2, quantity: 1 }] }))
      .then(referred());
    given(purchase, ...there)
      .when(ask({ lines: [{ line: 2, quantity: 1 }] }))
      .then(refused('line 2 was a gift, and is no part of order 536365'));
  });

  it('the gift is the line that the re-ship names', () => {
    const { data } = reship;
    const teddy = { line: 2, sku: 'TEDDY', quantity: 1, unitPrice: 0 };
    const named = {
      type: 'PurchaseLearned',
      data: { ...data, lines: [...data.lines.slice(0, 1), teddy], reship: { ...data.reship, gifts: [2] } },
    };
    given(purchase, named as PurchaseEvent, dispatched(reshipNumber))
      .when(ask({ lines: [...twoUnits, { line: 2, quantity: 1 }] }))
      .then(referred());
  });

  it('a return of goods that have not left is stopped, with the number of the original order (AFT-02, ORD-14)', () => {
    const asked = ask({ what: 'return' });
    const { type: _type, ...deferred } = asked;
    given(purchase, reship)
      .when(asked)
      .then(
        { type: 'ClaimDeferred', data: deferred },
        ...says({
          type: 'GoodsNotDispatched',
          data: { orderNumber: reshipNumber, caseId: second, lines: twoUnits, flow, originalOrder: orderNumber },
        }),
      );
  });

  it('a flow of a version without referrals is refused with the number of the original order', () => {
    given(purchase, ...there)
      .when(ask({ refers: undefined }))
      .then(refused('the goods were sent again for order 536365: claim them there'));
  });
});

describe('each unit of the original order is refunded, or sent again and kept, never both (LOG-06)', () => {
  const one = (quantity: number) => [{ line: 1, quantity }];
  const goods = (quantity: number) => [{ ...twoGoods[0], quantity } as (typeof twoGoods)[number]];
  /** Only two were bought, for 160 pence together. */
  const two: PurchaseEvent = {
    type: 'PurchaseLearned',
    data: {
      ...{ orderNumber, ...bought, shipping: 0, lines: twoGoods, payment: { ...bought.payment, captured: 160 } },
      charges: [{ kind: 'discount', amount: -40, appliesTo: 'goods' }],
    },
  };
  const left = [two, dispatched(orderNumber)];
  const claimed = (id: string, quantity = 2, more: object = {}): PurchaseEvent => ({
    type: 'UnitsClaimed',
    data: { ...unitsClaimed, payment: { ...bought.payment, captured: 160 }, caseId: id, flow, lines: goods(quantity), ...more },
  });
  const ask = (id: string, quantity = 2, more: object = {}) => ({
    ...({ type: 'ClaimUnits', ...ids, caseId: id, what: 'missing', cause: null, lines: one(quantity), openedAt, flow } as const),
    ...more,
  });
  const sent = { reshipNumber, caseId: first, withinWindow: true };
  const viaReship = { sent };
  const via = { reshipNumber };
  const taken = (quantity: number) => ({ ...via, takenFrom: { caseId: first, lines: one(quantity) } });
  const refused = (id: string, reason: string): PurchaseEvent => ({
    type: 'ClaimRefused',
    data: { ...ids, caseId: id, flow, code: 'not-enough-left', reason },
  });
  const settle = (id: string, quantity: number, more: object = {}) =>
    ({ type: 'SettleUnits', ...ids, caseId: id, lines: one(quantity), flow, ...more }) as const;
  const settled = (id: string, quantity: number, refund: number, more: object = {}): PurchaseEvent => ({
    type: 'UnitsSettled',
    data: { ...ids, caseId: id, lines: quantity > 0 ? one(quantity) : [], refund, currency: 'GBP', flow, ...more },
  });
  const released = (id: string, kept?: number): PurchaseEvent => ({
    type: 'UnitsReleased',
    data: { ...ids, caseId: id, ...(kept !== undefined && { kept: one(kept) }) },
  });
  const release = (id: string, more: object = {}) => ({ type: 'ReleaseUnits', ...ids, caseId: id, ...more }) as const;

  it('units missing from a re-ship move from the open first case to the new one', () => {
    given(purchase, ...left, claimed(first))
      .when(ask(second, 1, viaReship))
      .then(...says(claimed(second, 1, taken(1))));
    given(purchase, ...left, claimed(first), claimed(second, 1, taken(1)))
      .when(settle(first, 2))
      .then(...says(settled(first, 1, 80)));
  });

  it('the units are refunded at the price of the original order', () => {
    given(purchase, ...left, claimed(first), claimed(second, 2, taken(2)))
      .when(settle(second, 2))
      .then(settled(second, 2, 160));
    given(purchase, ...left, claimed(first), claimed(second, 2, taken(2)), settled(second, 2, 160))
      .when(settle(first, 2))
      .then(settled(first, 0, 0));
  });

  it('a unit is claimed at the order or by its re-ship: the second claim is refused', () => {
    given(purchase, ...left, claimed(first), claimed(second, 2, taken(2)))
      .when(ask('third-case'))
      .then(refused('third-case', 'line 1 has 0 left, not 2'));
    given(purchase, ...left, claimed(first), released(first), claimed(second))
      .when(ask('third-case', 1, viaReship))
      .then(refused('third-case', 'line 1 has 0 left, not 1'));
    given(purchase, ...left, claimed(first))
      .when(ask(second))
      .then(refused(second, 'line 1 has 0 left, not 2'));
  });

  it('a refunded unit is not claimed again through a re-ship', () => {
    given(purchase, ...left, claimed(first), claimed(second, 2, taken(2)), settled(second, 2, 160), released(first))
      .when(ask('third-case', 1, viaReship))
      .then(refused('third-case', 'line 1 has 0 left, not 1'));
  });

  it('a delivered unit without a claim can be claimed at the order', () => {
    given(purchase, ...left, claimed(first), released(first))
      .when(ask(second, 2, viaReship))
      .then(claimed(second, 2, via));
  });

  it('a unit that was sent again and kept can be missing only from its re-ship', () => {
    given(purchase, ...left, claimed(first))
      .when(release(first, { sentAgain: true }))
      .then(...says(released(first, 2)));
    const kept = [...left, claimed(first), released(first, 2)];
    given(purchase, ...kept)
      .when(ask(second, 1))
      .then(refused(second, 'line 1 has 0 left, not 1; 2 were sent again: what of them is missing is claimed at their re-ship'));
    given(purchase, ...kept)
      .when(ask(second, 1, { what: 'return', cause: 'quality' }))
      .then(claimed(second, 1));
    given(purchase, ...kept)
      .when(ask(second, 2, viaReship))
      .then(...says(claimed(second, 2, via)));
  });

  it('the unit stays kept if a claim on its re-ship is untrue (AFT-03)', () => {
    given(purchase, ...left, claimed(first), released(first, 2), claimed(second, 2, via))
      .when(release(second))
      .then(released(second, 2));
    given(purchase, ...left, claimed(first))
      .when(release(first))
      .then(released(first));
  });

  it('the unit is kept again if the refund of its return is rejected (REF-05)', () => {
    const returned = { what: 'return', cause: 'quality' } as const;
    const back: PurchaseEvent = { type: 'UnitsRestored', data: { ...ids, caseId: second, lines: one(2), refund: 160, flow } };
    const restored = [...left, claimed(first), released(first, 2), claimed(second, 2, via), settled(second, 2, 160), back];
    given(purchase, ...restored)
      .when(ask('third-case', 1))
      .then(refused('third-case', 'line 1 has 0 left, not 1; 2 were sent again: what of them is missing is claimed at their re-ship'));
    given(purchase, ...restored)
      .when(ask('third-case', 1, { ...returned, ...viaReship }))
      .then(claimed('third-case', 1, via));
  });

  it('an unavailable part of a re-ship is refunded, while the case keeps the rest', () => {
    const part = { keepsRest: true } as const;
    given(purchase, ...left, claimed(first))
      .when(settle(first, 1, part))
      .then(...says(settled(first, 1, 80, part)));
    given(purchase, ...left, claimed(first), settled(first, 1, 80, part))
      .when(ask(second, 1))
      .then(refused(second, 'line 1 has 0 left, not 1'));
    given(purchase, ...left, claimed(first), settled(first, 1, 80, part))
      .when(settle(first, 2))
      .then(settled(first, 1, 80));
  });

  it('the window is that of the re-ship, whenever the order was delivered (AFT-30)', () => {
    const long = delivered(orderNumber, '2010-11-01T09:00:00.000000Z');
    given(purchase, ...left, long, claimed(first), released(first))
      .when(ask(second, 1, { what: 'return', cause: 'dislike', ...viaReship }))
      .then(claimed(second, 1, via));
  });
});
