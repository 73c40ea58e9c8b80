import { prepared, type Queryable } from './sql.js';
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
  readonly locks?: readonly bigint[];
}

/** Runs `parts`, which touch different rows, as one statement. */
export async function runParts<By>(
  client: Queryable,
  parts: readonly Part<By>[],
  { strict = false, locks = [] }: RunOptions = {},
): Promise<PartsResult<By>> {
  const values: unknown[] = [];
  const ctes = parts.map((part, i) => {
    const offset = values.length;
    values.push(...part.values);
    return `p${i} (key) as (${part.text.replace(/\$(\d+)/g, (_, n: string) => `$${Number(n) + offset}`)})`;
  });
  // the list of what is selected is worked through from its left
  if (locks.length > 0) ctes.unshift(`locked as materialized (${locking(`$${values.push(locks)}`)})`);
  const locked = locks.length > 0 ? '(select count(*) from locked) as locked, ' : '';
  // a part that nothing is asked of would be run last, after those behind it: units would wait for each other's rows
  const keys = parts.map(({ told }, i) =>
    strict && !told ? `, (select count(*) from p${i}) as n${i}` : `, array(select key::text from p${i}) as p${i}`,
  );
  const short = parts.flatMap(({ must = [] }, i) =>
    strict && must.length > 0 ? [`(select count(*) from p${i}) < $${values.push(must.length)}::int`] : [],
  );
  const refusing = short.length > 0 ? `, case when ${short.join(' or ')} then refuse_unit() end as refused` : '';
  const text = `with ${ctes.join(',\n')}\nselect ${locked}pg_current_xact_id()::text as transaction${keys.join('')}${refusing}`;
  const row = (
    await client.query<Record<string, string[]> & { transaction: string }>(prepared(text, values, locked === '' ? undefined : 'commit-'))
  ).rows[0];
  const touched = parts.map((_, i) => row?.[`p${i}`] ?? []);
  const refused = new Map<By, Refused>();
  for (const [i, { must = [] }] of strict ? [] : parts.entries()) {
    const there = new Set(touched[i]);
    for (const { key, by, refused: why } of must) if (!there.has(key) && !refused.has(by)) refused.set(by, why);
  }
  return { refused, touched, transaction: row?.transaction };
}
