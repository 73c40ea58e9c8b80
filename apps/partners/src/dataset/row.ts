import { parse } from 'csv-parse/sync';
import { DateTime } from 'luxon';

/** One row of the data set. */
export interface Row {
  readonly invoice: string;
  readonly sku: string;
  readonly description: string;
  readonly quantity: number;
  /** Milliseconds since 1970; the data have local time. */
  readonly at: number;
  /** As written; it may have fractions of a penny. */
  readonly price: string;
  /** Empty for a guest. */
  readonly customer: string;
  readonly country: string;
  /** Reason why the row is invalid; its other fields are then unreliable. */
  readonly fault?: string;
}

/** Columns by header name, independent of case, spaces and order. */
const fields: Readonly<Record<string, keyof Row>> = {
  invoiceno: 'invoice',
  invoice: 'invoice',
  stockcode: 'sku',
  description: 'description',
  quantity: 'quantity',
  invoicedate: 'at',
  unitprice: 'price',
  price: 'price',
  customerid: 'customer',
  country: 'country',
};
const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';

type Texts = Partial<Record<keyof Row, string>>;

/** Reads rows in file order; an invalid row has a fault. Throws `RangeError` for a file without the expected columns. */
export function readRows(csv: string | Buffer): Row[] {
  const records = recordsOf(textOf(csv));
  const times = new Map<string, number>();
  const timeOf = (local: string): number => {
    const at = times.get(local) ?? shopTime(local);
    times.set(local, at);
    return at;
  };
  let last = NaN;
  const rows = records.map((texts, i) => {
    const row = rowOf(texts, i + 2, timeOf, last);
    last = row.at;
    return row;
  });
  const first = rows.find(({ at }) => !Number.isNaN(at))?.at ?? 0;
  return rows.map((row) => (Number.isNaN(row.at) ? { ...row, at: first } : row));
}

const reading = {
  columns: (names: string[]) => columnsOf(names),
  bom: true,
  relax_quotes: true,
  relax_column_count: true,
  skip_empty_lines: true,
} as const;

/** An unclosed quote would include the rest of the file; from its line on, quotes are literal. */
function recordsOf(text: string): Texts[] {
  try {
    return parse(text, reading);
  } catch (error) {
    if ((error as { code?: string }).code !== 'CSV_QUOTE_NOT_CLOSED') throw error;
    const whole: { record: Texts; info: { lines: number } }[] = parse(text, { ...reading, info: true, skip_records_with_error: true });
    const lines = text.split('\n');
    const rest = [lines[0], ...lines.slice(whole.at(-1)?.info.lines ?? 1)].join('\n');
    const others: Texts[] = parse(rest, { ...reading, quote: false });
    return [...whole.map(({ record }) => record), ...others];
  }
}

function rowOf(texts: Texts, line: number, timeOf: (local: string) => number, last: number): Row {
  const text = (name: keyof Row): string => (texts[name] ?? '').trim();
  const at = timeOf(text('at'));
  const fault = faultOf(texts, text, at);
  const invoice = isInvoice(text('invoice')) ? text('invoice') : `row-${line}`;
  return {
    invoice,
    sku: text('sku'),
    description: text('description').slice(0, 300),
    quantity: Number(text('quantity')),
    // The data are sorted by time: a row without a valid time gets that of the previous row.
    at: Number.isNaN(at) ? last : at,
    price: text('price'),
    customer: text('customer').replace(/\.0+$/, ''),
    country: text('country'),
    ...(fault !== undefined && { fault }),
  };
}

const isInvoice = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/.test(text);

/** The first fault of a row, by column. */
function faultOf(texts: Texts, text: (name: keyof Row) => string, at: number): string | undefined {
  const missing = Object.values(fields).find((name) => texts[name] === undefined);
  if (missing) return `the line is cut off: the ${missing} is missing`;
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  if (Object.values(texts).some((value) => /[\u0000-\u0008\u000e-\u001f]/.test(value ?? ''))) return 'holds control characters';
  if (!isInvoice(text('invoice'))) return `invalid invoice number "${text('invoice').slice(0, 60)}"`;
  if (text('sku') === '' || text('sku').length > 80) return `invalid stock code "${text('sku').slice(0, 60)}"`;
  if (!/^-?\d+(\.0+)?$/.test(text('quantity')) || Math.abs(Number(text('quantity'))) > 1_000_000)
    return `invalid quantity "${text('quantity').slice(0, 60)}"`;
  if (Number.isNaN(at)) return `invalid time "${text('at').slice(0, 60)}"`;
  if (!/^-?\d{1,9}(\.\d+)?$/.test(text('price'))) return `invalid price "${text('price').slice(0, 60)}"`;
  return text('customer').length > 80 ? 'the customer number is longer than 80 characters' : undefined;
}

/** Converts the shop's local time (Europe/London) to milliseconds since 1970; NaN for invalid text. */
export const shopTime = (local: string): number => DateTime.fromISO(local.replace(' ', 'T'), { zone: 'Europe/London' }).toMillis();

function columnsOf(names: string[]): (keyof Row | false)[] {
  const found = names.map((name) => fields[name.toLowerCase().replace(/[^a-z]/g, '')] ?? false);
  const missing = [...new Set(Object.values(fields))].filter((field) => !found.includes(field));
  if (missing.length > 0) throw new RangeError(`invalid data set: its header ${header} has no column for ${missing.join(', ')}`);
  return found;
}

/** Decodes UTF-8, otherwise Windows-1252. */
function textOf(csv: string | Buffer): string {
  if (typeof csv === 'string') return csv;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(csv);
  } catch {
    return new TextDecoder('windows-1252').decode(csv);
  }
}
