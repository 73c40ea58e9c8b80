import { PostgresStore, asyncProjectionTables, type Projection, AsyncProjection } from '@orderloom/event-sourcing';
import pg from 'pg';
import { payload } from './append.js';
import { type Figure, interleaved, rate } from '../setup/rounds.js';
import { seed } from '../setup/seed.js';
import type { Surroundings } from '../setup/surroundings.js';

const batch = 5_000;

interface Thing {
  readonly stream: string;
  readonly happened: number;
  readonly amount: number;
}

export const things: Projection = {
  table: 'things',
  key: (event) => event.stream,
  evolve: (row, event) => {
    const { happened = 0, amount = 0 } = (row ?? {}) as Partial<Thing>;
    return { stream: event.stream, happened: happened + 1, amount: amount + (event.data as { amount: number }).amount };
  },
};

/** P2: a view is folded anew from all events, beside the live one, against reading all rows with a cursor and parsing their JSON. */
export async function rebuilding({ database, rounds, share }: Surroundings): Promise<Figure[]> {
  const events = Math.round(share * 200_000);
  const url = await database('p2');
  const store = await PostgresStore.open({ url });
  await store.migrate();
  for (const statement of asyncProjectionTables('things')) await store.pool.query(statement);
  await seed(store.pool, events, payload);
  const follower = new AsyncProjection({ store, name: 'things', views: [things], onError: (error) => console.error(error) });
  follower.start();
  const compared = await interleaved(
    rounds,
    () => rate(events, () => follower.rebuild()),
    () => rate(events, () => readAll(url, events)),
  );
  const folded = await store.pool.query<{ n: string }>("select sum((row->>'happened')::int) as n from things");
  if (Number(folded.rows[0]?.n) !== events) throw new Error(`the view holds ${folded.rows[0]?.n} of ${events} events`);
  await follower.stop();
  await store.close();
  return [
    {
      ...{ id: 'P2', what: `rebuild a view of ${events.toLocaleString('en')} events, by reading them`, unit: 'events/s', ...compared },
      ...{ goal: '>= 0.6', met: compared.ratio.median >= 0.6 },
    },
  ];
}

/** All rows by a server-side cursor; the driver parses nothing, so that `JSON.parse` is done once and here. */
async function readAll(url: string, events: number): Promise<void> {
  const client = new pg.Client({ connectionString: url, types: { getTypeParser: () => (text: string) => text } });
  await client.connect();
  await client.query('begin; declare all_events no scroll cursor for select * from events order by xid, position');
  let read = 0;
  for (;;) {
    const { rows } = await client.query<{ data: string; objects: string }>(`fetch ${batch} from all_events`);
    for (const row of rows) {
      JSON.parse(row.data);
      JSON.parse(row.objects);
    }
    read += rows.length;
    if (rows.length === 0) break;
  }
  await client.query('commit');
  await client.end();
  if (read !== events) throw new Error(`${read} of ${events} events were read`);
}
