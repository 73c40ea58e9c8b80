import { stringify } from 'csv-stringify';
import { Readable } from 'node:stream';
import type { RegisterEntry } from '../views/register-list.js';

const columns = [
  ...['refundId', 'orderNumber', 'storefront', 'caseId', 'status', 'open', 'cause', 'declaredCause', 'flagged', 'mismatch', 'verified'],
  ...['amount', 'currency', 'method', 'ageDays', 'filedAt', 'changedAt', 'closedAt', 'providerReference', 'insteadOf'],
] as const satisfies readonly (keyof RegisterEntry)[];

/** REF-06: the register as CSV (RFC 4180) with a header line, row by row. No cell is read as a formula by a spreadsheet. */
export const registerCsv = (entries: AsyncIterable<RegisterEntry>): Readable =>
  Readable.from(entries).compose(
    stringify({ header: true, columns: [...columns], escape_formulas: true, record_delimiter: 'windows', cast: { boolean: String } }),
  ) as Readable;
