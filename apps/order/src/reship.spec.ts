import { given, givenNow } from '@orderloom/event-sourcing';
import { order } from './order.js';
import type { OrderEvent } from './order-facts.js';
import { accepted, contractFaults, orderNumber, placed } from './order.fixture.js';

const again = '536365-Rcase1';
const goods = [
  { line: 2, sku: '71053', quantity: 2, unitPrice: 0 },
  { line: 3, sku: '22633', quantity: 1, unitPrice: 0 },
];
const gift = { line: 4, sku: 'GIFT', quantity: 1, unitPrice: 0 };
const lines = [...goods, gift];
const { currency } = placed;
const payment = { ...placed.payment, captured: 0 };
const reship = { caseId: 'case-1', originalOrder: orderNumber, flow: 'missing-items-1', gifts: [4] };
const accepts = (more: object = {}): OrderEvent => ({
  type: 'OrderPlaced',
  data: { ...accepted.data, orderNumber: again, lines, charges: [], total: 0, payment, reship, ...more },
});
const approved: OrderEvent = { type: 'OrderApproved', data: { orderNumber: again } };
const released: OrderEvent = { type: 'OrderReleased', data: { orderNumber: again, lines, address: placed.address } };

const change = { orderNumber: again, changeId: 'change-1' };
const flow = 'cancel-order-1';
const reason = 'not to be had';
const of = (line: number, quantity: number) => ({ line, quantity });
const ask = (...units: { line: number; quantity: number }[]) => ({ type: 'RequestCancellation', ...change, reason, lines: units }) as const;
const cancel = (...units: { line: number; quantity: number }[]) =>
  ({ type: 'CancelOrder', ...change, whole: false, agreedLoss: 0, reason, flow, lines: units }) as const;
const requested = (whole: boolean, asked: object[], gifts: object = { gifts: [4] }) => ({
  type: 'CancellationRequested',
  data: {
    ...{ ...change, reason, whole, lines: asked, paid: 0, payment, currency, promisedDispatchBy: accepted.data.promisedDispatchBy },
    reship: { caseId: 'case-1', originalOrder: orderNumber, ...gifts },
  },
});
const cancelled = { type: 'OrderCancelled', data: { ...change, refund: 0, parts: [], agreedLoss: 0, currency, reason, flow } };
const reduced = (rest: object[], ...units: object[]) => ({
  type: 'OrderLinesCancelled',
  data: { ...change, lines: units, remaining: rest, refund: 0, parts: [], agreedLoss: 0, currency, reason, flow },
});

describe('the gift of a re-ship (AFT-15, AFT-34)', () => {
  it('the requested gift line is recorded in the re-ship order', () => {
    const asked = { caseId: 'case-1', reshipNumber: again, lines, gifts: [4], flow: 'missing-items-1' };
    const { storefront, customer, address } = placed;
    const data = { orderNumber, ...asked, storefront, customer, address, currency, payment, at: givenNow };
    given(order, accepted)
      .when({ type: 'RequestReship', orderNumber, ...asked })
      .then({ type: 'ReshipRequested', data });
    expect(contractFaults({ type: 'ReshipRequested', data }, accepts())).toEqual([]);
  });

  it('a request to cancel the last goods cancels the order with its gift', () => {
    given(order, accepts())
      .when(ask(of(2, 2), of(3, 1)))
      .then(requested(true, lines) as OrderEvent);
    given(order, accepts())
      .when(ask(of(2, 2)))
      .then(requested(false, goods.slice(0, 1)) as OrderEvent);
    given(order, accepts({ lines: [goods[0], gift] }))
      .when(ask(of(2, 2)))
      .then(requested(true, [goods[0] as object, gift]) as OrderEvent);
  });

  it('before the release, goods that are unavailable cancel the gift with the last of them', () => {
    given(order, accepts(), approved)
      .when(cancel(of(2, 2), of(3, 1)))
      .then(cancelled as OrderEvent);
    given(order, accepts(), approved)
      .when(cancel(of(2, 2)))
      .then(reduced([goods[1] as object, gift], of(2, 2)) as OrderEvent);
  });

  it('after the release, a cancellation of all goods leaves the gift to a change that holds the order (ORD-10)', () => {
    given(order, accepts(), approved, released)
      .when(cancel(of(2, 2), of(3, 1)))
      .then(reduced([gift], of(2, 2), of(3, 1)) as OrderEvent);
  });

  it('a customer may cancel the gift alone', () => {
    given(order, accepts())
      .when(ask(of(4, 1)))
      .then(requested(false, [gift]) as OrderEvent);
  });

  it('a line without the mark of a gift counts as goods', () => {
    const { gifts: _gifts, ...before } = reship;
    given(order, accepts({ reship: before }))
      .when(ask(of(2, 2), of(3, 1)))
      .then(requested(false, goods, {}) as OrderEvent);
    expect(contractFaults(requested(false, goods) as OrderEvent)).toEqual([]);
  });
});
