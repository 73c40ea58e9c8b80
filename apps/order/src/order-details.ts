import { totalCaptured, type Charge, type Charged, paidFor as paidForLeaving, paymentsOf, type RefundPart } from '@orderloom/contracts';
import { addDuration, type Instant, InvalidInput } from '@orderloom/kernel';
import type { StorefrontSettings } from '@orderloom/settings';

export type { RefundPart };

/** An order as it was placed, in minor units of its currency. */
export interface Placed {
  readonly orderNumber: string;
  readonly storefront: string;
  readonly placedAt: Instant;
  readonly customer: { readonly id: string | null; readonly name: string; readonly email: string; readonly phone?: string };
  readonly address: Address;
  readonly lines: readonly Line[];
  readonly charges: readonly Charge[];
  readonly currency: string;
  readonly total: number;
  readonly payment: Payment;
  /** All payments, where there are several. */
  readonly payments?: readonly Payment[];
  readonly notes?: string;
  /** Unknown fields, as they were sent. */
  readonly extra?: readonly { readonly field: string; readonly value: string }[];
  /** AFT-34: a re-ship, the case that it belongs to, the flow that follows it, and which of its lines are gifts. */
  readonly reship?: {
    readonly caseId: string;
    readonly originalOrder: string;
    readonly flow: string;
    readonly gifts?: readonly number[];
  };
}

export interface Payment {
  readonly method: string;
  readonly captured: number;
  readonly reference: string;
}

export interface Address {
  readonly recipient: string;
  readonly company?: string;
  readonly street: string;
  readonly houseNumber?: string;
  readonly street2?: string;
  readonly city: string;
  readonly state?: string;
  readonly postcode?: string;
  readonly country: string;
  readonly phone?: string;
}

export interface LineQuantity {
  readonly line: number;
  readonly quantity: number;
}

export interface Line extends LineQuantity {
  readonly sku: string;
  readonly description?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly unitPrice: number;
}

/** ORD-05: the dispatch promise counts from acceptance. LOG-02: goods that arrive before the end of processing are waited for. */
export function promisesTo(
  { reship, address }: Pick<Placed, 'reship' | 'address'>,
  now: Instant,
  { storefront, calendar }: StorefrontSettings,
): { readonly promisedDispatchBy: Instant; readonly processedUntil: Instant } {
  const { dispatch, country, processing } = storefront;
  const promise = reship ? dispatch.reship : address.country === country ? dispatch.domestic : dispatch.crossBorder;
  return { promisedDispatchBy: addDuration(now, promise, calendar), processedUntil: addDuration(now, processing, calendar) };
}

/** ORD-03, ORD-31. */
const isDeliverable = ({ country }: Address, { storefront }: StorefrontSettings): boolean => !storefront.undeliverable.includes(country);

/** ORD-31: an incomplete address is undeliverable, and the order keeps its address. */
export function newAddressOf(
  { address, noticed = [] }: { readonly address: Address; readonly noticed?: readonly string[] | undefined },
  settings: StorefrontSettings,
) {
  const deliverable = isDeliverable(address, settings) && !noticed.includes('incomplete-address');
  return { address, deliverable, ...(noticed.length > 0 && { noticed }) };
}

/** ORD-03: reasons against approving the order without a review. What a storefront that nobody has set up takes is unknown. */
export function concernsOf(order: Placed, settings: StorefrontSettings): readonly string[] {
  const { isSetUp, storefront } = settings;
  return [
    ...(isDeliverable(order.address, settings) ? [] : ['address-not-deliverable']),
    ...(order.notes?.trim() ? ['notes'] : []),
    ...(totalCaptured(paymentsOf(order)) < order.total ? ['not-fully-paid'] : []),
    ...(isSetUp && order.currency !== storefront.currency ? ['currency-not-of-storefront'] : []),
    ...(order.reship ? [] : methodConcerns(paymentsOf(order), settings)),
    ...(order.reship ? ['re-ship'] : []),
  ];
}

/** ORD-03: a storefront that is set up takes the payment methods that it lists. */
export const methodConcerns = (payments: readonly { readonly method: string }[], settings: StorefrontSettings): readonly string[] =>
  !settings.isSetUp || payments.every(({ method }) => settings.hasPaymentMethod(method)) ? [] : ['payment-method-not-of-storefront'];

/** Sums the requested quantities per line. Throws `InvalidInput` for an unknown line, or for more units than are left. */
export function quantitiesOf(lines: readonly Line[], asked: readonly LineQuantity[]): readonly LineQuantity[] {
  const errors = asked.flatMap(({ line, quantity }, i) => {
    const left = lines.find((l) => l.line === line)?.quantity ?? 0;
    const before = asked.slice(0, i).some((a) => a.line === line);
    if (before) return [{ field: `lines.${i}.line`, message: `line ${line} is there twice` }];
    return quantity <= left ? [] : [{ field: `lines.${i}.quantity`, message: `is ${quantity}, but line ${line} has ${left} left` }];
  });
  if (errors.length > 0) throw new InvalidInput(errors);
  return asked.map(({ line, quantity }) => ({ line, quantity }));
}

/** The part of the quantities that is left. */
export const quantitiesLeft = (lines: readonly Line[], asked: readonly LineQuantity[]): readonly LineQuantity[] =>
  asked
    .map(({ line, quantity }) => ({ line, quantity: Math.min(quantity, lines.find((l) => l.line === line)?.quantity ?? 0) }))
    .filter(({ quantity }) => quantity > 0);

export const remainingAfter = (lines: readonly Line[], cancelled: readonly LineQuantity[]): readonly Line[] =>
  lines
    .map((l) => ({ ...l, quantity: l.quantity - (cancelled.find((c) => c.line === l.line)?.quantity ?? 0) }))
    .filter((l) => l.quantity > 0);

/** AFT-15: a gift goes only with goods. */
export const onlyGifts = ({ reship }: Placed, lines: readonly Line[]): boolean => lines.every(({ line }) => reship?.gifts?.includes(line));

/** AFT-34: the case of a re-ship, which decides about the value of its goods (LOG-06). */
export interface OfReship {
  readonly caseId: string;
  readonly originalOrder: string;
  readonly gifts?: readonly number[];
}

export const reshipFields = ({ reship }: Placed): { readonly reship?: OfReship } => {
  if (!reship) return {};
  const { flow: _flow, ...of } = reship;
  return { reship: of };
};

/** Returns whether these units of a re-ship contain goods, and not only a gift, which has no value. */
export const hasGoods = ({ gifts = [] }: OfReship, units: readonly LineQuantity[]): boolean =>
  units.some(({ line }) => !gifts.includes(line));

interface Paid {
  readonly pricing: Charged;
  readonly lines: readonly Line[];
  readonly payments: readonly Payment[];
  readonly settled: number;
  /** Captured for a change that is open (ORD-22): paid back with the last goods only. */
  readonly reserved: number;
}

/** ORD-13: the amount paid for some quantities. Shipping is refunded with the last goods. */
export const paidFor = ({ pricing, lines, payments, settled, reserved }: Paid, part: readonly LineQuantity[]) => {
  if (part.length === 0) return { goods: 0, freight: 0 };
  const after = remainingAfter(lines, part);
  const captured = totalCaptured(payments) - (after.length > 0 ? reserved : 0);
  return paidForLeaving(pricing, { before: lines, after, shippingToo: true, captured, settled });
};

/** REF-01: the parts of a refund of goods and shipping. An agreed loss reduces the goods first. */
export const refundParts = ({ goods, freight }: { goods: number; freight: number }, agreedLoss: number): readonly RefundPart[] =>
  [
    { kind: 'goods' as const, amount: Math.max(0, goods - agreedLoss) },
    { kind: 'freight' as const, amount: freight - Math.max(0, agreedLoss - goods) },
  ].filter(({ amount }) => amount > 0);
