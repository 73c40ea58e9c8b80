import { identified } from '../recording/unit-check.js';

/**
 * SQL statements for a table of rows `(key, row)`, for a migration. `indexed` names the top-level fields that `rows` asks
 * for: texts or arrays of texts alike, of any length.
 */
export const rowTable = (name: string, indexed: readonly string[] = []): string[] => [
  `create table ${identified(name)} (${['key text primary key', 'row jsonb not null', ...indexed.map(column)].join(', ')})
     with (fillfactor = 80)`,
  ...indexed.map((field) => index(name, field)),
];

/**
 * Statements that make a field of a table's rows one to be found by: a column, so that rows are put again without a new place in the index.
 * What is new goes to its place at once: the server's list of what is to be sorted in later is read by every search, 5 ms at 4 MB.
 */
export const indexing = (table: string, field: string): string[] => [
  `alter table ${table} add column ${column(field)}`,
  index(table, field),
];

const column = (field: string): string => `${fieldColumn(field)} jsonb generated always as (row->'${fieldName(field)}') stored`;

const index = (table: string, field: string): string =>
  `create index on ${table} using gin (${fieldColumn(field)} jsonb_path_ops) with (fastupdate = off)`;

/** The same for a view that follows the log, with the table that it is rebuilt in. */
export const followedTable = (name: string, indexed: readonly string[] = []): string[] => [
  ...rowTable(name, indexed),
  ...rowTable(nextTable(name)),
];

/** The column of an indexed field, quoted. */
export const fieldColumn = (field: string): string => `"row.${fieldName(field)}"`;

export const nextTable = (name: string): string => identified(`${name}_next`);

/** `field` itself; throws a `RangeError` unless it is a plain JSON field name. */
export function fieldName(field: string): string {
  if (!/^[A-Za-z][A-Za-z0-9_]{0,58}$/.test(field)) throw new RangeError(`not a field name: ${field}`);
  return field;
}
