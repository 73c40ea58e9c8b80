import type { QueryConfig } from 'pg';
import { validatedUnit } from './validated-unit.js';
import { beginLocked, plan, sendPredicted } from './postgres-commit.js';
import type { Preconditions } from './types.js';
import type { UnitOfWork } from '../../store/store.js';
import type { Queryable } from '../sql.js';
import { valuesOrUnnest, type Cte, runCtes } from './cte.js';

/** A connection that keeps what it was sent. */
function listening() {
  const sent: QueryConfig[] = [];
  const client = { query: async (query: QueryConfig) => (sent.push(query), { rows: [{}] }) } as unknown as Queryable;
  return { client, sent };
}

describe('the CTEs of a statement', () => {
  it('other CTEs yield another statement with another name', async () => {
    const { client, sent } = listening();
    const part: Cte<string> = { text: 'select $1', values: ['a'] };
    const requiredKeys = [{ key: 'a', by: 'me', refused: { status: 'duplicate' as const } }];
    const asked: [Cte<string>[], object][] = [
      [[{ ...part, requiredKeys }], {}],
      [[part], { strict: true }],
      [[{ ...part, returnsKeys: true, requiredKeys }], { strict: true }],
      [[{ ...part, requiredKeys }], { strict: true }],
      [[part], { strict: true, locks: [1], isAlone: true }],
      [[part], { strict: true, locks: [1] }],
      [[part, part], { strict: true }],
      [[{ ...part, readsOnly: true }], { strict: true }],
    ];
    for (const [parts, options] of asked) await runCtes(client, parts, options);
    expect(new Set(sent.map(({ text }) => text)).size).toBe(asked.length);
    expect(new Set(sent.map(({ name }) => name)).size).toBe(asked.length);
    expect(sent.map(({ values }) => values)).toEqual([['a'], ['a'], ['a', 1], ['a', 1], ['a', 1], ['a', [1]], ['a', 'a'], ['a']]);
    for (const [parts, options] of asked) await runCtes(client, parts, options);
    expect(sent.slice(asked.length)).toEqual(sent.slice(0, asked.length));
  });
});

describe('SQL over several rows', () => {
  const over = valuesOrUnnest(['text', 'int'], (rows) => `select from ${rows} as t (a, b)`);

  it('one row is written as values, several as columns', () => {
    expect(over([['x', 1]], true)).toEqual({ text: 'select from (values ($1::text, $2::int)) as t (a, b)', values: ['x', 1] });
    const rows = [
      ['x', 1],
      ['y', 2],
    ];
    const several = over(rows, true);
    expect(several.text).toBe('select from unnest($1::text[], $2::int[]) as t (a, b)');
    expect(over(rows.slice(0, 1), false).text).toBe(several.text);
    expect(several.values).toEqual([
      ['x', 'y'],
      [1, 2],
    ]);
  });
});

describe('the statement of several units', () => {
  const dueAt = '2010-12-01T08:26:00.000000Z';
  const unit = (id: string, what: Partial<UnitOfWork>): UnitOfWork => ({
    meta: { by: 'x' },
    appends: [{ stream: id, subject: id, expected: 0, events: [{ type: 'Happened', data: {} }] }],
    ...what,
  });
  const heard = (id: string) => ({ inbox: { consumer: 'test', message: id } });
  const waits = (id: string): Partial<UnitOfWork> => ({
    deadlines: [{ op: 'set', deadline: { id, generation: 1, dueAt, owner: id, data: {} } }],
    rows: [{ op: 'put', table: 'things', key: id, row: {} }],
  });

  it('it is the same for any number of units with a part, so that prepared statements stay few', async () => {
    const { client, sent } = listening();
    const seen: Preconditions = { now: dueAt, predicted: true, transaction: '', heads: new Map(), refused: () => undefined };
    for (const together of [
      [unit('a', heard('a')), unit('b', waits('b'))],
      [unit('a', { ...heard('a'), ...waits('a') }), unit('b', { ...heard('b'), ...waits('b') }), unit('c', heard('c'))],
    ]) {
      const units = together.map(validatedUnit);
      await sendPredicted(client, units, plan(units, seen));
    }
    expect(sent).toHaveLength(2);
    expect(sent[1]?.text).toBe(sent[0]?.text);
  });
});

describe('the locks of streams', () => {
  it('they are taken once each and in one order', async () => {
    const { client, sent } = listening();
    const streams = ['b', 'c', 'a', 'e', 'd', 'a'];
    const units = streams.map((stream) =>
      validatedUnit({
        meta: { by: 'x' },
        appends: [{ stream, subject: stream, expected: 'any', events: [{ type: 'Happened', data: {} }] }],
      }),
    );
    await beginLocked(client, units);
    const [keys] = (sent.at(-1)?.values ?? []) as [number[]];
    expect(keys).toHaveLength(5);
    expect(keys).toEqual(keys.toSorted((a, b) => a - b));
  });
});
