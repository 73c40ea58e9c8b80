import { parse } from 'csv-parse/sync';
import type { CourierReport } from '../courier-report.js';

/** A fault of a file: `row` is its line, from 1; the header is row 1. */
export interface RowFault {
  readonly row: number;
  readonly field: string;
  readonly message: string;
}

/** The rows of a file as reports, each with its row; and what cannot be read at all. */
export interface ScanFile {
  readonly rows: readonly { readonly row: number; readonly report: CourierReport }[];
  readonly faults: readonly RowFault[];
}

const required = ['tracking_number', 'order_number', 'status', 'time'] as const;
export const columns: Readonly<Record<string, string>> = {
  trackingNumber: 'tracking_number',
  orderNumber: 'order_number',
  status: 'status',
  at: 'time',
  place: 'place',
  text: 'text',
};

const whole = (message: string): ScanFile => ({ rows: [], faults: [{ row: 1, field: 'file', message }] });

interface Read {
  readonly row: number;
  readonly fields: readonly string[];
}

/** Reads a CSV file (UTF-8, comma or semicolon, a header with the columns `tracking_number`, `order_number`, `status`, `time`, and perhaps `place`, `text`). */
export function readScanFile(bytes: Uint8Array, system: string): ScanFile {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return whole('is not UTF-8');
  }
  const faults: RowFault[] = [];
  const [header, ...records] = recordsOf(text, faults);
  if (!header) return faults.length > 0 ? { rows: [], faults } : whole('is empty: it must have a header');
  const names = header.fields.map((name) => name.toLowerCase());
  const missing = required.filter((name) => !names.includes(name));
  if (missing.length > 0)
    return { rows: [], faults: missing.map((field) => ({ row: 1, field, message: 'is not a column of the header' })) };
  const rows = records.flatMap(({ row, fields }) => {
    if (fields.length === names.length) return [{ row, report: reportOf(names, fields, system) }];
    faults.push({ row, field: 'row', message: `has ${fields.length} fields, expected ${names.length} as in the header` });
    return [];
  });
  return { rows, faults };
}

/** The fields of each line. A field holds no line break, so that a quote left open spoils its own row alone. */
function recordsOf(text: string, faults: RowFault[]): readonly Read[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n|\r/);
  const delimiter = (lines[0] ?? '').includes(';') ? ';' : ',';
  return lines.flatMap((line, i): Read[] => {
    if (line.trim() === '') return [];
    try {
      const [fields = []] = parse(line, { delimiter, trim: true, relax_column_count: true });
      return [{ row: i + 1, fields }];
    } catch (error) {
      faults.push({ row: i + 1, field: 'row', message: `is not CSV: ${error instanceof Error ? error.message : String(error)}` });
      return [];
    }
  });
}

function reportOf(names: readonly string[], fields: readonly string[], system: string): CourierReport {
  const of = (name: string): string | undefined => fields[names.indexOf(name)] || undefined;
  return {
    ...{ system, trackingNumber: of('tracking_number'), orderNumber: of('order_number'), status: of('status'), at: of('time') },
    ...{ place: of('place'), text: of('text') },
  };
}
