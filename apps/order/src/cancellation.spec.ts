import { given } from '@orderloom/event-sourcing';
import { order } from './order.js';
import type { OrderEvent } from './order-facts.js';
import { accepted, contractFaults, orderNumber, placed } from './order.fixture.js';

const { lines, payment, currency } = placed;
const { promisedDispatchBy } = accepted.data;
const change = { orderNumber, changeId: 'change-1' };
const flow = 'cancel-order-1';
const reason = 'ordered twice';
const ask = { type: 'RequestCancellation', ...change, reason } as const;
const cancel = { type: 'CancelOrder', ...change, whole: false, agreedLoss: 0, reason, flow } as const;
const some = (line: number, quantity: number) => [{ line, quantity }];

/** Half of line 1, worth 500 of 1,500: a third of the 1,200 that were paid for goods. */
const half = some(1, 5);
const rest = lines.map((l) => (l.line === 1 ? { ...l, quantity: 5 } : l));
const goods = (amount: number) => (amount > 0 ? [{ kind: 'goods' as const, amount }] : []);
const halfCancelled = (refund = 400, agreedLoss = 0): OrderEvent => ({
  type: 'OrderLinesCancelled',
  data: { ...change, lines: half, remaining: rest, refund, parts: goods(refund), agreedLoss, currency, reason, flow },
});
const releasedWithout = (by: string): OrderEvent => ({
  type: 'OrderReleased',
  data: { orderNumber, lines: rest, address: accepted.data.address, amendedBy: [by] },
});
/** With the last goods go the 300 that the shipping cost, as a part of their own (REF-01). */
const cancelledFor = (refund: number, agreedLoss = 0, freight = Math.min(refund, 300)): OrderEvent => ({
  type: 'OrderCancelled',
  data: {
    ...{ ...change, refund, agreedLoss, currency, reason, flow },
    parts: [...goods(refund - freight), ...(freight > 0 ? [{ kind: 'freight' as const, amount: freight }] : [])],
  },
});

describe('the refund of a cancellation (ORD-12, ORD-13)', () => {
  it('a cancelled order refunds everything: goods and shipping, less the discount', () => {
    given(order, accepted)
      .when(ask)
      .then({
        type: 'CancellationRequested',
        data: { ...change, reason, whole: true, lines, paid: 1500, payment, currency, promisedDispatchBy },
      });
    given(order, accepted)
      .when({ ...cancel, whole: true, lines: [] })
      .then(cancelledFor(1500));
  });

  it('a cancellation names its requester only if a person asked, not the storefront or a flow (REF-02)', () => {
    const requested = {
      type: 'CancellationRequested',
      data: { ...change, reason, whole: true, lines, paid: 1500, payment, currency, promisedDispatchBy },
    } as const;
    given(order, accepted)
      .when(ask, { by: 'service:anna' })
      .then({ ...requested, data: { ...requested.data, requestedBy: 'service:anna' } });
    for (const by of ['storefront:main', 'flow:x', '/shop']) given(order, accepted).when(ask, { by }).then(requested);
  });

  it('cancelled lines refund their share by value: the discount is shared, the shipping is not refunded', () => {
    const asked = { whole: false, lines: [{ ...lines[0], quantity: 5 }], paid: 400 } as never;
    given(order, accepted)
      .when({ ...ask, lines: half })
      .then({
        type: 'CancellationRequested',
        data: { ...change, reason, payment, currency, promisedDispatchBy, ...(asked as object) },
      } as OrderEvent);
    given(order, accepted)
      .when({ ...cancel, lines: half })
      .then(halfCancelled());
  });

  it('a discount equal to the shipping does not reduce the refund of goods', () => {
    const charges = [
      { kind: 'shipping', amount: 495 },
      { kind: 'discount', amount: -495 },
    ] as const;
    const two = [{ line: 1, sku: 'A', quantity: 2, unitPrice: 500 }];
    const paid = { ...payment, captured: 1000 };
    given(order, { ...accepted, data: { ...accepted.data, lines: two, charges, total: 1000, payment: paid } })
      .when({ ...cancel, lines: some(1, 1) })
      .then({
        type: 'OrderLinesCancelled',
        data: {
          ...{ ...change, lines: some(1, 1), remaining: [{ ...two[0], quantity: 1 }] as typeof two },
          ...{ refund: 500, parts: goods(500), agreedLoss: 0, currency, reason, flow },
        },
      });
  });

  it('a partly captured order keeps the amount of the lines that stay', () => {
    const paid = { ...payment, captured: 1300 };
    given(order, { ...accepted, data: { ...accepted.data, payment: paid } })
      .when({ ...cancel, lines: half })
      .then(halfCancelled(200));
    given(order, { ...accepted, data: { ...accepted.data, payment: { ...payment, captured: 0 } } })
      .when({ ...cancel, lines: half })
      .then(halfCancelled(0));
  });

  it('the last lines refund exactly the rest, however earlier refunds were shared', () => {
    given(order, accepted, halfCancelled())
      .when({ ...cancel, whole: true, lines: [] })
      .then(cancelledFor(1100));
    given(order, accepted, halfCancelled(333))
      .when({ ...cancel, whole: true, lines: [] })
      .then(cancelledFor(1167));
    const remaining = [...some(1, 5), ...some(2, 5)];
    given(order, accepted, halfCancelled())
      .when({ ...cancel, lines: remaining })
      .then(cancelledFor(1100));
  });

  it('an agreed loss is deducted from the refund', () => {
    given(order, accepted)
      .when({ ...cancel, whole: true, lines: [], agreedLoss: 200 })
      .then(cancelledFor(1300, 200));
  });

  it('an agreed loss is deducted from the goods first, then from the shipping', () => {
    given(order, accepted)
      .when({ ...cancel, whole: true, lines: [], agreedLoss: 1300 })
      .then(cancelledFor(200, 1300, 200));
  });

  it('a later cancellation does not refund a loss that was agreed before', () => {
    given(order, accepted, halfCancelled(300, 100))
      .when({ ...cancel, whole: true, lines: [] })
      .then(cancelledFor(1100));
  });

  it('a loss above the refund leaves a refund of zero', () => {
    given(order, accepted)
      .when({ ...cancel, whole: true, lines: [], agreedLoss: 9999 })
      .then(cancelledFor(0, 1500));
  });
});

describe('the cancellation of lines', () => {
  it('only the units that are left are cancelled, whatever quantity is asked for', () => {
    given(order, accepted, halfCancelled())
      .when({ ...cancel, lines: some(1, 10) })
      .then({
        type: 'OrderLinesCancelled',
        data: {
          ...change,
          lines: some(1, 5),
          remaining: rest.slice(1),
          refund: 400,
          parts: goods(400),
          agreedLoss: 0,
          currency,
          reason,
          flow,
        },
      });
    given(order, accepted, halfCancelled())
      .when({ ...cancel, lines: some(9, 1) })
      .then({
        type: 'OrderLinesCancelled',
        data: { ...change, lines: [], remaining: rest, refund: 0, parts: [], agreedLoss: 0, currency, reason, flow },
      });
  });

  it('a cancellation of all lines cancels the order', () => {
    given(order, accepted)
      .when({ ...cancel, lines: lines.map(({ line, quantity }) => ({ line, quantity })) })
      .then(cancelledFor(1500));
  });

  it('a cancelled order is not cancelled again', () => {
    given(order, accepted, cancelledFor(1500))
      .when({ ...cancel, whole: true, lines: [] })
      .thenNothing();
  });

  it('a released order names the flows that cancelled lines before, so that logistics does not remove them twice (ORD-13)', () => {
    given(order, accepted, { type: 'OrderApproved', data: { orderNumber } }, halfCancelled())
      .when({ type: 'ReleaseOrder', orderNumber })
      .then(releasedWithout(flow));
  });

  it('the events of a cancellation satisfy their contracts', () => {
    expect(contractFaults(halfCancelled(), cancelledFor(1500), releasedWithout(flow))).toEqual([]);
  });
});
