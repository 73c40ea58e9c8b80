import { createDatabase, dropDatabases, TokenKeys } from '@orderloom/dev-services';
import { execute, gapRow, PostgresStore, resolveGap, Retries } from '@orderloom/event-sourcing';
import { flowMigrations } from '@orderloom/flows';
import { chineseCalendar, englishCalendar, Refusal } from '@orderloom/kernel';
import { MemoryLog } from '@orderloom/messaging';
import { Registry } from 'prom-client';
import { createHttp } from '../http/http.js';
import { createLog } from './logger.js';
import { registerMetrics, measureCommands } from './metrics.js';
import { calendarWarnings, serviceMeasures } from './service-metrics.js';

const server = process.env['TEST_DATABASE_URL'] ?? '';
const name = `metrics_${process.pid}`;
const topic = 'orderloom.order.events';
const log = new MemoryLog();
const registry = new Registry();
const retries = new Retries();
let store: PostgresStore;
const calendars = [englishCalendar, chineseCalendar];

beforeAll(async () => {
  store = await PostgresStore.open({ url: await createDatabase(server, name), migrations: flowMigrations });
  await store.migrate();
  await log.ensureTopics([{ topic, partitions: 1, config: {} }]);
  registerMetrics(
    registry,
    serviceMeasures({ store, log, group: 'orderloom.test', topics: [topic], calendars: async () => calendars, retries }),
  );
});
afterAll(async () => {
  await store?.close();
  await dropDatabases(server, [name]);
});

/** The value of a metric, of one of its labels. */
async function value(metric: string, label?: string): Promise<number | undefined> {
  const found = (await registry.getMetricsAsJSON()).find((m) => m.name === metric);
  return found?.values.find((v) => label === undefined || Object.values(v.labels).includes(label))?.value;
}
const meta = { by: 'test' };
const unit = (stream: string) => ({
  meta,
  appends: [{ stream, subject: stream, expected: 'none' as const, events: [{ type: 'ThingHappened', data: {} }] }],
});

describe('the metrics of a service', () => {
  it('all gauges are zero without work', async () => {
    for (const waits of ['relay_lag_events', 'relay_lag_seconds', 'parked_messages', 'parked_flows', 'overdue_deadlines', 'overdue_tasks'])
      expect([waits, await value(`orderloom_${waits}`)]).toEqual([waits, 0]);
    expect(await value('orderloom_consumer_lag_records', topic)).toBe(0);
  });

  it('unpublished events and their age are measured', async () => {
    await store.commit(unit('a'));
    await store.commit(unit('b'));
    expect(await value('orderloom_relay_lag_events')).toBe(2);
    expect(await value('orderloom_relay_lag_seconds')).toBeGreaterThan(0);
    const [first] = await store.read({ transaction: '0', position: '0' }, 1);
    await store.commit({ meta, checkpoint: { name: 'relay/0-of-1', cursor: first?.cursor ?? { transaction: '0', position: '0' } } });
    expect(await value('orderloom_relay_lag_events')).toBe(1);
  });

  it('unhandled records are measured by topic', async () => {
    await log.publish([{ topic, key: '1', headers: {}, value: Buffer.from('{}') }]);
    expect(await value('orderloom_consumer_lag_records', topic)).toBe(1);
  });

  it('parked and overdue work is measured', async () => {
    const dueAt = '2010-12-01T08:00:00.000000Z';
    const flow = { status: 'active', tasks: [{ dueAt }, { dueAt: '2999-01-01T00:00:00.000000Z' }, { dueAt: null }] };
    await store.commit({
      meta,
      rows: [
        { op: 'put', table: 'parked', key: '1', row: { state: 'parked' } },
        { op: 'put', table: 'parked', key: '2', row: { state: 'queued' } },
        { op: 'put', table: 'parked', key: '3', row: { state: 'dismissed' } },
        { op: 'put', table: 'flows', key: '1', row: flow },
        { op: 'put', table: 'flows', key: '2', row: { status: 'parked', tasks: [] } },
      ],
      deadlines: [{ op: 'set', deadline: { id: 'd', generation: 1, dueAt, owner: '1', data: {} } }],
    });
    expect(await value('orderloom_parked_messages')).toBe(2);
    expect(await value('orderloom_parked_flows')).toBe(1);
    expect(await value('orderloom_overdue_deadlines')).toBe(1);
    expect(await value('orderloom_overdue_tasks')).toBe(1);
  });

  it('records missed by retention are measured by topic until they are resolved', async () => {
    const at = '2010-12-01T08:00:00.000000Z';
    await store.commit({
      meta,
      rows: [gapRow({ topic, partition: 0, from: 3, to: 7, at }), gapRow({ topic, partition: 1, from: 0, to: 1, at })],
    });
    expect(await value('orderloom_missed_records', topic)).toBe(5);
    await resolveGap(store, `${topic}/0/3`, 'said again', 'ann');
    expect(await value('orderloom_missed_records', topic)).toBe(1);
  });

  it('the days left in each calendar are measured', async () => {
    const left = Math.floor((Date.parse('2028-12-31T23:59:59Z') - Date.now()) / 86_400_000);
    expect(await value('orderloom_calendar_days_left', 'GB-england')).toBeCloseTo(left, -1);
    expect((await value('orderloom_calendar_days_left', 'CN')) ?? 0).toBeLessThan(left - 700);
  });

  it('a calendar that ends within 60 days is reported', () => {
    expect(calendarWarnings(calendars, '2026-11-01T12:00:00.000000Z')).toEqual([]);
    expect(calendarWarnings(calendars, '2026-11-29T12:00:00.000000Z')).toEqual([
      { calendar: 'CN', knownUntil: '2026-12-31', daysLeft: 32, source: chineseCalendar.source },
    ]);
  });

  it('retries are measured', async () => {
    retries.recordFailure({ what: 'message', id: 't/0/1', key: '1' }, new Error('no'));
    retries.recordFailure({ what: 'message', id: 't/0/1', key: '1' }, new Error('no'));
    expect([await value('orderloom_retrying', 'message'), await value('orderloom_retrying', 'deadline')]).toEqual([1, 0]);
    retries.forget('t/0/1');
    expect(await value('orderloom_retrying', 'message')).toBe(0);
  });

  it('the age of the oldest write transaction is measured', async () => {
    const client = await store.pool.connect();
    await client.query('begin; select pg_current_xact_id(), pg_sleep(0.05)');
    expect(await value('orderloom_oldest_write_transaction_seconds')).toBeGreaterThanOrEqual(0.05);
    await client.query('rollback');
    client.release();
  });

  it('units of work are counted by outcome', async () => {
    const before = (await value('orderloom_units_of_work_total', 'conflict')) ?? 0;
    await store.commit(unit('a'));
    expect(await value('orderloom_units_of_work_total', 'conflict')).toBe(before + 1);
  });

  it('conflicts are counted by the kind of stream', async () => {
    await store.commit(unit('order-7'));
    await store.commit(unit('order-7'));
    expect(await value('orderloom_append_conflicts_total', 'order')).toBe(1);
  });

  it('the duration of commands is measured by type and outcome', async () => {
    const stop = measureCommands(registry);
    const decider = { ...{ name: 'thing', initial: null, evolve: () => null, rules: { ThingHappened: 'ORD-01' } } };
    const happen = () => [{ type: 'ThingHappened' as const, data: {} }];
    const refuse = () => {
      throw new Refusal('no', 'no');
    };
    await execute(store, { decider: { ...decider, decide: happen }, id: '1', command: { type: 'Happen' }, meta });
    await expect(execute(store, { decider: { ...decider, decide: refuse }, id: '1', command: { type: 'Happen' }, meta })).rejects.toThrow(
      Refusal,
    );
    stop();
    const text = await registry.metrics();
    for (const outcome of ['committed', 'refused'])
      expect(text).toContain(`orderloom_command_duration_seconds_count{noun="thing",command="Happen",outcome="${outcome}"} 1`);
  });

  it('permitted roles read them over HTTP, with the duration of requests', async () => {
    const keys = await TokenKeys.make();
    const tokens = { keys: keys.jwks, issuer: 'orderloom', audience: 'orderloom' };
    class Nothing {}
    const app = await createHttp(Nothing, {
      info: { title: 'a service', version: '0' },
      tokens,
      log: createLog('metrics', 'silent'),
      metrics: registry,
    });
    const read = async (role: 'operator' | 'storefront') =>
      app.inject({ url: '/metrics', headers: { authorization: `Bearer ${await keys.sign(role, 'somebody')}` } });
    expect((await read('storefront')).statusCode).toBe(403);
    const { statusCode, headers, body } = await read('operator');
    expect([statusCode, headers['content-type']]).toEqual([200, expect.stringContaining('text/plain')]);
    expect(body).toContain('# TYPE orderloom_relay_lag_events gauge');
    expect(body).toMatch(
      /http_server_request_duration_seconds_count\{http_request_method="GET",http_route="\/metrics",http_response_status_code="403"\} 1/,
    );
    await app.close();
  });
});
