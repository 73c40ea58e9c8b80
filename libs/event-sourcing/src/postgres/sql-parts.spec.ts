import type { QueryConfig } from 'pg';
import { checkedUnit } from './checked-unit.js';
import { beginLocked } from './postgres-commit.js';
import type { Queryable } from './sql.js';
import { overRows, type Part, runParts } from './sql-parts.js';

/** A connection that keeps what it was sent. */
function listening() {
  const sent: QueryConfig[] = [];
  const client = { query: async (query: QueryConfig) => (sent.push(query), { rows: [{}] }) } as unknown as Queryable;
  return { client, sent };
}

describe('parts of a statement', () => {
  it('are another statement, under another name, where something else is asked of them', async () => {
    const { client, sent } = listening();
    const part: Part<string> = { text: 'select $1', values: ['a'] };
    const must = [{ key: 'a', by: 'me', refused: { status: 'duplicate' as const } }];
    const asked: [Part<string>[], object][] = [
      [[{ ...part, must }], {}],
      [[part], { strict: true }],
      [[{ ...part, told: true, must }], { strict: true }],
      [[{ ...part, must }], { strict: true }],
      [[part], { strict: true, locks: [1] }],
      [[part], { strict: true, locks: [1, 2] }],
      [[part, part], { strict: true }],
      [[{ ...part, reads: true }], { strict: true }],
    ];
    for (const [parts, options] of asked) await runParts(client, parts, options);
    expect(new Set(sent.map(({ text }) => text)).size).toBe(asked.length);
    expect(new Set(sent.map(({ name }) => name)).size).toBe(asked.length);
    expect(sent.map(({ values }) => values)).toEqual([['a'], ['a'], ['a', 1], ['a', 1], ['a', 1], ['a', [1, 2]], ['a', 'a'], ['a']]);
    for (const [parts, options] of asked) await runParts(client, parts, options);
    expect(sent.slice(asked.length)).toEqual(sent.slice(0, asked.length));
  });
});

describe('SQL over rows', () => {
  const over = overRows(['text', 'int'], (rows) => `select from ${rows} as t (a, b)`);

  it('names the values of one, and takes apart the columns of several', () => {
    expect(over([['x', 1]])).toEqual({ text: 'select from (values ($1::text, $2::int)) as t (a, b)', values: ['x', 1] });
    const several = over([
      ['x', 1],
      ['y', 2],
    ]);
    expect(several.text).toBe('select from unnest($1::text[], $2::int[]) as t (a, b)');
    expect(several.values).toEqual([
      ['x', 'y'],
      [1, 2],
    ]);
  });
});

describe('the locks of streams', () => {
  it('are taken in one order by all, each once', async () => {
    const { client, sent } = listening();
    const streams = ['b', 'c', 'a', 'e', 'd', 'a'];
    const units = streams.map((stream) =>
      checkedUnit({ meta: { by: 'x' }, appends: [{ stream, subject: stream, expected: 'any', events: [{ type: 'Happened', data: {} }] }] }),
    );
    await beginLocked(client, units);
    const [keys] = (sent.at(-1)?.values ?? []) as [number[]];
    expect(keys).toHaveLength(5);
    expect(keys).toEqual(keys.toSorted((a, b) => a - b));
  });
});
