import { type Question, questions } from '@orderloom/contracts';
import { format, isKnownCurrency } from '@orderloom/kernel';

/** `15.30 GBP` of 1530 minor units; only the number if the currency is unknown. */
export const money = (amount: number, currency: string): string =>
  isKnownCurrency(currency) ? format({ amount, currency }) : `${amount} ${currency}`;

const inUtc = { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZone: 'UTC' } as const;

/** `2 Dec 2010 08:26 UTC`. */
export const at = (instant: string): string => `${new Date(instant).toLocaleString('en-GB', inUtc).replace(',', '')} UTC`;

/** `which costs 5.04 GBP more`: of a difference in minor units. */
export const differs = (difference: number, currency: string): string =>
  difference === 0 ? 'which costs the same' : `which costs ${money(Math.abs(difference), currency)} ${difference > 0 ? 'more' : 'less'}`;

/** ` (due 2 Dec 2010 08:26 UTC)`; empty without an instant. */
export const dueNote = (instant: string | null): string => (instant === null ? '' : ` (due ${at(instant)})`);

/** `1 line`, `2 lines`. */
export const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

/** `6 x 85123A, 2 x 71053`; long lists are cut. */
export function goods(lines: readonly { readonly quantity: number; readonly sku?: string; readonly line: number }[]): string {
  const shown = lines.slice(0, 4).map(({ quantity, sku, line }) => `${quantity} x ${sku ?? `line ${line}`}`);
  return lines.length > 4 ? `${shown.join(', ')} and ${count(lines.length - 4, 'line')} more` : shown.join(', ');
}

/** Text of the question with this name, to follow a colon. */
export function questionText(name: string): string {
  const text = (questions as Readonly<Record<string, Question>>)[name]?.description ?? words(name);
  return text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, '');
}

/** `ShipmentHeld` or `order-cancelled` as words: `shipment held`. */
export const words = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll('-', ' ')
    .toLowerCase();

/** Plain fields in brackets: ` (loss 12.00 GBP, note …)`; empty if there are none. */
export function details(fields: Readonly<Record<string, unknown>>): string {
  const currency = typeof fields['currency'] === 'string' ? fields['currency'] : undefined;
  const shown = Object.entries(fields).flatMap(([name, value]) => {
    if (name === 'type' || name === 'currency' || name === 'orderNumber' || (typeof value !== 'string' && typeof value !== 'number'))
      return [];
    return [`${words(name)} ${typeof value === 'number' && currency && amounts.has(name) ? money(value, currency) : value}`];
  });
  return shown.length > 0 ? ` (${shown.join(', ')})` : '';
}

const amounts = new Set(['amount', 'loss', 'agreedLoss', 'refund', 'paid', 'total', 'freight', 'freightCap', 'difference', 'notRefunded']);

/** A state of a statechart: `holding`, or `shipping.picking` of a nested one. */
export const state = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? Object.entries(value)
        .map(([name, inner]) => (state(inner) === '' ? words(name) : `${words(name)} > ${state(inner)}`))
        .join(' & ')
    : typeof value === 'string'
      ? words(value)
      : '';

/** `aftership InTransit_042 (held for a parade) in London` */
export const courierStatus = (d: { system: string; status: string; text?: string; place?: string }): string =>
  `${d.system} ${d.status}${d.text ? ` (${d.text})` : ''}${d.place ? ` in ${d.place}` : ''}`;

export const inspected = (l: { line: number; accepted: number; rejected: number; stock: string }): string =>
  `line ${l.line}: ${l.accepted} accepted (${l.stock}), ${l.rejected} rejected`;

/** The reason, if one was given. */
export const why = (said: string): string => (said === '' ? '' : `: ${said}`);
