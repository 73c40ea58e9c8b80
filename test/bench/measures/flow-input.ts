import { PostgresStore } from '@orderloom/event-sourcing';
import { effects, flowMigrations, defineFlow, FlowRuntime } from '@orderloom/flows';
import { englishCalendar } from '@orderloom/kernel';
import { payload } from './append.js';
import { consumed, saidOn } from './fed.js';
import { type Figure, interleaved, rate, withCallers } from '../setup/rounds.js';
import { barePool, type Surroundings } from '../setup/surroundings.js';

const { ask } = effects<{ orderNumber: string }>();

/** Asks anew at each input, with a deadline: three events, its row, an inbox row, a deadline. */
export const asking = defineFlow<{ orderNumber: string }, { type: 'ThingSaid' }>()({
  service: 'order',
  policies: { version: '1', calendar: englishCalendar, deadlines: { answer: { rule: 'CS-02', days: 3 } } },
  startedBy: { ThingWanted: ({ orderNumber }: { orderNumber: string }) => ({ orderNumber }) },
}).chart({
  ...{ id: 'asking', version: '1', initial: 'one' },
  states: {
    one: { description: 'CS-02', entry: ask('service', 'a-question'), on: { ThingSaid: 'other' }, after: { answer: 'over' } },
    other: { description: 'CS-02', entry: ask('service', 'a-question'), on: { ThingSaid: 'one' }, after: { answer: 'over' } },
    over: { type: 'final', description: 'CS-03' },
  },
});

/** The fact that begins it. */
export const wanted = (subject: string) => ({
  ...{ id: subject, source: '/bench', type: 'ThingWanted', typeVersion: 1, subject, time: '' },
  data: { orderNumber: subject },
});

const flows = 1_000;

/** P1b: a flow's whole inputs, from a topic, against node-pg inserting one bare row per transaction with 32 callers. */
export async function flowInputs({ database, brokers, rounds, share }: Surroundings): Promise<Figure[]> {
  const count = Math.round(share * 8_000);
  const url = await database('p1b');
  const store = await PostgresStore.open({ url, migrations: flowMigrations });
  await store.migrate();
  const runtime = new FlowRuntime({ store, service: 'order', flows: [asking], commands: {} });
  await withCallers(64, flows, (n) => runtime.handleEvent(wanted(`S-${n}`)));
  const ids = await store.pool.query<{ subject: string; key: string }>("select row->>'subject' as subject, key from flows");
  const said = Array.from({ length: count }, (_, n) => {
    const { subject, key } = ids.rows[n % flows] ?? { subject: '', key: '' };
    return { subject, flow: key, data: payload(n) };
  });

  const bare = barePool(url, 32);
  await bare.query('create table bare (position bigint generated always as identity primary key, data jsonb not null)');
  const insert = { name: 'bare', text: 'insert into bare (data) values ($1)' };
  const compared = await interleaved(
    rounds,
    async () => consumed({ store, brokers }, await saidOn(brokers, 'flow', said), count, (m) => runtime.handleEvent(m as never)),
    () => rate(count, () => withCallers(32, count, (n) => bare.query({ ...insert, values: [JSON.stringify(payload(n))] }))),
  );
  const done = await store.pool.query<{ n: string }>(`select count(*) as n from events where type = 'FlowMoved'`);
  if (Number(done.rows[0]?.n) !== count * (rounds + 1))
    throw new Error(`flows moved ${done.rows[0]?.n} times, not ${count * (rounds + 1)}`);
  await bare.end();
  await store.close();
  const what = "a flow's whole input from a topic, by a bare row, 32 callers";
  return [{ ...{ id: 'P1b', what, unit: 'inputs/s', ...compared }, ...{ goal: '>= 0.8', met: compared.ratio.median >= 0.8 } }];
}
