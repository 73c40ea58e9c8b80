import { assertIdentifier } from '../store/recording/normalise-unit.js';

/**
 * SQL statements that create a table of rows `(key, row)`, for a migration. `indexed` names the top-level fields that `rows` filters by;
 * their values are strings or arrays of strings of any length.
 */
export const rowTable = (name: string, indexed: readonly string[] = []): string[] => [
  `create table ${assertIdentifier(name)} (${['key text primary key', 'row jsonb not null', ...indexed.map(column)].join(', ')})
     with (fillfactor = 80)`,
  ...indexed.map((field) => index(name, field)),
];

/**
 * SQL statements that index a field. A generated column lets an updated row keep its index entry. Without `fastupdate`, no search scans the
 * pending list, which takes 5 ms at 4 MB.
 */
export const indexing = (table: string, field: string): string[] => [
  `alter table ${table} add column ${column(field)}`,
  index(table, field),
];

const column = (field: string): string => `${fieldColumn(field)} jsonb generated always as (row->'${fieldName(field)}') stored`;

const index = (table: string, field: string): string =>
  `create index on ${table} using gin (${fieldColumn(field)} jsonb_path_ops) with (fastupdate = off)`;

/** Statements of `rowTable` for an asynchronous projection: its table, and the table `<name>_next` for the rebuild. */
export const asyncProjectionTables = (name: string, indexed: readonly string[] = []): string[] => [
  ...rowTable(name, indexed),
  ...rowTable(nextTable(name)),
];

/** Quoted name of the generated column of an indexed field. */
export const fieldColumn = (field: string): string => `"row.${fieldName(field)}"`;

export const nextTable = (name: string): string => assertIdentifier(`${name}_next`);

/** Returns `field`; throws `RangeError` unless it is a letter followed by at most 58 letters, digits or underscores. */
export function fieldName(field: string): string {
  if (!/^[A-Za-z][A-Za-z0-9_]{0,58}$/.test(field))
    throw new RangeError(`invalid field name "${field}": expected a letter and up to 58 letters, digits or underscores`);
  return field;
}
