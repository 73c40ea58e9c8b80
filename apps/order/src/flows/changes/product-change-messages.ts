import { type AboutOf, type CommandOf, type FactOf, starts } from '@orderloom/flows';

type Replaced = FactOf<'OrderLinesReplaced'>;
type Offered = FactOf<'ProductChangeRequested'>['wanted'];

/** A change of product, and its messages to teams, services and the customer. */
export interface ProductChange extends FactOf<'ProductChangeRequested'> {
  /** The product that is tried now; `similar` are those that were not tried yet. */
  readonly product: Offered;
  readonly tried: number;
  /** The reference under which the difference is paid, and the difference; negative where the product is cheaper. */
  readonly reference: string;
  readonly difference: number;
  readonly refusal: string;
  readonly removed: Replaced['removed'];
  readonly added: Replaced['added'];
  readonly payments?: Replaced['payments'];
  readonly refund: number;
  readonly refundId: string;
  readonly offer: string;
  readonly detail: string;
}
type C = ProductChange;

export const startProductChange = (fact: FactOf<'ProductChangeRequested'>): ProductChange => ({
  ...starts({ tried: 0, refusal: '', removed: [], added: [], refund: 0, refundId: '', offer: '', detail: '' })(fact),
  similar: fact.similar,
  ...tryProduct(fact, fact.wanted, 1),
});

/** Price of `product` as a replacement, and the reference of the payment of a difference; each product has its own. */
export function tryProduct({ changeId, line }: Pick<C, 'changeId' | 'line'>, product: Offered, tried: number) {
  const difference = line.quantity * (product.unitPrice - line.unitPrice);
  return { product, tried, reference: `${changeId}-${tried}`, difference };
}

const ids = ({ orderNumber, changeId }: C) => ({ orderNumber, changeId });
export const wantedProduct = (c: C) => ({ ...ids(c), line: c.line, product: c.product });
export const stock = (c: C): AboutOf<'confirm-product'> => ({ ...ids(c), product: c.product, quantity: c.line.quantity });
export const recommended = (c: C): AboutOf<'choose-other-product'> => ({
  ...{ ...ids(c), product: c.product, recommended: [...c.similar], currency: c.currency },
});
export const differenceToPay = (c: C): AboutOf<'pay-difference'> => ({
  ...{ ...ids(c), product: c.product, reference: c.reference, amount: c.difference, currency: c.currency },
});
export const unpaidDifference = (c: C): AboutOf<'go-on-with-change'> => ({ ...differenceToPay(c), recommended: [...c.similar] });
export const replacement = (c: C) => ({ ...ids(c), line: c.line.line, quantity: c.line.quantity, product: c.product });
export const amendment = ({ orderNumber, removed, added }: C): CommandOf<'logistics', 'AmendShipment'> => ({
  ...{ orderNumber, lines: removed, added },
});
export const changeDone = (c: C) => ({ ...ids(c), changed: true });
export const changeRefused = (c: C) => ({ ...ids(c), changed: false, reason: c.refusal });
/** ORD-23: what comes instead, what it costs more or less, and when it is to leave. */
export const changedGoods = ({ orderNumber, removed, added, difference, refund, currency, promisedDispatchBy }: C) => ({
  ...{ orderNumber, removed, added, difference, refund, currency, promisedDispatchBy },
});
/** ORD-08: why nothing changed, and when the order is to leave. */
export const keptOrder = ({ orderNumber, refusal: reason, promisedDispatchBy, dispatchedAt }: C) => ({
  ...{ orderNumber, reason },
  ...(reason !== 'order-cancelled' && { promisedDispatchBy, dispatchedAt }),
});
export const secondOrder = (c: C): AboutOf<'offer-second-order'> => ({ ...stock(c), reason: c.refusal });
export const offer = ({ orderNumber, product, offer: goodwill, detail }: C) => ({ orderNumber, product, goodwill, detail });
export const application = (c: C): CommandOf<'refund', 'RequestRefund'> => ({
  orderNumber: c.orderNumber,
  cause: 'price-difference',
  amount: c.refund,
  currency: c.currency,
  payment: c.payment,
  payments: c.payments,
  parts: [{ kind: 'price-difference', amount: c.refund }],
});
export const refundToSettle = ({ orderNumber, refund: amount, currency, refusal: reason }: C): AboutOf<'settle-refund'> => ({
  ...{ orderNumber, amount, currency, reason },
});
export const refunded = ({ orderNumber, refund, currency }: C) => ({ orderNumber, refund, currency });
