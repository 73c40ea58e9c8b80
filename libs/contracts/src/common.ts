import { instant, isCurrency } from '@orderloom/kernel';
import { z } from 'zod';
import { personal, sealable } from './personal.js';

const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
const isCountry = (code: string): boolean => /^[A-Z]{2}$/.test(code) && code !== 'ZZ' && regions.of(code) !== undefined;

/** Text that a database can keep: no NUL, no lone surrogate. */
const text = (max: number) => z.string().trim().min(1).max(max);

export const orderNumber = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, 'must be 1 to 40 letters, digits, dots, hyphens or underscores')
  .describe('order number');
export const when = z.iso
  .datetime({ offset: true })
  .transform((at) => instant(at))
  .describe('instant, ISO 8601 with a zone');
export const currency = z.string().refine(isCurrency, 'must be an ISO 4217 currency code').describe('ISO 4217 currency code');
export const country = z
  .string()
  .refine(isCountry, 'must be an ISO 3166-1 alpha-2 country code')
  .describe('ISO 3166-1 alpha-2 country code');
/** Minor units of the message's currency. */
export const minorUnits = z.int().describe('whole number of minor units (pence, cents)');
export const amount = minorUnits.nonnegative();
const personName = personal(text(200));
const email = personal(z.email('must be an e-mail address').max(320));
const phone = personal(z.string().regex(/^\+?[0-9 ()./-]{4,30}$/, 'must be a phone number'));
/** A customer's own words, which may hold anything. */
export const clearWords = personal(text(1000));
export const customersWords = sealable(clearWords);
/** Why, in the words of a team or a service. */
export const reason = text(1000);
export const flowId = text(120).describe('the flow that this belongs to');

/** An address as people write it. The country stays clear: rules need it. */
export const clearAddress = z.object({
  recipient: personName,
  street: personal(text(300)),
  city: personal(text(200)),
  postcode: personal(text(20)).optional(),
  country,
  phone: phone.optional(),
});
/** An address as services say it. */
export const address = sealable(clearAddress);
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

export const lineQuantity = z.object({ line: lineNumber, quantity: z.int().positive() });
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

/** What an order's lines and charges add up to, in minor units. */
export const totalOf = (lines: readonly { quantity: number; unitPrice: number }[], charges: readonly { amount: number }[]): number =>
  lines.reduce((sum, l) => sum + l.quantity * l.unitPrice, 0) + charges.reduce((sum, c) => sum + c.amount, 0);

const clearCustomer = z.object({
  id: text(80).nullable().describe('customer number; null for a guest'),
  name: personName,
  email,
  phone: phone.optional(),
});
export const customer = sealable(clearCustomer);
const clearNotes = personal(z.string().max(2000));
export const notes = sealable(clearNotes);

export const payment = z.object({ method: text(40), captured: amount, reference: text(120) });

const placedFields = z.object({
  orderNumber,
  storefront: text(60).default('main'),
  placedAt: when,
  customer: clearCustomer,
  address: clearAddress,
  lines: z.array(orderLine).min(1).max(2000),
  charges: z.array(charge).max(100).default([]),
  currency,
  total: amount,
  payment,
  notes: clearNotes.optional(),
});

/** ORD-01: an order as a storefront places it. */
export const placedOrder = placedFields.superRefine((order, issues) => {
  const seen = new Set<number>();
  order.lines.forEach(({ line }, i) => {
    if (seen.has(line)) issues.addIssue({ code: 'custom', path: ['lines', i, 'line'], message: `line ${line} is there twice` });
    seen.add(line);
  });
  order.charges.forEach(({ kind, appliesTo: aim }, i) => {
    if (aim === undefined) return;
    const path = ['charges', i, 'appliesTo'];
    if (kind === 'shipping' && aim !== 'shipping')
      issues.addIssue({ code: 'custom', path, message: 'a shipping charge is for the shipping' });
    if (typeof aim === 'object' && !seen.has(aim.line)) issues.addIssue({ code: 'custom', path, message: `there is no line ${aim.line}` });
  });
  const sum = totalOf(order.lines, order.charges);
  if (sum !== order.total)
    issues.addIssue({ code: 'custom', path: ['total'], message: `is ${order.total}, but lines and charges add up to ${sum}` });
  if (order.payment.captured > order.total) {
    issues.addIssue({
      code: 'custom',
      path: ['payment', 'captured'],
      message: `is ${order.payment.captured}, more than the total of ${order.total}`,
    });
  }
});
export type PlacedOrder = z.infer<typeof placedOrder>;
