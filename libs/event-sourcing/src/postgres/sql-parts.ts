import { nameOf, type Queryable } from './sql.js';
import type { Outcome } from '../store.js';

export type Refused = Exclude<Outcome, { status: 'committed' }>;

/** One write of a transaction, for some of its `By`: SQL with its own `$1…` that returns the keys it touched as its one column. */
export interface Part<By> {
  readonly text: string;
  readonly values: readonly unknown[];
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
export const locking = (keys: string): string => `select pg_advisory_xact_lock(key) from unnest(${keys}::bigint[]) as key`;

export interface RunOptions {
  /** Where anybody is refused it throws (`isRefusedUnit`), so that a COMMIT that was sent with it, or follows it, commits nothing. */
  readonly strict?: boolean;
  /** Advisory locks that are taken first, by a statement that is a transaction of its own. */
  readonly locks?: readonly number[];
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

function statementOf(parts: readonly Part<unknown>[], strict: boolean, isLocking: boolean): Statement {
  let at = statements;
  const step = (what: string): void => {
    const known = at.longer.get(what) ?? new KnownStatements();
    at.longer.set(what, known);
    at = known;
  };
  step(`${strict} ${isLocking}`);
  for (const { text, told = false, must = [] } of parts) {
    step(text);
    step(`${told} ${must.length > 0}`);
  }
  at.statement ??= composed(parts, strict, isLocking);
  return at.statement;
}

/** Its values are those of the parts, the locks, and how many keys each part must touch. */
function composed(parts: readonly Part<unknown>[], strict: boolean, isLocking: boolean): Statement {
  let values = 0;
  const ctes = parts.map((part, i) => {
    const offset = values;
    values += part.values.length;
    return `p${i} (key) as (${part.text.replace(/\$(\d+)/g, (_, n: string) => `$${Number(n) + offset}`)})`;
  });
  // the list of what is selected is worked through from its left
  if (isLocking) ctes.unshift(`locked as materialized (${locking(`$${(values += 1)}`)})`);
  const locked = isLocking ? '(select count(*) from locked) as locked, ' : '';
  // a part that nothing is asked of would be run last, after those behind it: units would wait for each other's rows
  const keys = parts.map(({ told }, i) =>
    strict && !told ? `, (select count(*) from p${i}) as n${i}` : `, array(select key::text from p${i}) as p${i}`,
  );
  const short = parts.flatMap(({ must = [] }, i) =>
    strict && must.length > 0 ? [`(select count(*) from p${i}) < $${(values += 1)}::int`] : [],
  );
  const refusing = short.length > 0 ? `, case when ${short.join(' or ')} then refuse_unit() end as refused` : '';
  const text = `with ${ctes.join(',\n')}\nselect ${locked}pg_current_xact_id()::text as transaction${keys.join('')}${refusing}`;
  return { name: nameOf(text, isLocking ? 'commit-' : undefined), text };
}

/** Runs `parts`, which touch different rows, as one statement. */
export async function runParts<By>(
  client: Queryable,
  parts: readonly Part<By>[],
  { strict = false, locks = [] }: RunOptions = {},
): Promise<PartsResult<By>> {
  const isLocking = locks.length > 0;
  const values = parts.flatMap((part) => part.values);
  if (isLocking) values.push(locks);
  if (strict) for (const { must = [] } of parts) if (must.length > 0) values.push(must.length);
  const { name, text } = statementOf(parts, strict, isLocking);
  const row = (await client.query<Record<string, string[]> & { transaction: string }>({ name, text, values })).rows[0];
  const touched = parts.map((_, i) => row?.[`p${i}`] ?? []);
  const refused = new Map<By, Refused>();
  for (const [i, { must = [] }] of strict ? [] : parts.entries()) {
    const there = new Set(touched[i]);
    for (const { key, by, refused: why } of must) if (!there.has(key) && !refused.has(by)) refused.set(by, why);
  }
  return { refused, touched, transaction: row?.transaction };
}
