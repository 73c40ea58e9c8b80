import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { createDatabase } from '@orderloom/dev-services';
import { PostgresStore, type RecordedEvent, start } from '@orderloom/event-sourcing';
import { type FlowInstance, flowMigrations, FlowsGoOn } from '@orderloom/flows';
import { encode, KafkaLog } from '@orderloom/messaging';
import { brokenIn } from './support/boxes.js';
import { eventually } from './support/eventually.js';
import { describeOnKafka } from './support/on-kafka.js';
import { PostgresProxy } from './support/postgres-proxy.js';
import { endProcesses, TestProcess } from './support/test-process.js';

jest.setTimeout(300_000);

const subject = '536365';
const friday = '2010-12-03T09:00:00.000000Z';
const monday = '2010-12-06T09:00:00.000000Z';

/** A service's store and topic; its clock stands, so that two runs can be compared to the byte. */
class Errands {
  private said = 0;
  private group = '';

  private constructor(
    readonly store: PostgresStore,
    readonly url: string,
    readonly proxy: PostgresProxy,
    readonly log: KafkaLog,
    readonly topic: string,
  ) {}

  static async open(name: string): Promise<Errands> {
    const url = await createDatabase(process.env['TEST_DATABASE_URL'] ?? '', `faults_${name}_${process.pid}_${Date.now()}`);
    const store = await PostgresStore.open({ url, migrations: flowMigrations });
    await store.migrate();
    const log = new KafkaLog({ brokers: (process.env['TEST_KAFKA_BROKERS'] ?? '').split(','), clientId: name });
    const topic = `test.${randomUUID()}`;
    await log.ensureTopics([{ topic, partitions: 1, config: {} }]);
    const errands = new Errands(store, url, await PostgresProxy.inFrontOf(url), log, topic);
    await errands.standsAt(friday);
    return errands;
  }

  /** A worker that begins as a new group: all that was ever said comes again. */
  worker(): Promise<TestProcess> {
    const brokers = (process.env['TEST_KAFKA_BROKERS'] ?? '').split(',');
    this.group = `${this.topic}.${randomUUID()}`;
    return TestProcess.start('flow', { url: this.proxy.url(), brokers, topic: this.topic, group: this.group });
  }

  /** Whether the last worker has handled all that was said. */
  async isRead(): Promise<boolean> {
    return (await this.log.lag(this.group, [this.topic]))[this.topic] === 0;
  }

  standsAt = async (at: string): Promise<void> => void (await this.store.pool.query('update clock set stands_at = $1', [at]));

  async say(type: string, data: object, flow?: string): Promise<void> {
    this.said += 1;
    const event = { id: `message-${this.said}`, source: '/test', type, typeVersion: 1, subject, time: friday, flow, data };
    await this.log.publish([{ topic: this.topic, key: subject, ...encode(event) }]);
  }

  async errand(): Promise<FlowInstance | undefined> {
    return (await this.store.rows<FlowInstance>('flows', { subject }))[0];
  }

  async answer(answer: object, teams: readonly string[]): Promise<void> {
    const taskId = (await this.errand())?.tasks[0]?.taskId;
    await this.say('TaskAnswered', { taskId, answer, by: 'li', teams });
  }

  /** Everything that is kept, but for places in the global order: an attempt that failed uses up a transaction id. */
  async kept(): Promise<string> {
    const placeless = ({ cursor: _cursor, ...event }: RecordedEvent) => event;
    const events = (await this.store.read(start, 1000)).map(placeless);
    const deadlines = await this.store.pool.query('select * from deadlines order by id');
    const inbox = await this.store.pool.query('select consumer, message from inbox order by 1, 2');
    return JSON.stringify({ events, row: await this.errand(), deadlines: deadlines.rows, inbox: inbox.rows });
  }

  /** Events that are committed. */
  async count(): Promise<number> {
    return (await this.store.read(start, 1000)).length;
  }

  async close(): Promise<void> {
    await Promise.all([this.log.close(), this.proxy.close(), this.store.close()]);
  }
}

/** An errand's way, message by message: a reminder falls due, the goods are dear, the customer pays, the parcel leaves. */
const course: readonly { readonly what: string; readonly happens: (errands: Errands) => Promise<void> }[] = [
  { what: 'start', happens: (e) => e.say('GoodsWanted', { orderNumber: subject, promisedAt: monday, budget: 100 }) },
  { what: 'deadline', happens: (e) => e.standsAt(monday) },
  { what: 'answer', happens: (e) => e.answer({ type: 'GoodsFound', price: 500 }, ['warehouse']) },
  { what: 'answer with a command to the own service', happens: (e) => e.answer({ type: 'PriceAccepted' }, ['customer']) },
  { what: 'result of its command', happens: async (e) => e.say('ThingPut', { orderNumber: subject }, (await e.errand())?.flowId) },
  { what: 'fact that ends it', happens: (e) => e.say('ParcelShipped', { orderNumber: subject }) },
];

let errands: Errands;
let undisturbed: Errands;
beforeAll(async () => void ([errands, undisturbed] = await Promise.all([Errands.open('killed'), Errands.open('undisturbed')])));
afterAll(async () => {
  await endProcesses();
  await Promise.all([errands.close(), undisturbed.close()]);
});

describeOnKafka('fault 6: kill -9 a flow’s worker at each step', () => {
  it.each(course)('at its $what: before the commit nothing is kept, after it all is, once (I4, I6)', async ({ happens }) => {
    const before = await errands.kept();
    await happens(errands);
    const writing = errands.proxy.nextCommit('before');
    const first = await errands.worker();
    await writing;
    await first.kill();
    await eventually('Postgres rolls back', async () => (await errands.kept()) === before);

    const written = errands.proxy.nextCommit('after');
    const second = await errands.worker();
    await written;
    await second.kill();
    expect(await errands.kept()).not.toBe(before);
  });

  it('comes to the same bytes as one that nobody disturbed, and its command was carried out once (I5, I6)', async () => {
    const worker = await undisturbed.worker();
    for (const { happens } of course) {
      const before = await undisturbed.count();
      await happens(undisturbed);
      await eventually('the step is done', async () => (await undisturbed.count()) > before);
    }
    await worker.stop();
    // to the one that was killed everything comes again
    const last = await errands.worker();
    await eventually('all has come again', () => errands.isRead());
    await last.stop();
    expect(await errands.kept()).toBe(await undisturbed.kept());
    expect(await errands.errand()).toMatchObject({ status: 'ended', outcome: 'done' });
    expect((await errands.store.load(`box-${subject}`)).events.map(({ type }) => type)).toEqual(['ThingPut']);
    for (const { store } of [errands, undisturbed]) expect(await brokenIn(store, [new FlowsGoOn()])).toEqual([]);
  });
});
