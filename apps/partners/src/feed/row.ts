import { parse } from 'csv-parse/sync';
import { DateTime } from 'luxon';

/** One line of the shop's books, as it stands there. */
export interface Row {
  readonly invoice: string;
  readonly sku: string;
  readonly description: string;
  readonly quantity: number;
  /** Instant, milliseconds since 1970; the books say local time. */
  readonly at: number;
  /** As written: it may be finer than a penny. */
  readonly price: string;
  /** Empty for a guest. */
  readonly customer: string;
  readonly country: string;
}

const columns = ['invoice', 'sku', 'description', 'quantity', 'at', 'price', 'customer', 'country'] as const;

/** The rows of the books in file order; throws where the text is no RFC 4180 or a quantity or time can't be read. */
export function readRows(csv: string | Buffer): Row[] {
  const records: Record<(typeof columns)[number], string>[] = parse(csv, { columns: [...columns], fromLine: 2, bom: true });
  const times = new Map<string, number>();
  const timeOf = (local: string): number => {
    const at = times.get(local) ?? shopTime(local);
    times.set(local, at);
    return at;
  };
  return records.map((r) => ({ ...r, quantity: wholeNumber(r), at: timeOf(r.at) }));
}

/** The instant, in milliseconds since 1970, of a time on the shop's wall clock (Europe/London). */
export function shopTime(local: string): number {
  const at = DateTime.fromISO(local, { zone: 'Europe/London' });
  if (!at.isValid) throw new RangeError(`"${local}" is no time: ${at.invalidExplanation}`);
  return at.toMillis();
}

function wholeNumber({ invoice, quantity }: { invoice: string; quantity: string }): number {
  if (!/^-?\d+$/.test(quantity)) throw new RangeError(`invoice ${invoice}: "${quantity}" is no quantity`);
  return Number(quantity);
}
