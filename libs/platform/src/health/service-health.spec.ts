import { createDatabase, dropDatabases } from '@orderloom/dev-services';
import { Consumer, MemoryStore, PostgresStore, Relay } from '@orderloom/event-sourcing';
import { type LogSubscription, MemoryLog, type RunningSubscription } from '@orderloom/messaging';
import { type ExampleServer, startExample } from '../http/example-server.fixture.js';
import { HealthRegistry } from './health.js';
import { checkReadiness } from './service-health.js';

const url = process.env['TEST_DATABASE_URL'] ?? '';
const database = `health_${process.pid}`;
const topic = 'orderloom.order.events';

/** A log whose client a test may let die. */
class DyingLog extends MemoryLog {
  die: (error: Error) => void = () => undefined;

  override subscribe(subscription: LogSubscription): Promise<RunningSubscription> {
    this.die = subscription.onCrash;
    return super.subscribe(subscription);
  }
}

let server: ExampleServer;
let store: PostgresStore;
let log: DyingLog;
let consumer: Consumer;
let draining: boolean;
beforeEach(async () => {
  server = await startExample();
  store = await PostgresStore.open({ url: await createDatabase(url, database) });
  await store.migrate();
  log = new DyingLog();
  await log.ensureTopics([{ topic, partitions: 1, config: {} }]);
  const subscriptions = [{ topic, type: 'OrderPlaced', parse: (data: unknown) => data, handle: async () => undefined }];
  consumer = new Consumer({ store, log, group: 'g', subscriptions });
  draining = false;
});
afterEach(async () => {
  await log.close();
  await store.close();
  await dropDatabases(url, [database]);
  await server.app.close();
});

const well = { check: async () => undefined } as never;
const nothingHalted = { health: () => [{ holds: true, lagEvents: 0 }] };
const check = (more: { relay?: Pick<Relay, 'health'>; ring?: never } = {}) =>
  checkReadiness(server.app.get(HealthRegistry), { store, ring: well, consumer, relay: nothingHalted, draining: () => draining, ...more });

/** Results of the probes: the process is alive while it waits for anything. */
async function said(): Promise<unknown> {
  const probe = (of: string) => server.app.inject({ url: `/health/${of}` });
  const [live, ready] = await Promise.all([probe('live'), probe('ready')]);
  expect(live.json()).toEqual({ status: 'up' });
  const { detail, status } = ready.json<{ detail?: string; status: unknown }>();
  return status === 'up' ? 'ready' : detail;
}

describe('the readiness of a service', () => {
  it('it is ready once it reads the log', async () => {
    check();
    expect(await said()).toBe('Not ready: consumer.');
    await consumer.start(() => undefined);
    expect(await said()).toBe('ready');
  });

  it('it is not ready after its consumer has crashed', async () => {
    check();
    const crashes: Error[] = [];
    await consumer.start((error) => void crashes.push(error));
    log.die(new Error('a codec that nobody knows'));
    expect([await said(), crashes.length]).toEqual(['Not ready: consumer.', 1]);
  });

  it('it is not ready after its consumer has stopped', async () => {
    check();
    await consumer.start(() => undefined);
    await consumer.stop();
    expect(await said()).toBe('Not ready: consumer.');
  });

  it('it is not ready without its store', async () => {
    check();
    await consumer.start(() => undefined);
    await dropDatabases(url, [database]);
    expect(await said()).toBe('Not ready: store.');
  });

  it('it is not ready without its key ring', async () => {
    check({ ring: { check: () => Promise.reject(new Error('down')) } as never });
    await consumer.start(() => undefined);
    expect(await said()).toBe('Not ready: key ring.');
  });

  it('it is not ready after its relay has halted', async () => {
    const disordered = new MemoryStore();
    for (const stream of ['a', 'a', 'a'])
      await disordered.commit({
        meta: { by: 'test' },
        appends: [{ stream, subject: '1', expected: 'any', events: [{ type: 'ThingHappened', data: {} }] }],
      });
    const read = disordered.read.bind(disordered);
    disordered.read = async (cursor, limit) => [...(await read(cursor, limit))].reverse();
    let complain = (): void => undefined;
    const complained = new Promise<void>((resolve) => (complain = resolve));
    const relay = new Relay({ store: disordered, log, source: '/test', publications: [], onError: () => complain() });
    check({ relay });
    await consumer.start(() => undefined);
    relay.start();
    await complained;
    expect(await said()).toBe('Not ready: relay.');
    await relay.stop();
  });

  it('it is not ready while it shuts down', async () => {
    check();
    await consumer.start(() => undefined);
    draining = true;
    expect(await said()).toBe('Not ready: process.');
  });
});
