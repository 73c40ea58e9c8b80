import { nameOf, type Queryable } from './sql.js';
import type { Outcome } from '../store.js';

export type Refused = Exclude<Outcome, { status: 'committed' }>;

/** One write of a transaction, for some of its `By`: SQL with its own `$1…` that returns the keys it touched as its one column. */
export interface Part<By> {
  readonly text: string;
  readonly values: readonly unknown[];
  /** It writes nothing: it is asked in place, which costs less. */
  readonly reads?: boolean;
  /** Its keys are of interest even where all went as it must. */
  readonly told?: boolean;
  /** Keys that must be touched; where one is missing, whose it is is refused. */
  readonly must?: readonly { readonly key: string; readonly by: By; readonly refused: Refused }[];
}

export interface PartsResult<By> {
  readonly refused: ReadonlyMap<By, Refused>;
  /** The keys that each part returned; of a strict run only of those that are `told`. */
  readonly touched: readonly (readonly string[])[];
  /** Id of the transaction that wrote. */
  readonly transaction?: string;
}

/** Takes the advisory locks of these keys, in their order, until the transaction ends. */
export const locking = (keys: string): string => `select count(pg_advisory_xact_lock(key)) from unnest(${keys}::bigint[]) as key`;

export interface RunOptions {
  /** Where anybody is refused it throws (`isRefusedUnit`), so that a COMMIT that was sent with it, or follows it, commits nothing. */
  readonly strict?: boolean;
  /** Advisory locks that are taken first, by a statement that is a transaction of its own. */
  readonly locks?: readonly number[];
  /** They are of one unit. */
  readonly isAlone?: boolean;
}

/** Arguments that a function of the server takes. */
const mostArguments = 100;

/**
 * SQL over rows of values of these types, which `sql` selects from: arrays, or the values of one row themselves, which the server need not
 * take apart. For a commit of one unit alone: each part that had a choice would double the statements that connections keep.
 */
export function overRows(
  types: readonly string[],
  sql: (rows: string) => string,
): (rows: readonly (readonly unknown[])[], isAlone: boolean) => Pick<Part<unknown>, 'text' | 'values'> {
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

/** Statements by what they are made of, part by part: to put one together takes longer than to send it. */
class KnownStatements {
  readonly longer = new Map<string, KnownStatements>();
  statement: Statement | undefined;
}
const statements = new KnownStatements();

type Locks = 'none' | 'one' | 'many';
const locksOf = ({ length }: readonly number[], isAlone: boolean): Locks =>
  length === 0 ? 'none' : isAlone && length === 1 ? 'one' : 'many';

function statementOf(parts: readonly Part<unknown>[], strict: boolean, locks: Locks): Statement {
  let at = statements;
  const step = (what: string): void => {
    const known = at.longer.get(what) ?? new KnownStatements();
    at.longer.set(what, known);
    at = known;
  };
  step(`${strict} ${locks}`);
  for (const { text, reads = false, told = false, must = [] } of parts) {
    step(text);
    step(`${reads} ${told} ${must.length > 0}`);
  }
  at.statement ??= composed(parts, strict, locks);
  return at.statement;
}

/** Its values are those of the parts, the locks, and how many keys each part must touch. */
function composed(parts: readonly Part<unknown>[], strict: boolean, locks: Locks): Statement {
  let values = 0;
  const ctes: string[] = [];
  const froms = parts.map(({ text, values: { length }, reads }, i) => {
    const own = `(${text.replace(/\$(\d+)/g, (_, n: string) => `$${Number(n) + values}`)})`;
    values += length;
    if (reads) return `${own} as p${i} (key)`;
    ctes.push(`p${i} (key) as ${own}`);
    return `p${i}`;
  });
  const columns: string[] = [];
  // what is selected is worked through from its left; a part that nothing is asked of would be run last, after those behind it: units
  // would wait for each other's rows. A column costs more than what is asked for in it.
  let silent: string[] = [];
  const say = (...told: string[]): void => {
    for (; silent.length > 0; silent = silent.slice(mostArguments))
      columns.push(`num_nonnulls(${silent.slice(0, mostArguments).join(', ')})`);
    columns.push(...told);
  };
  if (locks !== 'none') values += 1;
  if (locks === 'one') silent.push(`pg_advisory_xact_lock($${values}::bigint)`);
  if (locks === 'many') silent.push(`(${locking(`$${values}`)})`);
  parts.forEach(({ told = false, must = [] }, i) => {
    const count = `(select count(*) from ${froms[i]})`;
    if (strict && must.length > 0) silent.push(`case when ${count} < $${(values += 1)}::int then refuse_unit() end`);
    else if (strict && !told) silent.push(count);
    if (told || !strict) say(`array(select key::text from ${froms[i]}) as p${i}`);
  });
  // after the locks: it takes the transaction its id
  say('pg_current_xact_id()::text as transaction');
  const text = `${ctes.length > 0 ? `with ${ctes.join(',\n')}\n` : ''}select ${columns.join(', ')}`;
  return { name: nameOf(text, locks === 'none' ? undefined : 'commit-'), text };
}

/** Runs `parts`, which touch different rows, as one statement. */
export async function runParts<By>(
  client: Queryable,
  parts: readonly Part<By>[],
  { strict = false, locks: keys = [], isAlone = false }: RunOptions = {},
): Promise<PartsResult<By>> {
  const values = parts.flatMap((part) => part.values);
  const locks = locksOf(keys, isAlone);
  if (locks !== 'none') values.push(locks === 'one' ? keys[0] : keys);
  if (strict) for (const { must = [] } of parts) if (must.length > 0) values.push(must.length);
  const { name, text } = statementOf(parts, strict, locks);
  const row = (await client.query<Record<string, string[]> & { transaction: string }>({ name, text, values })).rows[0];
  const touched = parts.map((_, i) => row?.[`p${i}`] ?? []);
  const refused = new Map<By, Refused>();
  for (const [i, { must = [] }] of strict ? [] : parts.entries()) {
    const there = new Set(touched[i]);
    for (const { key, by, refused: why } of must) if (!there.has(key) && !refused.has(by)) refused.set(by, why);
  }
  return { refused, touched, transaction: row?.transaction };
}
