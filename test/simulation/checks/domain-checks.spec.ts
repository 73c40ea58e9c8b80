import type { RecordedEvent } from '@orderloom/event-sourcing';
import { checkDomain } from './domain-checks.js';

const line = { line: 1, sku: 'SKU-1', quantity: 2, unitPrice: 500 };
const event = (stream: string, type: string, data: object = {}): RecordedEvent =>
  ({ stream, subject: 'W-1', type, version: 1, data: { orderNumber: 'W-1', ...data } }) as unknown as RecordedEvent;
const payment = { method: 'card', captured: 1000, reference: 'pay-1' };
const placed = event('order-W-1', 'OrderPlaced', { payment });
const dispatched = event('order-W-1', 'OrderDispatched');
const captured = event('refunds-W-1', 'PaymentCaptured', payment);
const voucher = event('refunds-W-1', 'PaymentCaptured', { method: 'voucher', captured: 500, reference: 'gift-1' });
const cancelledFor = (refund: number) => event('order-W-1', 'OrderCancelled', { refund, agreedLoss: 0 });
const ship = (trackingNumber: string) => event('shipment-W-1', 'ParcelShipped', { trackingNumber });
const delivery = (shipped: string, trackingNumber: string, at = '2010-12-03') => [
  ship(shipped),
  event('shipment-W-1', 'ParcelDelivered', { trackingNumber, at }),
  event('shipment-W-1', 'ShipmentDelivered', { at }),
];
const requested = (refundId: string, amount: number) => event('refunds-W-1', 'RefundRequested', { refundId, amount, reference: 'pay-1' });

const ofReship = { orderNumber: 'W-1-R1' };
const reship = { caseId: 'case-1', originalOrder: 'W-1', gifts: [2] };
const reshipped = [
  event('order-W-1-R1', 'OrderPlaced', {
    ...ofReship,
    reship,
    payment: { ...payment, captured: 0 },
    lines: [line, { line: 2, sku: 'GIFT', quantity: 1 }],
  }),
];
const claimed = event('purchase-W-1', 'UnitsClaimed', { caseId: 'case-1', lines: [line] });
const settled = event('purchase-W-1', 'UnitsSettled', { caseId: 'case-1', lines: [{ line: 1, quantity: 1 }], refund: 500 });

const faultsOf = (
  events: readonly RecordedEvent[],
  known: {
    paid?: readonly [string, number][];
    takenBack?: readonly string[];
    paidLate?: readonly string[];
    acknowledged?: readonly string[];
    orders?: readonly string[];
  } = {},
) =>
  checkDomain(new Map([['all', events]]), {
    storefront: {
      placed: new Map((known.orders ?? ['W-1']).map((orderNumber) => [orderNumber, { orderNumber, lines: [line], total: 1000 }])),
    },
    provider: {
      paid: new Map((known.paid ?? []).map(([key, amount]) => [key, { orderNumber: 'W-1', amount }])),
      takenBack: new Set(known.takenBack),
      paidLate: new Set(known.paidLate),
    },
    desk: { acknowledged: new Map((known.acknowledged ?? []).map((id) => [id, 'W-1'])) },
  }).map(({ invariant }) => invariant);

describe('the checks of business rules', () => {
  it('a shipped order with refunds up to the paid amount has no violation', () => {
    const refunded = [captured, requested('r1', 600), event('refunds-W-1', 'RefundRejected', { refundId: 'r1' }), requested('r2', 1000)];
    const paid = event('refunds-W-1', 'RefundPaid', { refundId: 'r2' });
    expect(faultsOf([placed, dispatched, ...refunded, paid], { paid: [['r2', 1000]], acknowledged: ['r1'] })).toEqual([]);
  });

  it('a returned payment that is filed again, and a late payment told to finance, are no violations (REF-05)', () => {
    const back = event('payouts-finance-refund-1', 'PayoutCameBack', { providerReference: 'psp-r1' });
    const bounced = [requested('r1', 1000), back, event('refunds-W-1', 'RefundBounced', { refundId: 'r1' }), requested('r2', 1000)];
    const byBank = event('refunds-W-1', 'RefundPaid', { refundId: 'r2', amount: 1000, providerReference: 'bank-1' });
    expect(faultsOf([placed, dispatched, captured, ...bounced, byBank], { takenBack: ['r1'] })).toEqual([]);
    const late = [
      event('payouts-finance-refund-2', 'PayoutCameLate', { providerReference: 'psp-r2' }),
      event('refunds-W-1', 'LatePayoutReported', { refundId: 'r2', providerReference: 'psp-r2' }),
    ];
    expect(
      faultsOf([placed, dispatched, captured, requested('r2', 1000), byBank, ...late], { paid: [['r2', 1000]], paidLate: ['r2'] }),
    ).toEqual([]);
  });

  it.each<[string, string, RecordedEvent[], Parameters<typeof faultsOf>[1]]>([
    ['an order that nobody knows', 'I11', [placed, dispatched], { orders: ['W-1', 'W-2'] }],
    ['an order that neither ships nor is cancelled', 'I6', [placed], {}],
    ['an order that is cancelled and ships', 'cancel xor ship', [placed, cancelledFor(1000), event('shipment-W-1', 'ParcelShipped')], {}],
    ['more applied for than captured', 'I5', [placed, dispatched, captured, requested('r1', 600), requested('r2', 401)], {}],
    ['more applied for of one payment than was captured of it', 'I5', [placed, dispatched, captured, voucher, requested('r1', 1001)], {}],
    [
      'what came in for cancelled goods and is kept',
      'kept for cancelled goods',
      [placed, cancelledFor(1000), event('order-W-1', 'CaptureRecorded', { amount: 500 })],
      {},
    ],
    ['more paid back than captured', 'I5', [placed, dispatched, captured], { paid: [['r1', 1001]] }],
    ['a refund that was not paid', 'I5', [placed, dispatched, captured, event('refunds-W-1', 'RefundPaid', { refundId: 'r1' })], {}],
    [
      'more paid by the provider and by bank together than captured',
      'I5',
      [placed, dispatched, captured, event('refunds-W-1', 'RefundPaid', { refundId: 'r2', amount: 600, providerReference: 'bank-1' })],
      { paid: [['r1', 500]] },
    ],
    [
      'what is captured for goods that had come back, and kept',
      'kept for returned goods',
      [
        ...[placed, dispatched, captured],
        event('purchase-W-1', 'PurchaseLearned', {
          lines: [line],
          shipping: 0,
          charges: [],
          currency: 'GBP',
          payment: { ...payment, captured: 0 },
        }),
        event('purchase-W-1', 'UnitsClaimed', { caseId: 'c', lines: [line] }),
        event('purchase-W-1', 'UnitsSettled', { caseId: 'c', lines: [line], refund: 0 }),
        event('purchase-W-1', 'PurchaseCaptured', payment),
      ],
      {},
    ],
    ['a payment that came back, and nobody noticed', 'paid or not', [placed, dispatched, captured], { takenBack: ['r1'] }],
    ['a late payment that nobody noticed', 'paid or not', [placed, dispatched, captured], { paidLate: ['r1'] }],
    [
      'a refund that came back, was paid otherwise, and whose sum was filed anew',
      'I5',
      [
        ...[placed, dispatched, captured, requested('r1', 1000), event('refunds-W-1', 'RefundBounced', { refundId: 'r1' })],
        event('refunds-W-1', 'RefundPaid', { refundId: 'r1', amount: 1, providerReference: 'bank-1', flow: 'bounced-refund-1' }),
        requested('r2', 1),
      ],
      {},
    ],
    ['an acknowledged refund that is gone', 'I1', [placed, dispatched], { acknowledged: ['r1'] }],
    [
      'a second change while one is open',
      'one open change',
      [placed, dispatched, ...['a', 'b'].map((changeId) => event('order-W-1', 'CancellationRequested', { changeId }))],
      {},
    ],
    ['an address that changed without its label', 'address', [placed, dispatched, event('order-W-1', 'AddressChanged', { flow: 'f' })], {}],
    [
      'two amounts for one cancelled order',
      'said as decided',
      [placed, cancelledFor(1000), event('flow-cancel-order-1', 'CustomerTold', { template: 'order-cancelled', fields: { refund: 0 } })],
      {},
    ],
    [
      'a cancelled order that is said to go on',
      'said as decided',
      [placed, cancelledFor(1000), event('order-W-1', 'CancellationRefused')],
      {},
    ],
    [
      'a cancelled unit that ships all the same',
      'cancelled line shipped',
      [
        placed,
        dispatched,
        event('order-W-1', 'OrderLinesCancelled', { lines: [{ line: 1, quantity: 1 }] }),
        event('shipment-W-1', 'ShipmentPrepared', { lines: [line] }),
        event('shipment-W-1', 'ParcelShipped'),
      ],
      {},
    ],
    ['a delivery of what never shipped', 'delivered is all delivered', [placed, dispatched, ...delivery('A', 'B').slice(0, 2)], {}],
    [
      'a delivery of all while a parcel is on its way',
      'delivered is all delivered',
      [placed, dispatched, ship('B'), ...delivery('A', 'A')],
      {},
    ],
    [
      'a parcel of two orders that is delivered for one',
      'delivered is all delivered',
      [placed, dispatched, ...delivery('A', 'A'), event('shipment-W-2', 'ParcelShipped', { trackingNumber: 'A' })],
      {},
    ],
    ['a delivery of all that nobody speaks of', 'delivered is all delivered', [placed, dispatched, ...delivery('A', 'A').slice(0, 2)], {}],
    ['a short pick that ships all the same', 'short pick', [placed, dispatched, event('shipment-W-1', 'PickedShort'), ship('A')], {}],
    [
      'a unit that comes back twice',
      'returned once',
      [placed, dispatched, ...[1, 2].map((quantity) => event('purchase-W-1', 'UnitsSettled', { lines: [{ line: 1, quantity }] }))],
      {},
    ],
    [
      'a unit that is given back to the customer, though its refund was not rejected',
      'returned once',
      [
        ...[
          placed,
          dispatched,
          captured,
          event('refunds-W-1', 'RefundRequested', { refundId: 'r1', amount: 500, reference: 'pay-1', caseId: 'c' }),
        ],
        ...['UnitsSettled', 'UnitsRestored'].map((type) => event('purchase-W-1', type, { caseId: 'c', lines: [{ line: 1, quantity: 1 }] })),
      ],
      {},
    ],
    [
      'a unit that is refunded and goes out again',
      'refunded and re-shipped',
      [placed, dispatched, ...reshipped, event('order-W-1-R1', 'OrderDispatched', ofReship), claimed, settled],
      {},
    ],
    [
      'a claim at a re-ship, which cost nothing',
      'refunded and re-shipped',
      [
        placed,
        dispatched,
        ...reshipped,
        event('order-W-1-R1', 'OrderCancelled', { ...ofReship, refund: 0, agreedLoss: 0 }),
        event('purchase-W-1-R1', 'UnitsClaimed', { ...ofReship, lines: [line] }),
      ],
      {},
    ],
    [
      'a gift that goes out alone',
      'gifts go with goods',
      [
        ...[placed, dispatched, ...reshipped, event('order-W-1-R1', 'OrderDispatched', ofReship)],
        event('order-W-1-R1', 'OrderLinesCancelled', { ...ofReship, lines: [{ line: 1, quantity: 2 }] }),
      ],
      {},
    ],
  ])('violation %s', (_, invariant, events, known) => {
    expect(faultsOf(events, known)).toEqual([invariant]);
  });

  it('a partial refund beside a re-ship of the rest is no violation', () => {
    const reduced = event('order-W-1-R1', 'OrderLinesCancelled', { ...ofReship, lines: [{ line: 1, quantity: 1 }] });
    const left = event('order-W-1-R1', 'OrderDispatched', ofReship);
    expect(faultsOf([placed, dispatched, ...reshipped, reduced, left, claimed, settled])).toEqual([]);
  });

  it('a shipment without the cancelled units is no violation', () => {
    const cancelled = event('order-W-1', 'OrderLinesCancelled', { lines: [{ line: 1, quantity: 1 }] });
    const amended = event('shipment-W-1', 'ShipmentAmended', { remaining: [{ ...line, quantity: 1 }] });
    const parcel = [event('shipment-W-1', 'ShipmentPrepared', { lines: [line] }), amended, event('shipment-W-1', 'ParcelShipped')];
    expect(faultsOf([placed, dispatched, cancelled, ...parcel])).toEqual([]);
  });

  it('an order delivered with its last parcel, and again with a later one, is no violation', () => {
    const later = delivery('B', 'B', '2010-12-05');
    expect(faultsOf([placed, dispatched, ...delivery('A', 'A'), ...later])).toEqual([]);
    expect(faultsOf([placed, dispatched, ...delivery('A', 'A'), ship('B')])).toEqual([]);
    const corrected = event('shipment-W-1', 'ParcelRenumbered', { trackingNumber: 'A', replaces: 'B' });
    expect(faultsOf([placed, dispatched, ship('B'), corrected, ...delivery('A', 'A').slice(1)])).toEqual([]);
    expect(faultsOf([placed, dispatched, ship('B'), ...delivery('A', 'A'), corrected])).toEqual(['delivered is all delivered']);
  });

  it('units restored after a rejected refund may be returned once more', () => {
    const lines = [{ line: 1, quantity: 2 }];
    const first = { refundId: 'r1', amount: 1000, caseId: 'c' };
    const over = event('refunds-W-1', 'RefundApplicationSettled', { refundId: 'r1', paid: 0, rejected: 1000, caseId: 'c' });
    const rejected = [event('refunds-W-1', 'RefundRequested', first), event('refunds-W-1', 'RefundRejected', { refundId: 'r1' }), over];
    const back = ['UnitsSettled', 'UnitsRestored'].map((type) => event('purchase-W-1', type, { caseId: 'c', lines }));
    const again = event('purchase-W-1', 'UnitsSettled', { caseId: 'd', lines });
    expect(faultsOf([placed, dispatched, captured, ...rejected, ...back, again])).toEqual([]);
    expect(faultsOf([placed, dispatched, captured, ...rejected, ...back, again, { ...again, data: { caseId: 'e', lines } }])).toEqual([
      'returned once',
    ]);
  });

  it('a change may begin when the previous one has ended', () => {
    const change = (type: string, changeId: string) => event('order-W-1', type, { changeId });
    const changes = [change('CancellationRequested', 'a'), change('CancellationRefused', 'a'), change('AddressChangeRequested', 'b')];
    expect(faultsOf([placed, dispatched, ...changes])).toEqual([]);
  });

  it('units that stay refunded after a final rejection, or restored after a payment, are a violation (REF-05)', () => {
    const ofCase = { caseId: 'case-1', refundId: 'r1', refund: 500, lines: [{ line: 1, quantity: 1 }] };
    const comesTo = (paid: number) => event('refunds-W-1', 'RefundApplicationSettled', { refundId: 'r1', caseId: 'case-1', paid });
    const before = [placed, dispatched, settled, event('purchase-W-1', 'CaseRefundFiled', ofCase), comesTo(500), comesTo(0)];
    const restored = event('purchase-W-1', 'UnitsRestored', ofCase);
    expect(faultsOf(before)).toEqual(['counts as paid']);
    expect(faultsOf([...before, restored])).toEqual([]);
    expect(faultsOf([...before, restored, comesTo(500)])).toEqual(['counts as paid']);
    expect(faultsOf([...before, restored, comesTo(500), event('purchase-W-1', 'UnitsSettled', ofCase)])).toEqual([]);
  });
});
