import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createDatabase } from '@orderloom/dev-services';
import { Consumer, publishedEventIds, PostgresStore, PublicationCheck, type RecordedEvent, Relay, start } from '@orderloom/event-sourcing';
import type { Log } from '@orderloom/messaging';
import { openTestStore } from '../../libs/event-sourcing/src/postgres/postgres.fixture.js';
import { brokenIn } from '../faults/support/boxes.js';
import { publicationsTo } from '../faults/support/kafka/box-wire.js';
import { eventually } from '../faults/support/eventually.js';
import { PositionReader } from '../faults/support/naive.js';
import { SoakReader } from './readers.js';
import { SoakWriter, type Written } from './writers.js';

const writers = 8;
const shards = 3;
const source = '/orderloom/soak';
const relayShards = 2;

export interface Soaked {
  /** Events that were committed. */
  readonly committed: number;
  readonly conflicts: number;
  readonly rolledBack: number;
  /** Transactions that committed behind later ones. */
  readonly late: number;
  /** Transactions that were refused since they had taken their id before others that appended first. */
  readonly early: number;
  /** Effects of consumers. */
  readonly effects: number;
  /** Events that a reader by position alone missed. */
  readonly lostByPosition: number;
  /** Events that came before an earlier one of their stream, where the store's guard is left out. */
  readonly invertedUnguarded: number;
  /** Violated invariants: `I3 …`. */
  readonly broken: readonly string[];
}

interface SoakOptions {
  /** Of the Postgres server. */
  readonly server: string;
  readonly log: Log;
  readonly seconds: number;
  readonly say?: (line: string) => void;
}

/** Everything that goes wrong elsewhere, all at once for `seconds`, then an audit. */
export async function soak({ server, log, seconds, say = () => undefined }: SoakOptions): Promise<Soaked> {
  const database = (name: string) => createDatabase(server, `soak_${name}_${process.pid}_${Date.now()}`);
  const [url, heardUrl, naiveUrl] = await Promise.all([database('main'), database('heard'), database('naive')]);
  const [store, heard, naive] = await Promise.all([
    openTestStore('soak', { url, poolSize: 12 }),
    openTestStore('soak', { url: heardUrl, poolSize: 4 }),
    openTestStore('soak', { url: naiveUrl, poolSize: 2 * writers }),
  ]);
  const stores = await Promise.all(Array.from({ length: writers }, () => PostgresStore.open({ url, poolSize: 3 })));
  const topic = `test.${randomUUID()}`;
  await log.ensureTopics([{ topic, partitions: 4, config: {} }]);

  const publications = publicationsTo(topic);
  const relay = new Relay({ store, log, source, publications, shards: relayShards });
  const consumers = await Promise.all([1, 2].map(() => consumer(heard, log, topic)));
  relay.start();
  const readers = Array.from({ length: shards }, (_, index) => new SoakReader(store, index, shards));
  const byPosition = new PositionReader(store);
  const written: Written = { committed: new Set(), conflicts: 0, rolledBack: 0, late: 0, early: 0, looks: 0 };
  const state = { writing: true };
  const polling = [...readers, byPosition].map(async (reader) => {
    while (state.writing) {
      await reader.poll();
      if (reader === byPosition) written.looks += 1;
      await pause(2);
    }
  });

  const end = performance.now() + seconds * 1000;
  const all = stores.map((one, i) => new SoakWriter(i, one, naive, written, () => performance.now() > end).run());
  const progress = setInterval(() => {
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    say(`${left} s left: ${written.committed.size} events committed, ${byPosition.read.length} read by position`);
  }, 5000);
  await Promise.all(all);
  clearInterval(progress);
  state.writing = false;
  await Promise.all(polling);
  await byPosition.poll();

  const { size } = written.committed;
  const read = (): number => readers.reduce((sum, { seen }) => sum + seen.size, 0);
  const more = async (): Promise<boolean> => (await Promise.all(readers.map((reader) => reader.poll()))).every((n) => n === 0);
  await eventually(
    () => `readers get ${size} events; they have ${read()}`,
    async () => (await more()) && read() >= size,
  );
  const handled = async () => Number((await heard.pool.query<{ n: string }>('select count(*) as n from events')).rows[0]?.n);
  await eventually(
    async () => `${size} effects; there are ${await handled()}`,
    async () => (await handled()) >= size,
    { timeoutMs: 120_000 },
  );
  const lag = async () => (await log.lag(`${topic}.heard`, [topic]))[topic];
  await eventually('consumers and relay have come to the end', async () => (await lag()) === 0, { timeoutMs: 120_000 });
  say('auditing');

  const published = new PublicationCheck({
    publishedIds: () => publishedEventIds(log, source, [topic]),
    publications,
    upcast: (event) => event,
    topics: [topic],
  });
  const result = {
    committed: size,
    conflicts: written.conflicts,
    rolledBack: written.rolledBack,
    late: written.late,
    early: written.early,
    effects: await handled(),
    lostByPosition: size - new Set(byPosition.ids).size,
    invertedUnguarded: await inverted(naive),
    broken: [
      ...readers.flatMap(({ wrong }) => wrong),
      ...readers.flatMap(({ seen }) =>
        [...seen].filter((id) => !written.committed.has(id)).map((id) => `I2 ${id} was read and never committed`),
      ),
      ...(await brokenIn(store, [published])),
      ...(await brokenIn(heard)),
    ],
  };
  await Promise.all(consumers.map((one) => one.stop()));
  await relay.stop();
  await Promise.all([store, heard, naive, ...stores].map((one) => one.close()));
  return result;
}

/** Each message leaves one event in the stream of its key. */
async function consumer(store: PostgresStore, log: Log, topic: string): Promise<Consumer> {
  const heard = new Consumer({
    store,
    log,
    group: `${topic}.heard`,
    subscriptions: [
      {
        topic,
        type: 'ThingHappened',
        parse: (data) => data,
        handle: async ({ id, subject }) => {
          const appends = [{ stream: `heard-${subject}`, subject, expected: 'any' as const, events: [{ type: 'Heard', data: { id } }] }];
          await store.commit({ meta: { by: 'soak', causation: id }, inbox: { consumer: 'soak', message: id }, appends });
        },
      },
    ],
  });
  await heard.start((error) => {
    throw error;
  });
  return heard;
}

async function inverted(store: PostgresStore): Promise<number> {
  const events: RecordedEvent[] = [];
  for (let cursor = start; ; cursor = events.at(-1)?.cursor ?? cursor) {
    const page = await store.read(cursor, 1000);
    if (page.length === 0) break;
    events.push(...page);
  }
  const last = new Map<string, number>();
  return events.filter(({ stream, version }) => {
    const before = last.get(stream) ?? 0;
    last.set(stream, Math.max(before, version));
    return version < before;
  }).length;
}
