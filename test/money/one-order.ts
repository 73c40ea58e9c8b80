import { type Charge, paymentsOf, totalOf } from '@orderloom/contracts';
import { purchase } from '../../apps/after-sales/src/purchase/purchase.js';
import type { PurchaseCommand, PurchaseEvent, PurchaseState } from '../../apps/after-sales/src/purchase/purchase-facts.js';
import type { OrderCommand, OrderEvent, OrderState } from '../../apps/order/src/order-facts.js';
import { order } from '../../apps/order/src/order.js';
import type { Placed } from '../../apps/order/src/order-details.js';
import type { RefundCommand, RefundEvent } from '../../apps/refund/src/refund-facts.js';
import { refunds } from '../../apps/refund/src/refunds.js';
import type { RefundsState } from '../../apps/refund/src/refund-state.js';

export type Random = (below: number) => number;
export type Goods = readonly { readonly line: number; readonly quantity: number }[];
type Input<C> = C extends unknown ? Omit<C, 'now' | 'by' | 'orderNumber'> : never;
type Application = Omit<Extract<RefundCommand, { type: 'RequestRefund' }>, 'now' | 'by' | 'orderNumber' | 'type' | 'refundId'>;
type Of<E, T> = Extract<E, { type: T }>;

const orderNumber = '536365';
const context = { orderNumber, now: '2010-12-08T09:00:00.000000Z', by: 'service:mia' };

/** Park and Miller's generator: the same story in every run. */
export function randoms(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

/**
 * One order in the three services that count its money, each by its decider. Messages between two services keep their order; which
 * pair goes on first is random. Flows are reduced to what they send for each fact.
 */
export class OneOrder {
  order: OrderState = order.initial;
  purchase: PurchaseState = purchase.initial;
  refunds: RefundsState = refunds.initial;
  readonly facts = { order: [] as OrderEvent[], purchase: [] as PurchaseEvent[], refunds: [] as RefundEvent[] };
  private readonly channels = new Map<string, (() => void)[]>();
  private filed = 0;
  /** Cases of which a refund is being filed: their flow does nothing else meanwhile. */
  readonly filing = new Set<string>();

  constructor(
    readonly random: Random,
    readonly placed: Placed,
  ) {
    this.toOrder({ type: 'PlaceOrder', ...placed });
  }

  toOrder(command: Input<OrderCommand>): void {
    const events = order.decide({ ...command, ...context }, this.order);
    this.order = events.reduce(order.evolve, this.order);
    this.facts.order.push(...events);
    for (const event of events) {
      this.send('order to refunds', () => this.refundsHear(event));
      this.send('order to purchase', () => this.purchaseHears(event));
      if (event.type === 'OrderLinesCancelled' || event.type === 'OrderCancelled' || event.type === 'SurplusCaptured')
        this.send('refund commands', () => this.fileForOrder(event));
    }
  }

  toPurchase(command: Input<PurchaseCommand>): void {
    const events = purchase.decide({ ...command, ...context }, this.purchase);
    this.purchase = events.reduce(purchase.evolve, this.purchase);
    this.facts.purchase.push(...events);
    for (const event of events) {
      if (event.type !== 'CaseSurplusCaptured' && !(event.type === 'UnitsSettled' && event.data.refundId === undefined)) continue;
      if (event.type === 'UnitsSettled' && event.data.refund > 0) this.filing.add(event.data.caseId);
      this.send('refund commands', () => this.fileForCase(event));
    }
  }

  toRefunds(command: Input<RefundCommand>): void {
    const events = refunds.decide({ ...command, ...context }, this.refunds);
    this.refunds = events.reduce(refunds.evolve, this.refunds);
    this.facts.refunds.push(...events);
    for (const { type, data } of events)
      if (type === 'RefundApplicationSettled' && data.caseId !== undefined) {
        const { refundId, paid, flow = refundId } = data;
        this.send('refunds to purchase', () => this.toPurchase({ type: 'NoteRefundOutcome', refundId, paid, flow }));
      }
  }

  /** Delivers one message; false where none is left. */
  deliver(): boolean {
    const waiting = [...this.channels.values()].filter((messages) => messages.length > 0);
    waiting[this.random(Math.max(1, waiting.length))]?.shift()?.();
    return waiting.length > 0;
  }

  private send(channel: string, message: () => void): void {
    this.channels.set(channel, [...(this.channels.get(channel) ?? []), message]);
  }

  private refundsHear(event: OrderEvent): void {
    if (event.type !== 'OrderPlaced' && event.type !== 'CaptureRecorded') return;
    const payments = event.type === 'OrderPlaced' ? paymentsOf(event.data) : [event.data];
    this.toRefunds({ type: 'RecordCaptures', currency: event.data.currency, payments });
  }

  private purchaseHears({ type, data }: OrderEvent): void {
    switch (type) {
      case 'OrderPlaced': {
        const shipping = data.charges.reduce((sum, { kind, amount }) => sum + (kind === 'shipping' ? amount : 0), 0);
        return this.toPurchase({ type: 'LearnPurchase', shipping, ...pick(data) });
      }
      case 'CaptureRecorded':
        return this.toPurchase({ type: 'LearnCapture', payment: data });
      case 'OrderLinesCancelled':
        return this.toPurchase({ type: 'ReducePurchase', lines: data.lines, settled: data.refund + data.agreedLoss });
      case 'SurplusCaptured':
        return this.toPurchase({ type: 'ReducePurchase', lines: [], settled: data.amount });
      case 'OrderCancelled':
        return this.toPurchase({ type: 'NoteCancellation' });
      case 'OrderDispatched':
        return this.toPurchase({ type: 'NoteDispatch', at: data.at, trackingNumber: data.trackingNumber });
      default:
        return;
    }
  }

  private fileForOrder({ type, data }: Of<OrderEvent, 'OrderLinesCancelled' | 'OrderCancelled' | 'SurplusCaptured'>): void {
    const amount = type === 'SurplusCaptured' ? data.amount : data.refund;
    const parts = (type !== 'SurplusCaptured' && data.parts) || [{ kind: 'goods', amount }];
    if (amount > 0) this.file({ ...this.paid(data.payments), cause: 'cancelled', amount, parts, flow: 'cancel-order-1' });
  }

  private fileForCase({ type, data }: Of<PurchaseEvent, 'UnitsSettled' | 'CaseSurplusCaptured'>): void {
    const { caseId, payments } = data;
    const isSurplus = type === 'CaseSurplusCaptured';
    const amount = isSurplus ? data.amount : data.refund;
    if (amount === 0) return;
    const flow = isSurplus ? 'refund-case-surplus-1' : data.flow;
    const refundId = this.file({ ...this.paid(payments), caseId, cause: 'returned', amount, parts: [{ kind: 'goods', amount }], flow });
    const surplus = isSurplus ? { surplus: amount } : {};
    this.send('refunds to purchase', () => {
      this.toPurchase({ type: 'NoteRefundFiled', caseId, refundId, flow, ...surplus });
      if (!isSurplus) this.filing.delete(caseId);
    });
  }

  private paid(payments: Application['payments']) {
    const { currency, payment } = this.placed;
    return { currency, payment, ...(payments && { payments }) };
  }

  private file(application: Application): string {
    this.filed += 1;
    const refundId = `refund-${this.filed}`;
    this.toRefunds({ type: 'RequestRefund', refundId, ...application });
    return refundId;
  }
}

const pick = ({ lines, charges, currency, payment, payments }: Placed) => ({
  ...{ lines, charges, currency, payment },
  ...(payments && { payments }),
});

/** An order of one to three lines in a currency of any digits, with charges, of which nothing, a part or all is captured. */
export function anyOrder(random: Random): Placed {
  const lines = Array.from({ length: 1 + random(3) }, (_, i) => ({
    ...{ line: i + 1, sku: `sku-${i}`, quantity: 1 + random(4), unitPrice: random(6) === 0 ? 0 : random(5000) },
  }));
  const aims: Charge['appliesTo'][] = [undefined, 'goods', 'shipping', { line: 1 + random(lines.length) }];
  const charges: Charge[] = random(2) === 0 ? [] : [{ kind: 'shipping', amount: random(700) }];
  if (random(2) === 0) charges.push({ kind: 'discount', amount: -random(900), appliesTo: aims[random(4)] });
  while (totalOf(lines, charges) < 0) charges.pop();
  const total = totalOf(lines, charges);
  const captured = [0, total, random(total + 1)][random(3)] ?? 0;
  const isSplit = random(2) === 0;
  const first = isSplit ? random(captured + 1) : captured;
  const payment = { method: 'voucher', captured: first, reference: 'gift-1' };
  const payments = [payment, { method: 'card', captured: captured - first, reference: 'pay-1' }];
  const currency = ['GBP', 'JPY', 'KWD', 'HUF'][random(4)] ?? 'GBP';
  const address = { recipient: 'Ada', street: '12 St James Square', city: 'London', country: 'GB' };
  const customer = { id: null, name: 'Ada', email: 'ada@example.test' };
  const placed = { orderNumber, storefront: 'main', placedAt: '2010-12-01T08:26:00.000000Z', customer, address };
  return { ...placed, lines, charges, currency, total, payment, ...(isSplit && { payments }) };
}
