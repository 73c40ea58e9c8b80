import { Clocks, setClock } from './clock.js';
import { createDatabase, dropDatabases, withClient } from './postgres/databases.js';

const server = process.env.TEST_DATABASE_URL ?? '';
const name = `clock_spec_${process.pid}`;
let url: string;

beforeAll(async () => {
  url = await createDatabase(server, name);
  await withClient(url, (client) =>
    client.query('create table clock (offset_micros bigint not null, stands_at timestamptz); insert into clock values (7)'),
  );
});
afterAll(() => dropDatabases(server, [name]));

/** Time as read by a service, and its distance from `at` in milliseconds. */
const distanceFrom = (at: string) =>
  withClient(url, async (client) => {
    const read = `select extract(epoch from coalesce(stands_at, clock_timestamp() + offset_micros * interval '1 microsecond') - $1::timestamptz)::float8 * 1000 as ms from clock`;
    return (await client.query<{ ms: number }>(read, [at])).rows[0]?.ms ?? Number.NaN;
  });

describe('the command that sets the clock', () => {
  it('the services read the given time, which runs on', async () => {
    await setClock([url], '2010-12-01T10:00:00Z');
    const first = await distanceFrom('2010-12-01T10:00:00Z');
    expect(first).toBeGreaterThanOrEqual(0);
    expect(first).toBeLessThan(60_000);
    expect(await distanceFrom('2010-12-01T10:00:00Z')).toBeGreaterThan(first);
  });

  it('after several changes the last one applies', async () => {
    const clocks = await Clocks.open([url]);
    for (const hour of ['10', '11', '12']) await clocks.move(`2010-12-01T${hour}:00:00Z`);
    await clocks.stop();
    expect(Math.abs(await distanceFrom('2010-12-01T12:00:00Z'))).toBeLessThan(60_000);
  });

  it('it waits until due deadlines have fired, and not for those that never do', async () => {
    await withClient(url, async (client) => {
      await client.query('create table deadlines (id text, due_at timestamptz)');
      await client.query("insert into deadlines values ('first', '2010-12-01T12:30Z'), ('parked', '2010-12-01T14:30Z')");
    });
    const clocks = await Clocks.open([url]);
    expect(await clocks.standAndFire('2010-12-01T12:00:00Z')).toBe(false);
    const moving = clocks.standAndFire('2010-12-01T13:00:00Z');
    await withClient(url, (client) => client.query("select pg_sleep(0.05); delete from deadlines where id = 'first'"));
    expect(await moving).toBe(true);
    expect(await clocks.standAndFire('2010-12-01T15:00:00Z')).toBe(true);
    expect(await clocks.standAndFire('2010-12-01T16:00:00Z')).toBe(false);
    expect(await distanceFrom('2010-12-01T16:00:00Z')).toBe(0);
    await clocks.stop();
  });

  it('the real time can be restored', async () => {
    await setClock([url], 'real');
    expect(Math.abs(await distanceFrom(new Date().toISOString()))).toBeLessThan(60_000);
  });

  it('an invalid time is refused', async () => {
    await expect(setClock([url], 'tomorrow')).rejects.toThrow('invalid instant "tomorrow"');
  });
});
