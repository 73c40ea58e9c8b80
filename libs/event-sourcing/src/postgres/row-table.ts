import { identified } from '../recording/unit-check.js';

/**
 * SQL statements for a table of rows `(key, row)`, for a migration. `indexed` names the top-level fields that `rows` asks
 * for: texts or arrays of texts alike, of any length.
 */
export const rowTable = (name: string, indexed: readonly string[] = []): string[] => [
  `create table ${identified(name)} (key text primary key, row jsonb not null)`,
  ...indexed.map((field) => `create index on ${name} using gin ((row->'${fieldName(field)}') jsonb_path_ops)`),
];

/** The same for a view that follows the log, with the table that it is rebuilt in. */
export const followedTable = (name: string, indexed: readonly string[] = []): string[] => [
  ...rowTable(name, indexed),
  ...rowTable(nextTable(name)),
];

export const nextTable = (name: string): string => identified(`${name}_next`);

/** `field` itself; throws a `RangeError` unless it is a plain JSON field name. */
export function fieldName(field: string): string {
  if (!/^[A-Za-z][A-Za-z0-9_]{0,62}$/.test(field)) throw new RangeError(`not a field name: ${field}`);
  return field;
}
