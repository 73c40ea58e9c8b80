import { nameOf, type Queryable } from '../sql.js';
import type { Outcome } from '../../store/store.js';

export type RefusedOutcome = Exclude<Outcome, { status: 'committed' }>;

/**
 * One write of a shared transaction: SQL with its own `$1…` parameters that returns the affected keys as its only column. `By` identifies
 * the unit.
 */
export interface Cte<By> {
  readonly text: string;
  readonly values: readonly unknown[];
  /** The SQL writes nothing, so it is inlined instead of becoming a CTE, which is cheaper. */
  readonly readsOnly?: boolean;
  /** A strict run returns the keys too. */
  readonly returnsKeys?: boolean;
  /** Keys that must be affected. If a key is missing, the unit `by` is refused. */
  readonly requiredKeys?: readonly { readonly key: string; readonly by: By; readonly refused: RefusedOutcome }[];
}

export interface CteResults<By> {
  readonly refused: ReadonlyMap<By, RefusedOutcome>;
  /** Keys that each part returned; in a strict run only those of parts with `returnsKeys`. */
  readonly keys: readonly (readonly string[])[];
  /** Id of the transaction that wrote. */
  readonly transaction?: string;
}

/** SQL that takes the advisory locks of these keys in order; the transaction holds them until its end. */
export const locking = (keys: string): string => `select count(pg_advisory_xact_lock(key)) from unnest(${keys}::bigint[]) as key`;

export interface RunOptions {
  /** Raises an error (`isRefusedUnit`) if any unit is refused, so that the COMMIT behind it commits nothing. */
  readonly strict?: boolean;
  /** Keys of advisory locks to take first. The statement must be the whole transaction. */
  readonly locks?: readonly number[];
  /** All parts belong to one unit. */
  readonly isAlone?: boolean;
}

/** Maximum number of arguments of a Postgres function. */
const maxArguments = 100;

/**
 * Builds SQL over rows of values with the given types: as arrays for `unnest`, or as plain values if a single unit has one row, which the
 * server parses faster. The choice exists only for single-unit commits, because it doubles the number of prepared statements.
 */
export function valuesOrUnnest(
  types: readonly string[],
  sql: (rows: string) => string,
): (rows: readonly (readonly unknown[])[], isAlone: boolean) => Pick<Cte<unknown>, 'text' | 'values'> {
  const one = sql(`(values (${types.map((type, i) => `$${i + 1}::${type}`).join(', ')}))`);
  const many = sql(`unnest(${types.map((type, i) => `$${i + 1}::${type}[]`).join(', ')})`);
  return (rows, isAlone) =>
    isAlone && rows.length === 1
      ? { text: one, values: rows[0] ?? [] }
      : { text: many, values: types.map((_, column) => rows.map((row) => row[column])) };
}

interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Caches statements by the sequence of their parts: composing one takes longer than sending it. */
class StatementCache {
  readonly next = new Map<string, StatementCache>();
  statement: Statement | undefined;
}
const statementCache = new StatementCache();

type Locks = 'none' | 'one' | 'many';
const locksOf = ({ length }: readonly number[], isAlone: boolean): Locks =>
  length === 0 ? 'none' : isAlone && length === 1 ? 'one' : 'many';

function statementOf(parts: readonly Cte<unknown>[], strict: boolean, locks: Locks): Statement {
  let node = statementCache;
  const descend = (step: string): void => {
    const known = node.next.get(step) ?? new StatementCache();
    node.next.set(step, known);
    node = known;
  };
  descend(`${strict} ${locks}`);
  for (const { text, readsOnly = false, returnsKeys = false, requiredKeys = [] } of parts) {
    descend(text);
    descend(`${readsOnly} ${returnsKeys} ${requiredKeys.length > 0}`);
  }
  node.statement ??= compose(parts, strict, locks);
  return node.statement;
}

/** Composes one statement. Its parameters are those of the parts, then the locks, then the number of required keys of each part. */
function compose(parts: readonly Cte<unknown>[], strict: boolean, locks: Locks): Statement {
  let values = 0;
  const ctes: string[] = [];
  const froms = parts.map(({ text, values: { length }, readsOnly }, i) => {
    const own = `(${text.replace(/\$(\d+)/g, (_, n: string) => `$${Number(n) + values}`)})`;
    values += length;
    if (readsOnly) return `${own} as p${i} (key)`;
    ctes.push(`p${i} (key) as ${own}`);
    return `p${i}`;
  });
  const columns: string[] = [];
  // The server evaluates the select list from left to right, and unreferenced CTEs last. Every part is referenced in order, so that all
  // transactions take row locks in the same order. Checks share one column, since a column costs more than an argument.
  let pendingChecks: string[] = [];
  const addColumns = (...outputs: string[]): void => {
    for (; pendingChecks.length > 0; pendingChecks = pendingChecks.slice(maxArguments))
      columns.push(`num_nonnulls(${pendingChecks.slice(0, maxArguments).join(', ')})`);
    columns.push(...outputs);
  };
  if (locks !== 'none') values += 1;
  if (locks === 'one') pendingChecks.push(`pg_advisory_xact_lock($${values}::bigint)`);
  if (locks === 'many') pendingChecks.push(`(${locking(`$${values}`)})`);
  parts.forEach(({ returnsKeys = false, requiredKeys = [] }, i) => {
    const count = `(select count(*) from ${froms[i]})`;
    if (strict && requiredKeys.length > 0) pendingChecks.push(`case when ${count} < $${(values += 1)}::int then refuse_unit() end`);
    else if (strict && !returnsKeys) pendingChecks.push(count);
    if (returnsKeys || !strict) addColumns(`array(select key::text from ${froms[i]}) as p${i}`);
  });
  // Assigns the transaction id, which must happen after the locks are taken.
  addColumns('pg_current_xact_id()::text as transaction');
  const text = `${ctes.length > 0 ? `with ${ctes.join(',\n')}\n` : ''}select ${columns.join(', ')}`;
  return { name: nameOf(text, locks === 'none' ? undefined : 'commit-'), text };
}

/** Runs `parts`, which affect different rows, as one statement. */
export async function runCtes<By>(
  client: Queryable,
  parts: readonly Cte<By>[],
  { strict = false, locks: keys = [], isAlone = false }: RunOptions = {},
): Promise<CteResults<By>> {
  const values = parts.flatMap((part) => part.values);
  const locks = locksOf(keys, isAlone);
  if (locks !== 'none') values.push(locks === 'one' ? keys[0] : keys);
  if (strict) for (const { requiredKeys = [] } of parts) if (requiredKeys.length > 0) values.push(requiredKeys.length);
  const { name, text } = statementOf(parts, strict, locks);
  const row = (await client.query<Record<string, string[]> & { transaction: string }>({ name, text, values })).rows[0];
  const touched = parts.map((_, i) => row?.[`p${i}`] ?? []);
  const refused = new Map<By, RefusedOutcome>();
  for (const [i, { requiredKeys = [] }] of strict ? [] : parts.entries()) {
    const found = new Set(touched[i]);
    for (const { key, by, refused: why } of requiredKeys) if (!found.has(key) && !refused.has(by)) refused.set(by, why);
  }
  return { refused, keys: touched, transaction: row?.transaction };
}
