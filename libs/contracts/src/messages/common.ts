import { instant, isCurrency, isKnownCurrency } from '@orderloom/kernel';
import { z } from 'zod';
import { addressNotices, contactConcerns, freeText, freeTextOrNone, optionalText } from './contact.js';
import { country, storedCountry } from './countries.js';
import { personal, convertedBy, sealable } from './personal.js';
import { withOrderReference, orderReference as orderNumber } from './reference.js';
import { paymentFaults } from '../services/refund/payments.js';
import { extra, readerKeepsUnknown, withExtra, refuseUnknownMoney } from './unknown-fields.js';

export { orderNumber };

/** Text that a database can keep: no NUL, no lone surrogate. */
const text = (max: number) => z.string().trim().min(1).max(max);

const notAnInstant = 'must be an ISO 8601 instant with a zone, of the years 1 to 9999, such as 2010-12-01T08:26:00Z';
export const when = z.iso
  .datetime({ offset: true, error: notAnInstant, abort: true })
  // The zone may lead out of the years that a database keeps.
  .refine((at) => /^(?!0000)\d{4}-/.test(instant(at)), notAnInstant)
  .transform((at) => instant(at))
  .describe('instant, ISO 8601 with a zone');
/** Also one that was withdrawn since: what was placed in it is still told of. */
export const currency = z.string().refine(isKnownCurrency, 'must be an ISO 4217 currency code').describe('ISO 4217 currency code');
const currencyInUse = z
  .string()
  .refine(isCurrency, 'must be the ISO 4217 code of a currency in use, such as EUR')
  .describe('ISO 4217 currency code');
/** Minor units of the message's currency. */
export const minorUnits = z.int().describe('whole number of minor units (pence, cents)');
export const amount = minorUnits.nonnegative();
/** A customer's own words, which may hold anything. */
export const plainCustomerText = personal(text(1000));
export const customerText = sealable(plainCustomerText);
/** A customer's free text, which may be missing. */
export const optionalWords = freeTextOrNone();
/** Why, in the words of a team or a service. */
export const reason = text(1000);
export const flowId = text(120).describe('the flow that this belongs to');

const addressFields = {
  recipient: freeTextOrNone(),
  company: freeText(),
  street: freeTextOrNone(),
  houseNumber: freeText(),
  street2: freeText(),
  city: freeTextOrNone(),
  state: freeText(),
  postcode: freeText(),
  country,
  phone: freeText(),
};
/** An address as people write it. The country stays clear: rules need it. */
export const plainAddress = z.looseObject(addressFields);
/** An address as services say it. */
export const address = sealable(z.object({ ...addressFields, country: storedCountry }));
export type Address = z.infer<typeof address>;

export const lineNumber = z.int().positive().describe('number of the line in its order, from 1');

export const orderLine = z.object({
  line: lineNumber,
  sku: text(80),
  description: text(300).optional(),
  attributes: z.record(z.string().max(60), z.string().max(300)).optional(),
  quantity: z.int().positive().max(1_000_000),
  unitPrice: amount,
});
export type OrderLine = z.infer<typeof orderLine>;

/** LOG-06: units were in this parcel, which is lost; the courier may have a signature that is doubted. */
export const lostParcel = z.object({ trackingNumber: z.string().nullable(), signedFor: z.literal(true).optional() });

export const lineQuantity = z.object({ line: lineNumber, quantity: z.int().positive() });
/** Of a line, as it was picked: 0 where nothing was there. */
export const pickedLine = z.object({ line: lineNumber, quantity: z.int().nonnegative() });
export type LineQuantity = z.infer<typeof lineQuantity>;

export const appliesTo = z
  .union([z.enum(['goods', 'shipping']), z.object({ line: lineNumber })])
  .describe(
    'what a discount or an adjustment is for; where absent, a discount of exactly a shipping charge is for the shipping, all else for the goods',
  );
export const charge = z.object({
  kind: z.enum(['shipping', 'discount', 'adjustment']),
  amount: minorUnits,
  appliesTo: appliesTo.optional(),
});
export type Charge = z.infer<typeof charge>;

/** Sum of an order's lines and charges, in minor units. */
export const totalOf = (lines: readonly { quantity: number; unitPrice: number }[], charges: readonly { amount: number }[]): number =>
  lines.reduce((sum, l) => sum + l.quantity * l.unitPrice, 0) + charges.reduce((sum, c) => sum + c.amount, 0);

const customerId = z
  .union([z.string().max(80), z.null()])
  .optional()
  .transform((id) => id?.trim() || null)
  .describe('customer number; null for a guest');
// as a preprocessing, so that the schema that strangers read stays what it was
const saidCustomerId = z.preprocess((said) => (typeof said === 'number' ? String(said) : said), customerId).optional();
const customerFields = { name: freeTextOrNone(), email: freeTextOrNone(), phone: freeText() };
const clearCustomer = z.looseObject({ id: saidCustomerId.transform((id) => id ?? null), ...customerFields });
export const customer = sealable(z.object({ id: text(80).nullable().describe('customer number; null for a guest'), ...customerFields }));
export const notes = sealable(personal(z.string().max(2000)));

export const payment = z.object({ method: text(40), captured: amount, reference: text(120) });
export type Payment = z.infer<typeof payment>;
export const payments = z.array(payment).describe('all payments, each with its own reference; where absent, `payment` is the only one');

const placedLine = z.looseObject({
  ...orderLine.shape,
  description: z
    .union([z.string().max(300), z.null()])
    .transform((said) => said?.trim() || undefined)
    .optional(),
  attributes: orderLine.shape.attributes
    .unwrap()
    .nullable()
    .transform((said) => said ?? undefined)
    .optional(),
});
const placedCharge = z.looseObject(charge.shape);
const placedPayment = z.looseObject(payment.shape);
const placedPayments = z
  .array(placedPayment)
  .max(20)
  .nullable()
  .transform((said) => (said && said.length > 0 ? said : undefined))
  .describe('all payments where there are several (voucher and card), `payment` among them; each has its own reference');

const noLines =
  'must hold a line: an order that was cancelled before it had any is none here; refund its money at the payment provider, or place it as an order with a charge';

const placedFields = z.looseObject({
  orderNumber,
  storefront: optionalText(text(60).describe('`main` where absent')),
  placedAt: when,
  customer: clearCustomer,
  address: plainAddress,
  lines: z.array(placedLine).min(1, noLines).max(2000),
  charges: z.preprocess((said) => said ?? [], z.array(placedCharge).max(100)).default([]),
  currency: currencyInUse,
  total: amount,
  payment: placedPayment,
  payments: placedPayments.optional(),
  notes: freeText(),
});

/** An order as it was understood: what nobody knows of it is in `extra`, what a reviewer should look at is noticed. */
const understoodOrder = z.object({
  ...placedFields.shape,
  customer: z.object(clearCustomer.shape),
  address: z.object(addressFields),
  lines: z.array(orderLine),
  charges: z.array(charge),
  payment,
  payments: payments.optional(),
  extra,
  noticed: z.array(z.string()).optional(),
});

const soundOrder = convertedBy(
  placedFields.superRefine((order, issues) => {
    const wrong = (path: PropertyKey[], message: string) => issues.addIssue({ code: 'custom', path, message });
    const seen = new Set<number>();
    order.lines.forEach((one, i) => {
      if (seen.has(one.line)) wrong(['lines', i, 'line'], `line ${one.line} is there twice`);
      seen.add(one.line);
      refuseUnknownMoney(placedLine, one, issues, ['lines', i]);
    });
    order.charges.forEach((one, i) => {
      if (one.kind === 'discount' && one.amount > 0) wrong(['charges', i, 'amount'], `is ${one.amount}, but a discount is never positive`);
      if (one.kind === 'shipping' && one.amount < 0) wrong(['charges', i, 'amount'], `is ${one.amount}, but shipping is never negative`);
      const aim = one.appliesTo;
      if (aim !== undefined && one.kind === 'shipping' && aim !== 'shipping')
        wrong(['charges', i, 'appliesTo'], 'a shipping charge is for the shipping');
      if (typeof aim === 'object' && !seen.has(aim.line)) wrong(['charges', i, 'appliesTo'], `there is no line ${aim.line}`);
      refuseUnknownMoney(placedCharge, one, issues, ['charges', i]);
    });
    const sum = totalOf(order.lines, order.charges);
    if (sum !== order.total) wrong(['total'], `is ${order.total}, but lines and charges add up to ${sum}`);
    for (const { path, message } of paymentFaults(order)) wrong(path, message);
    refuseUnknownMoney(placedPayment, order.payment, issues, ['payment']);
    order.payments?.forEach((one, i) => refuseUnknownMoney(placedPayment, one, issues, ['payments', i]));
    refuseUnknownMoney(placedFields, order, issues);
  }),
  understoodOrder,
  (said): z.output<typeof understoodOrder> => {
    const order = withExtra(placedFields, said) as z.output<typeof understoodOrder>;
    return { ...order, noticed: [...contactConcerns(order.customer, order.address), ...addressNotices(order)] };
  },
);

/** ORD-01: an order as a storefront places it. */
export const placedOrder = readerKeepsUnknown(soundOrder.transform(withOrderReference));
export type PlacedOrder = z.infer<typeof placedOrder>;
