import { given } from '@orderloom/event-sourcing';
import { InvalidInput } from '@orderloom/kernel';
import { order } from '../order.js';
import type { OrderEvent } from '../order-facts.js';
import { accepted, changeClosed, contractFaults, orderNumber, placed } from '../order.fixture.js';
import type { ProductRow } from './products.view.js';

const { lines, payment, currency } = placed;
const { promisedDispatchBy } = accepted.data;
const flow = 'change-product-1';
const change = { orderNumber, changeId: 'change-1' };
const [first, second] = lines as unknown as [(typeof lines)[0], (typeof lines)[0]];

const row = (sku: string, price: number, more: object = {}): ProductRow => ({
  ...{ storefront: 'main', sku, name: `LANTERN ${sku}`, category: 'lanterns', price, currency, stock: 'in-stock' },
  ...{ listedAt: '2010-12-01T08:00:00.000000Z', shelf: 'main/lanterns' },
  ...more,
});
const offered = (sku: string, unitPrice: number) => ({ sku, description: `LANTERN ${sku}`, unitPrice });
const wanted = row('A', 130);
const ask = (more: object = {}) =>
  ({ type: 'RequestProductChange', ...change, line: 1, sku: 'A', product: wanted, category: [wanted], ...more }) as never;
const asked = (more: object = {}): OrderEvent => ({
  type: 'ProductChangeRequested',
  data: { ...change, line: first, wanted: offered('A', 130), similar: [], currency, payment, promisedDispatchBy, ...more },
});
const replace = (unitPrice: number, more: object = {}) =>
  ({ type: 'ReplaceOrderLines', ...change, line: 1, quantity: 10, product: { sku: 'A', unitPrice }, flow, ...more }) as never;
const requested: OrderEvent = {
  type: 'DifferenceRequested',
  data: { ...change, reference: 'change-1-1', amount: 300, currency, flow },
};
const pay = (amount: number, more: object = {}) =>
  ({
    ...{ type: 'RecordCapture', orderNumber, captureId: `c-${amount}`, reference: 'change-1-1', method: 'card', amount, currency },
    ...{ capturedAt: '2010-12-01T10:00:00.000000Z', ...more },
  }) as never;
const paid: OrderEvent = {
  type: 'CaptureRecorded',
  data: {
    ...{ orderNumber, captureId: 'c-300', reference: 'change-1-1', method: 'card', amount: 300, captured: 300, outstanding: 0 },
    ...{ currency, capturedAt: '2010-12-01T10:00:00.000000Z' },
  },
};
const both = [payment, { method: 'card', captured: 300, reference: 'change-1-1' }];
const now = '2010-12-01T10:00:00.000000Z';
const decided = (command: object, ...events: OrderEvent[]): readonly OrderEvent[] =>
  order.decide({ ...command, now, by: 'x' } as never, events.reduce(order.evolve, order.initial));
const replaced = (events: readonly OrderEvent[]) => events.find((e) => e.type === 'OrderLinesReplaced')?.data;
const whole = { type: 'CancelOrder', ...change, whole: true, lines: [], agreedLoss: 0, reason: 'ordered twice', flow: 'cancel-order-1' };

describe('a request for another product (ORD-20)', () => {
  it('the request records the units and both products at current catalogue prices', () => {
    given(order, accepted).when(ask()).then(asked());
    given(order, accepted)
      .when(ask({ quantity: 4 }))
      .then(asked({ line: { ...first, quantity: 4 } }));
    expect(contractFaults(asked())).toEqual([]);
  });

  it('products of the same category in stock are recommended, nearest price first (ORD-21)', () => {
    const others = [
      row('D', 500),
      row('B', 120),
      row('C', 131),
      row('X', 130, { stock: 'out-of-stock' }),
      row('Y', 130, { currency: 'EUR' }),
    ];
    given(order, accepted)
      .when(ask({ category: [wanted, ...others, row('85123A', 130)] }))
      .then(asked({ similar: [offered('C', 131), offered('B', 120), offered('D', 500)] }));
  });

  it.each([
    ['line', { line: 9 }],
    ['quantity', { quantity: 11 }],
    ['quantity', { quantity: 0 }],
    ['sku', { product: null, category: [] }],
    ['sku', { product: row('A', 130, { currency: 'EUR' }) }],
    ['sku', { product: row('A', 130, { stock: 'discontinued' }) }],
    ['sku', { sku: first.sku, product: row(first.sku, 130) }],
  ])('a wrong %s is refused: %j', (field, more) => {
    const refusal = () => decided(ask(more), accepted);
    expect(refusal).toThrow(InvalidInput);
    try {
      refusal();
    } catch (error) {
      expect((error as InvalidInput).errors).toMatchObject([{ field }]);
    }
  });

  it('the request is refused while another change is open, and for a cancelled order (ORD-03)', () => {
    given(order, accepted, asked())
      .when(ask({ changeId: 'change-2' }))
      .thenRefused('change-already-open');
    given(order, accepted, ...decided(whole, accepted))
      .when(ask())
      .thenRefused('order-cancelled');
  });

  it('a cancellation is queued behind the change of product and starts when that is closed (ORD-14)', () => {
    const queue = decided({ type: 'RequestCancellation', orderNumber, changeId: 'change-2', reason: 'ordered twice' }, accepted, asked());
    expect(queue).toMatchObject([{ type: 'CancellationQueued', data: { behind: 'change-1' } }]);
    const closed = decided({ type: 'CloseProductChange', ...change, changed: false, reason: 'x', flow }, accepted, asked(), ...queue);
    expect(closed.map(({ type }) => type)).toEqual(['ProductChangeClosed', 'ChangeClosed', 'CancellationRequested']);
  });
});

describe('the replacement of lines (ORD-23)', () => {
  it('a product of the same price changes nothing but the line', () => {
    const [event] = decided(replace(100), accepted, asked());
    expect(event).toMatchObject({
      data: {
        ...{ removed: [{ line: 1, quantity: 10 }], added: [{ line: 3, sku: 'A', quantity: 10, unitPrice: 100 }], difference: 0, refund: 0 },
        remaining: [second, { line: 3, sku: 'A', quantity: 10, unitPrice: 100 }],
      },
    });
    expect(contractFaults(event as OrderEvent)).toEqual([]);
  });

  it('dispatch is promised within three working days, never earlier than before', () => {
    // Wednesday the 1st + 3 working days
    expect(replaced(decided(replace(100), accepted, asked()))?.promisedDispatchBy).toBe('2010-12-06T10:00:00.000000Z');
    const abroad: OrderEvent = { ...accepted, data: { ...accepted.data, promisedDispatchBy: '2010-12-24T09:00:00.000000Z' } };
    expect(replaced(decided(replace(100), abroad, asked()))?.promisedDispatchBy).toBe('2010-12-24T09:00:00.000000Z');
  });

  it('a dearer product requires its difference to be captured first (ORD-22)', () => {
    given(order, accepted, asked(), requested)
      .when(replace(130))
      .then({ type: 'ProductChangeRefused', data: { ...change, reason: 'not-paid', flow } });
    expect(replaced(decided(replace(130), accepted, asked(), requested, paid))).toMatchObject({
      difference: 300,
      refund: 0,
      payments: both,
    });
  });

  it('a cheaper product refunds the difference, at most what was paid (ORD-22)', () => {
    expect(replaced(decided(replace(70), accepted, asked()))).toMatchObject({ difference: -300, refund: 300 });
    const unpaid: OrderEvent = { ...accepted, data: { ...accepted.data, payment: { ...payment, captured: 0 } } };
    expect(replaced(decided(replace(70), unpaid, asked()))).toMatchObject({ difference: -300, refund: 0 });
    const half: OrderEvent = { ...accepted, data: { ...accepted.data, payment: { ...payment, captured: 1300 } } };
    expect(replaced(decided(replace(70), half, asked()))).toMatchObject({ difference: -300, refund: 100 });
  });

  it('the refund is at most the price of the old units after the discount', () => {
    // 1,000 of goods bear 200 of the discount
    expect(replaced(decided(replace(0), accepted, asked()))).toMatchObject({ difference: -800, refund: 800 });
  });

  it('a replacement of units that were cancelled meanwhile is refused', () => {
    const reduced = decided({ ...whole, changeId: 'not-to-be-had', whole: false, lines: [{ line: 1, quantity: 1 }] }, accepted, asked());
    given(order, accepted, asked(), ...reduced)
      .when(replace(100))
      .then({ type: 'ProductChangeRefused', data: { ...change, reason: 'lines-cancelled', flow } });
  });
});

describe('the amounts of an order after a change of product', () => {
  const closing = { type: 'CloseProductChange', ...change, changed: true, flow };
  const history = (unitPrice: number, ...before: OrderEvent[]): OrderEvent[] => {
    const events = [accepted, ...before];
    const done = decided(replace(unitPrice), ...events);
    return [...events, ...done, ...decided(closing, ...events, ...done)];
  };
  const refundOfRest = (events: OrderEvent[]) =>
    decided({ ...whole, changeId: 'change-2' }, ...events).map(({ data }) => (data as { refund: number }).refund);

  it('a cancellation refunds what was captured, differences included, less what was refunded', () => {
    expect(refundOfRest(history(100, asked()))).toEqual([1500]);
    expect(refundOfRest(history(130, asked(), requested, paid))).toEqual([1800]);
    expect(refundOfRest(history(70, asked()))).toEqual([1200]);
  });

  it('the other lines keep their price', () => {
    const line2 = { ...whole, changeId: 'change-2', whole: false, lines: [{ line: 2, quantity: 5 }] };
    // 500 of goods bear 100 of the discount, before the change and after it
    expect(decided(line2, ...history(130, asked(), requested, paid))).toMatchObject([{ data: { refund: 400 } }]);
  });

  it('the amounts are exact after an earlier cancellation of another line', () => {
    const line2 = decided({ ...whole, changeId: 'c-0', whole: false, lines: [{ line: 2, quantity: 5 }] }, accepted);
    const events = history(130, ...line2, asked(), requested, paid);
    expect(events.map(({ type }) => type)).not.toContain('SurplusCaptured');
    expect(refundOfRest(events)).toEqual([1400]);
  });

  it('the original order received again is still recognised as the same order (ORD-01)', () => {
    given(order, ...history(100, asked()))
      .when({ type: 'PlaceOrder', ...placed })
      .thenNothing();
  });
});

describe('the payment of a difference (ORD-22)', () => {
  const open = [accepted, asked(), requested];

  it('the payment counts as captured for the order and is recorded with the change', () => {
    given(order, ...open)
      .when(pay(300))
      .then(paid);
    given(order, ...open, paid)
      .when(pay(300))
      .thenNothing();
  });

  it.each([
    ['amount', pay(299)],
    ['amount', pay(301)],
    ['currency', pay(300, { currency: 'EUR' })],
    ['amount', pay(300, { reference: 'change-1-2' })],
  ])('a payment with another %s than requested is refused', (field, command) => {
    expect(() => decided(command, ...open)).toThrow(InvalidInput);
    try {
      decided(command, ...open);
    } catch (error) {
      expect((error as InvalidInput).errors).toMatchObject([{ field }]);
    }
  });

  it('a second capture of the same difference is refused', () => {
    expect(() => decided(pay(300, { captureId: 'c-2' }), ...open, paid)).toThrow(/paid already/);
  });

  it('a paid difference is owed back if the change is not made', () => {
    given(order, ...open, paid)
      .when({ type: 'CloseProductChange', ...change, changed: false, reason: 'given-up', flow })
      .then(
        { type: 'ProductChangeClosed', data: { ...change, changed: false, reason: 'given-up', flow } },
        { type: 'SurplusCaptured', data: { orderNumber, reference: 'change-1-1', amount: 300, currency, payment, payments: both } },
        changeClosed([]),
      );
  });

  it('a payment that comes too late, or for an earlier product, is owed back', () => {
    const late = decided({ type: 'CloseProductChange', ...change, changed: false, reason: 'not-paid', flow }, ...open);
    expect(decided(pay(300), ...open, ...late)).toMatchObject([paid, { type: 'SurplusCaptured', data: { amount: 300 } }]);
    const other: OrderEvent = { type: 'DifferenceRequested', data: { ...change, reference: 'change-1-2', amount: 100, currency, flow } };
    expect(decided(pay(300), ...open, other)).toMatchObject([paid, { type: 'SurplusCaptured', data: { amount: 300 } }]);
  });

  it('a paid difference is refunded with the whole order, never with some of its lines', () => {
    expect(decided({ ...whole, changeId: 'not-to-be-had' }, ...open, paid)).toMatchObject([{ data: { refund: 1800 } }]);
    const unpaid: OrderEvent = { ...accepted, data: { ...accepted.data, payment: { ...payment, captured: 0 } } };
    const line2 = { ...whole, changeId: 'not-to-be-had', whole: false, lines: [{ line: 2, quantity: 5 }] };
    expect(decided(line2, unpaid, asked(), requested, paid)).toMatchObject([{ data: { refund: 0 } }]);
  });
});
