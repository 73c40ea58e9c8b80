import { createDatabase } from '@orderloom/dev-services';
import { box, type BoxEvent } from '../decider/box.fixture.js';
import { meta } from '../store/contract/contract-support.js';
import type { Projection } from '../decider/decider.js';
import { execute } from '../decider/execute.js';
import { openTestStore } from '../postgres/postgres.fixture.js';
import { PostgresStore } from '../postgres/postgres-store.js';
import { rebuildRowsMigration } from './rebuilt-rows.js';

interface Shown {
  readonly things: number;
  readonly closed?: boolean;
}

const view = (of: (row: Shown, type: BoxEvent['type']) => Shown | null): Projection<BoxEvent, Shown> => ({
  table: 'things',
  key: ({ subject }) => subject,
  evolve: (row, { type }) => of(row ?? { things: 0 }, type),
});
const counting = (row: Shown, type: string): Shown => (type === 'ThingPut' ? { ...row, things: row.things + 1 } : row);
const before = { ...box, views: [view(counting)] };
/** Shows more. */
const after = { ...box, views: [view((row, type) => ({ ...counting(row, type), closed: type === 'BoxClosed' }))] };

describe('the rebuild of rows by a migration (I7)', () => {
  let store: PostgresStore;
  let url: string;
  beforeEach(async () => {
    url = await createDatabase(process.env['TEST_DATABASE_URL'] ?? '', `es_rebuilt_${process.pid}_${Date.now()}`);
    store = await openTestStore('rebuilt', { url });
  });
  afterEach(() => store.close());

  const put = (id: string, thing = 'spoon') => execute(store, { decider: before, id, command: { type: 'Put', thing }, meta });
  const rowsOf = async ({ pool }: PostgresStore): Promise<[string, object][]> => {
    const { rows } = await pool.query<{ key: string; row: object }>('select key, row from things order by key collate "C"');
    return rows.map(({ key, row }) => [key, row]);
  };

  /** The next program's first start. */
  async function upgraded(): Promise<[string, object][]> {
    const next = await PostgresStore.open({ url, migrations: [rebuildRowsMigration('Boxes1764000000901', after)] });
    try {
      await next.migrate();
      return await rowsOf(next);
    } finally {
      await next.close();
    }
  }

  it('rows are folded again from all events, old versions included', async () => {
    const old = [{ type: 'ThingPut', data: { name: 'cup' } }];
    await store.commit({ meta, appends: [{ stream: 'box-1', subject: '1', expected: 'none', events: old }] });
    await put('1');
    await put('2');
    await execute(store, { decider: before, id: '2', command: { type: 'Close' }, meta });
    expect(await rowsOf(store)).toEqual([
      ['1', { things: 2 }],
      ['2', { things: 1 }],
    ]);
    expect(await upgraded()).toEqual([
      ['1', { things: 2, closed: false }],
      ['2', { things: 1, closed: true }],
    ]);
  });

  it('more streams than a batch are all rebuilt, and rows without a stream are removed', async () => {
    const ids = Array.from({ length: 450 }, (_, n) => `box${n}`);
    await Promise.all(ids.map((id) => put(id)));
    await store.commit({ meta, rows: [{ op: 'put', table: 'things', key: 'none', row: {} }] });
    expect((await upgraded()).map(([key]) => key)).toEqual([...ids].sort());
  });
});
