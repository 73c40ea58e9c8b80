import { createDatabase } from '@orderloom/dev-services';
import { newId } from '@orderloom/kernel';
import pg from 'pg';
import { numbers, record, texts, until } from '../contract/log.fixture.js';
import type { IncomingRecord } from '../log.js';
import { EmbeddedLog } from './embedded-log.js';

let url: string;
let pool: pg.Pool;
const logs: EmbeddedLog[] = [];
const openLog = (config: object = {}): EmbeddedLog => {
  const log = new EmbeddedLog({ url, clientId: 'test', ...config });
  logs.push(log);
  return log;
};
const onCrash = (error: Error): void => {
  throw error;
};

let topic: string;
beforeAll(async () => {
  url = await createDatabase(process.env['TEST_DATABASE_URL'] ?? '', `log_groups_${process.pid}_${Date.now()}`);
  pool = new pg.Pool({ connectionString: url });
});
beforeEach(async () => {
  topic = `test.${newId()}`;
  await openLog().ensureTopics([{ topic, partitions: 2, config: {} }]);
});
afterEach(() => Promise.all(logs.splice(0).map((log) => log.close())));
afterAll(() => pool.end());

const append = 'select log_append(array[$1], array[$2::bytea], array[$3], array[$4::bytea])';
const one = (value: string): unknown[] => [topic, 'k', '{}', value];
const offsets = async (): Promise<string[]> =>
  (await pool.query<{ offset: string }>('select "offset" from log_record where topic = $1 order by 1', [topic])).rows.map((r) => r.offset);

describe('writers in concurrent transactions', () => {
  it('offsets appear in order within a partition, and a rollback leaves no gap', async () => {
    const [first, gone, last] = await Promise.all([pool.connect(), pool.connect(), pool.connect()]);
    await first.query('begin');
    await first.query(append, one('first'));
    const waiting = gone.query('begin').then(() => gone.query(append, one('gone')));
    await until(
      async () => (await pool.query("select from pg_locks where not granted and locktype in ('tuple', 'transactionid')")).rowCount !== 0,
    );
    expect(await offsets()).toEqual([]);
    await first.query('commit');
    await waiting;
    await gone.query('rollback');
    await last.query(append, one('last'));
    for (const client of [first, gone, last]) client.release();
    expect(await offsets()).toEqual(['0', '1']);
  });

  it('a reader gets everything in order without a gap', async () => {
    const got: IncomingRecord[] = [];
    await openLog().subscribe({ group: topic, topics: [topic], onCrash, handle: async (records) => void got.push(...records) });
    const writers = numbers(4).map((n) => [n, openLog()] as const);
    await Promise.all(writers.flatMap(([n, log]) => numbers(50).map((i) => log.publish([record(topic, n, i), record(topic, `${n}'`, i)]))));
    await until(() => got.length === 400);
    for (const partition of [0, 1]) {
      const ofPartition = got.filter((r) => r.partition === partition).map((r) => r.offset);
      expect(ofPartition).toEqual(numbers(ofPartition.length));
    }
    for (const [n] of writers) expect(texts(got, n)).toEqual(numbers(50));
  });
});

describe('a member without heartbeat', () => {
  it('it loses its partitions when its lease ends and cannot commit any more', async () => {
    const join = () => pool.query('select * from log_join($1, $2, $3, $4)', [topic, '!silent', [topic], '300 ms']);
    expect((await join()).rowCount).toBe(2);
    const got: IncomingRecord[] = [];
    await openLog().subscribe({ group: topic, topics: [topic], onCrash, handle: async (records) => void got.push(...records) });
    await openLog().publish(numbers(20).map((n) => record(topic, n, n)));
    await until(() => got.length === 20);
    const { rows } = await pool.query('select log_commit($1, $2, $3, 0, 0) as ok', [topic, '!silent', topic]);
    expect(rows).toEqual([{ ok: false }]);
  });
});

describe('a joining member', () => {
  it('it gets a partition after the current batch of the other member', async () => {
    const events: string[] = [];
    let release: () => void = () => undefined;
    const handle = (name: string) => async (records: readonly IncomingRecord[]) => {
      for (const { partition } of records) events.push(`${name} begins ${partition}`);
      if (name === 'old') await new Promise<void>((resolve) => (release = resolve));
      for (const { partition } of records) events.push(`${name} ends ${partition}`);
    };
    await openLog({ maxRecords: 1, partitionsConsumedConcurrently: 1 }).subscribe({
      group: topic,
      topics: [topic],
      onCrash,
      handle: handle('old'),
    });
    await openLog().publish([record(topic, 'k', '1'), record(topic, 'k', '2')]);
    await until(() => events.length === 1);
    const held = async (): Promise<number> =>
      (await pool.query('select distinct member from log_place where group_id = $1 and member is not null', [topic])).rowCount ?? 0;
    for (let n = 0; (await held()) < 2 && n < 20; n += 1) {
      await openLog().subscribe({ group: topic, topics: [topic], onCrash, handle: handle('new') });
    }
    expect(events).toEqual([expect.stringMatching(/^old begins/)]);
    const timer = setInterval(() => release(), 5);
    await until(async () => (await openLog().lag(topic, [topic]))[topic] === 0);
    clearInterval(timer);
    for (const [i, event] of events.entries()) if (event.includes('begins')) expect(events[i + 1]).toBe(event.replace('begins', 'ends'));
  });
});
