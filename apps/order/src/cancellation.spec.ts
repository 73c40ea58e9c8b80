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

describe('what was paid for cancelled goods (ORD-12, ORD-13)', () => {
  it('is everything for the whole order: goods, shipping, less the discount', () => {
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

  it('is asked for by a person where one does, not by a storefront or a flow, which ask for somebody else (REF-02)', () => {
    const requested = {
      type: 'CancellationRequested',
      data: { ...change, reason, whole: true, lines, paid: 1500, payment, currency, promisedDispatchBy },
    } as const;
    given(order, accepted)
      .when(ask, { by: 'service:anna' })
      .then({ ...requested, data: { ...requested.data, requestedBy: 'service:anna' } });
    for (const by of ['storefront:main', 'flow:x', '/shop']) given(order, accepted).when(ask, { by }).then(requested);
  });

  it('is the share of some goods by value: the discount is shared, shipping stays with what still goes', () => {
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

  it('is not reduced by a discount that is exactly the shipping', () => {
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

  it('leaves what stays paid for where not all was captured', () => {
    const paid = { ...payment, captured: 1300 };
    given(order, { ...accepted, data: { ...accepted.data, payment: paid } })
      .when({ ...cancel, lines: half })
      .then(halfCancelled(200));
    given(order, { ...accepted, data: { ...accepted.data, payment: { ...payment, captured: 0 } } })
      .when({ ...cancel, lines: half })
      .then(halfCancelled(0));
  });

  it('is exactly what is left for the last goods, however it was shared before', () => {
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

  it('is less the loss that the customer agreed to bear', () => {
    given(order, accepted)
      .when({ ...cancel, whole: true, lines: [], agreedLoss: 200 })
      .then(cancelledFor(1300, 200));
  });

  it('takes an agreed loss from the goods first, then from the shipping', () => {
    given(order, accepted)
      .when({ ...cancel, whole: true, lines: [], agreedLoss: 1300 })
      .then(cancelledFor(200, 1300, 200));
  });

  it('never pays back later what the customer agreed to bear before', () => {
    given(order, accepted, halfCancelled(300, 100))
      .when({ ...cancel, whole: true, lines: [] })
      .then(cancelledFor(1100));
  });

  it('is not negative where the loss is more', () => {
    given(order, accepted)
      .when({ ...cancel, whole: true, lines: [], agreedLoss: 9999 })
      .then(cancelledFor(0, 1500));
  });
});

describe('cancelling lines', () => {
  it('takes as much as is left of them: others may have been faster', () => {
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

  it('is cancelling the order where nothing remains', () => {
    given(order, accepted)
      .when({ ...cancel, lines: lines.map(({ line, quantity }) => ({ line, quantity })) })
      .then(cancelledFor(1500));
  });

  it('is not done twice: what is cancelled stays so', () => {
    given(order, accepted, cancelledFor(1500))
      .when({ ...cancel, whole: true, lines: [] })
      .thenNothing();
  });

  it('is named when the order is released without it, so that logistics does not take it out twice (ORD-13)', () => {
    given(order, accepted, { type: 'OrderApproved', data: { orderNumber } }, halfCancelled())
      .when({ type: 'ReleaseOrder', orderNumber })
      .then(releasedWithout(flow));
  });

  it('is told as its contract says', () => {
    expect(contractFaults(halfCancelled(), cancelledFor(1500), releasedWithout(flow))).toEqual([]);
  });
});
