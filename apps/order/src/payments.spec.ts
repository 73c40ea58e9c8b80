import { given } from '@orderloom/event-sourcing';
import { accepted, contractFaults, orderNumber, placed } from './order.fixture.js';
import { order } from './order.js';
import type { OrderEvent } from './order-facts.js';

const { currency, lines, payment } = placed;
const { reference } = payment;
const flow = 'cancel-order-1';
const capturedAt = '2010-12-01T10:00:00.000000Z';
/** The order of the fixture (1,000 and 500 of goods, shipping 300, discount 300), with other payments. */
const paidBy = (change: object): OrderEvent => ({ type: 'OrderPlaced', data: { ...accepted.data, ...change } });
const unpaid = paidBy({ payment: { ...payment, captured: 0 } });
const voucherAndCard = [
  { method: 'voucher', captured: 500, reference: 'gift-1' },
  { method: 'card', captured: 1000, reference },
];

const capture = (amount: number, change: object = {}) =>
  ({
    type: 'RecordCapture',
    orderNumber,
    captureId: `capture-of-${amount}`,
    reference,
    method: 'card',
    amount,
    currency,
    capturedAt,
    ...change,
  }) as const;
const captured = (amount: number, sum = amount, change: object = {}): OrderEvent => ({
  type: 'CaptureRecorded',
  data: {
    orderNumber,
    captureId: `capture-of-${amount}`,
    reference,
    method: 'card',
    amount,
    captured: sum,
    outstanding: Math.max(0, 1500 - sum),
    currency,
    capturedAt,
    ...change,
  },
});
const surplus = (amount: number, sum: number): OrderEvent => ({
  type: 'SurplusCaptured',
  data: {
    ...{ orderNumber, reference, amount, currency, payment: { ...payment, captured: 0 } },
    payments: [{ ...payment, captured: sum }],
  },
});
const change = { orderNumber, changeId: 'change-1' };
const cancel = (lineNumbers: readonly number[]) =>
  ({
    ...{ type: 'CancelOrder', ...change, whole: false, agreedLoss: 0, reason: 'ordered twice', flow },
    lines: lines.filter(({ line }) => lineNumbers.includes(line)).map(({ line, quantity }) => ({ line, quantity })),
  }) as const;
const after = (...events: OrderEvent[]) => events.reduce(order.evolve, order.initial);
const decided = (command: object, ...events: OrderEvent[]): readonly OrderEvent[] =>
  order.decide({ ...command, now: capturedAt, by: 'x' } as never, after(...events));
/** Events of the unpaid order whose first line, worth 1,000 of 1,500, was cancelled. */
const firstCancelled = [unpaid, ...decided(cancel([1]), unpaid)];
const wholeCancelled = [unpaid, ...decided(cancel([1, 2]), unpaid)];

describe('a payment captured after the order was placed (ORD-01)', () => {
  it('captures are recorded one by one up to the total', () => {
    given(order, unpaid).when(capture(1500)).then(captured(1500));
    given(order, unpaid, captured(600)).when(capture(900)).then(captured(900, 1500));
  });

  it('a capture may belong to another payment than that of the order', () => {
    const voucher = { reference: 'gift-1', method: 'voucher' };
    given(order, unpaid, captured(1000))
      .when(capture(500, voucher))
      .then(captured(500, 500, { ...voucher, outstanding: 0 }));
  });

  it.each([
    ['more than the total', [unpaid], capture(1501), 'amount'],
    ['together more than the total', [unpaid, captured(600)], capture(901), 'amount'],
    ['more than the total with what was captured at first', [accepted], capture(1), 'amount'],
    ['in another currency', [unpaid], capture(100, { currency: 'EUR' }), 'currency'],
    ['by another method under the same reference', [unpaid], capture(100, { method: 'paypal' }), 'method'],
  ])('a capture that is %s is refused, and the error names the field', (_, history, command, field) => {
    expect(() => decided(command, ...history)).toThrow(expect.objectContaining({ errors: [expect.objectContaining({ field })] }) as Error);
  });

  it('a repeated capture is recorded once, even if the total is reached', () => {
    given(order, unpaid, captured(1500)).when(capture(1500)).thenNothing();
  });

  it('a cancellation refunds all captures and names their payments', () => {
    const [cancelled] = decided(cancel([1, 2]), unpaid, captured(600), captured(900, 1500));
    expect(cancelled).toMatchObject({
      type: 'OrderCancelled',
      data: { refund: 1500, payments: [{ ...payment, captured: 1500 }] },
    });
  });

  it('the events of a capture satisfy their contracts', () => {
    expect(contractFaults(captured(1500), surplus(1000, 1500), ...decided(cancel([1]), unpaid, captured(1500)))).toEqual([]);
  });
});

describe('a capture for cancelled goods (ORD-13)', () => {
  it('the whole capture is owed back after the whole order was cancelled', () => {
    given(order, ...wholeCancelled)
      .when(capture(1500))
      .then(captured(1500), surplus(1500, 1500));
  });

  it('a capture of the original total after a cancellation of lines owes back the price of these lines', () => {
    // line 1 is two thirds of the goods, worth 800 of their 1,200; line 2 and the shipping stay, worth 700
    given(order, ...firstCancelled)
      .when(capture(1500))
      .then(captured(1500), surplus(800, 1500));
  });

  it('a capture is not owed back as far as it pays for the remaining lines', () => {
    given(order, ...firstCancelled)
      .when(capture(700))
      .then(captured(700, 700, { outstanding: 0 }));
    given(order, ...firstCancelled, captured(700))
      .when(capture(100))
      .then(captured(100, 800, { outstanding: 0 }), surplus(100, 800));
  });

  it('each captured amount is owed back once', () => {
    given(order, ...wholeCancelled, captured(600), surplus(600, 600))
      .when(capture(900))
      .then(captured(900, 1500), surplus(900, 1500));
  });

  it('a surplus that finance rejects stays counted: it is not owed again, and the other lines keep their price', () => {
    const rejected = [...firstCancelled, captured(800), surplus(100, 800)];
    given(order, ...rejected)
      .when(capture(50))
      .then(captured(50, 850, { outstanding: 0 }), surplus(50, 850));
    expect(decided({ ...cancel([2]), whole: true }, ...rejected)).toMatchObject([{ type: 'OrderCancelled', data: { refund: 700 } }]);
  });
});

describe('a payment captured before its order is known (ORD-01)', () => {
  const { type: _type, ...said } = capture(1500);
  const waits: OrderEvent = { type: 'CaptureAwaitsOrder', data: said };
  const { promisedDispatchBy: _promise, processedUntil: _window, concerns: _concerns, ...fields } = accepted.data;
  const place = (paid: number) => ({ type: 'PlaceOrder', ...fields, payment: { ...payment, captured: paid } }) as const;

  it('the capture is kept once and recorded when the order is placed', () => {
    given(order).when(capture(1500)).then(waits);
    given(order, waits).when(capture(1500)).thenNothing();
    expect(decided(place(0), waits)).toMatchObject([{ type: 'OrderPlaced' }, captured(1500)]);
    given(order, waits, unpaid, captured(1500)).when(capture(1500)).thenNothing();
  });

  it('a capture that does not fit its order becomes the event CaptureRefused', () => {
    const [, refused] = decided(place(1500), waits);
    expect(refused).toMatchObject({ type: 'CaptureRefused', data: { captureId: 'capture-of-1500', amount: 1500 } });
    expect(contractFaults(waits, refused as OrderEvent)).toEqual([]);
  });
});

describe('several payments of one order (ORD-01)', () => {
  it('the payments count together: a fully paid order has no concern, and a cancellation refunds all of them', () => {
    const { type: _type, data } = paidBy({ payment: voucherAndCard[1], payments: voucherAndCard });
    const { promisedDispatchBy: _promise, processedUntil: _window, concerns: _concerns, ...fields } = data as typeof accepted.data;
    expect(decided({ type: 'PlaceOrder', ...fields })).toMatchObject([{ data: { concerns: [], payments: voucherAndCard } }]);
    const [cancelled] = decided(cancel([1, 2]), paidBy({ payment: voucherAndCard[1], payments: voucherAndCard }));
    expect(cancelled).toMatchObject({ type: 'OrderCancelled', data: { refund: 1500, payments: voucherAndCard } });
  });
});
