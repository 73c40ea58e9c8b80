import { prepared, type Queryable } from './sql.js';
import type { Outcome } from '../store.js';

export type Refused = Exclude<Outcome, { status: 'committed' }>;

/** One write of a unit of work: SQL with its own `$1…` that returns the keys it touched as its one column. */
export interface Part {
  readonly text: string;
  readonly values: readonly unknown[];
  /** Keys that must be touched; the first that is missing is refused. */
  readonly must?: { readonly keys: readonly string[]; readonly refused: (key: string) => Refused };
}

export interface PartsResult {
  readonly refused?: Refused;
  /** The keys that each part returned. */
  readonly touched: readonly (readonly string[])[];
  /** Id of the transaction that wrote. */
  readonly transaction: string;
}

/** Runs `parts`, which touch different rows, as one statement. */
export async function runParts(client: Queryable, parts: readonly Part[]): Promise<PartsResult> {
  const values: unknown[] = [];
  const ctes = parts.map((part, i) => {
    const offset = values.length;
    values.push(...part.values);
    return `p${i} (key) as (${part.text.replace(/\$(\d+)/g, (_, n: string) => `$${Number(n) + offset}`)})`;
  });
  const keys = parts.map((_, i) => `array(select key::text from p${i}) as p${i}`);
  const text = `with ${ctes.join(',\n')}\nselect pg_current_xact_id()::text as transaction, ${keys.join(', ')}`;
  const row = (await client.query<Record<string, string[]> & { transaction: string }>(prepared(text, values))).rows[0];
  const touched = parts.map((_, i) => row?.[`p${i}`] ?? []);
  const refused = parts.flatMap(({ must }, i) => {
    const missing = must?.keys.find((key) => !touched[i]?.includes(key));
    return must && missing !== undefined ? [must.refused(missing)] : [];
  });
  return { refused: refused[0], touched, transaction: row?.transaction ?? '' };
}
