import { jest } from '@jest/globals';
import { type FlowInstance, FlowRuntime, FlowLivenessCheck } from '@orderloom/flows';
import { addDuration, englishCalendar } from '@orderloom/kernel';
import { box, errand } from '../../../libs/flows/src/testing/errand.fixture.js';
import { brokenIn, named } from '../support/boxes.js';
import { Errands, friday, monday } from '../support/errands.js';
import { eventually } from '../support/eventually.js';
import { describeOnKafka } from '../support/kafka/on-kafka.js';
import { endProcesses, type TestProcess } from '../support/test-process.js';

const many = process.env['FAULTS_LONG'] ? 100_000 : 1_000;
const how = process.env['FAULTS_LONG'] ? '' : ' (1,000 here, 100,000 with FAULTS_LONG=1)';
jest.setTimeout(many * 20 + 120_000);

let errands: Errands;
beforeEach(async () => void (errands = await Errands.open('deadlines')));
afterEach(async () => {
  await endProcesses();
  await errands.close();
});

/** Begins an errand of each subject; a working day later its warehouse is reminded. */
async function begun(subjects: readonly string[]): Promise<void> {
  const { store } = errands;
  const runtime = new FlowRuntime({
    store,
    service: 'order',
    flows: [errand],
    commands: { PutThing: { decider: box, id: 'orderNumber' } },
  });
  const next = subjects.values();
  const begin = async (): Promise<void> => {
    for (const subject of next) {
      const data = { orderNumber: subject, promisedAt: monday, budget: 100 };
      await runtime.handleEvent({
        id: `wanted-${subject}`,
        source: '/test',
        type: 'GoodsWanted',
        typeVersion: 1,
        subject,
        time: friday,
        data,
      });
    }
  };
  await Promise.all(Array.from({ length: 64 }, begin));
}

const one = async (subject: string): Promise<FlowInstance | undefined> => (await errands.store.rows<FlowInstance>('flows', { subject }))[0];
const reminders = async (subject: string): Promise<number> => (await one(subject))?.tasks[0]?.reminders ?? 0;

/** Errands by how often they were reminded. */
async function fired(): Promise<{ times: number; errands: number }[]> {
  const { rows } = await errands.store.pool.query<{ times: number; errands: number }>(
    `select times, count(*)::int as errands
     from (select count(*)::int as times from events where type = 'TaskReminded' group by stream) as each group by times order by times`,
  );
  return rows;
}
const firedInAll = async (): Promise<number> => (await fired()).reduce((sum, each) => sum + each.times * each.errands, 0);

describeOnKafka('fault 23: the clock of a node jumps an hour', () => {
  const early = '2010-12-06T08:59:59.999999Z';
  let worker: TestProcess;

  it.each([
    { what: 'forward', ms: 3_600_000 },
    { what: 'back', ms: -3_600_000 },
  ])('$what: a deadline fires by the clock of the database, neither early nor late (I8)', async ({ ms }) => {
    await begun(['early']);
    await errands.standsAt('2010-12-03T08:59:59.000000Z');
    await begun(['sooner']);
    worker = await errands.worker();
    await worker.clockOff(ms);
    await errands.standsAt(early);
    // once this one has fired, the worker has looked
    await eventually('the one that is due fires', async () => (await reminders('sooner')) === 1);
    expect(await reminders('early')).toBe(0);
    await errands.standsAt(monday);
    await eventually('the other one fires', async () => (await reminders('early')) === 1, { timeoutMs: 5000 });
    expect(await fired()).toEqual([{ times: 1, errands: 2 }]);
    expect(await brokenIn(errands.store, [new FlowLivenessCheck()])).toEqual([]);
  });
});

describe('fault 23: daylight saving time', () => {
  it.each([
    { what: 'clocks go forward', from: '2011-03-25T17:00:00.000000Z', at: '2011-03-28T16:00:00.000000Z' },
    { what: 'clocks go back', from: '2011-10-28T16:00:00.000000Z', at: '2011-10-31T17:00:00.000000Z' },
    { what: 'the time of day does not exist', from: '2011-03-25T01:30:00.000000Z', at: '2011-03-28T00:30:00.000000Z' },
  ])("$what over the weekend: a working day keeps the merchant's local time (I8)", ({ from, at }) => {
    expect(addDuration(from, { workingDays: 1 }, englishCalendar)).toBe(at);
  });
});

describeOnKafka(`fault 24: 100,000 deadlines due at once, worker killed half-way${how}`, () => {
  it('each has one effect, and the next worker fires the rest (I8, I11)', async () => {
    await begun(named('n', many));
    const killed = await errands.worker();
    await errands.standsAt(monday);
    await eventually('half of them have fired', async () => (await firedInAll()) >= many / 2, { timeoutMs: many * 10 + 60_000 });
    await killed.kill();
    expect(await firedInAll()).toBeLessThan(many);

    await errands.worker();
    await eventually('all have fired', async () => (await firedInAll()) >= many, { timeoutMs: many * 10 + 60_000 });
    expect(await fired()).toEqual([{ times: 1, errands: many }]);
    expect(await errands.store.due(1)).toEqual([]);
    expect(await brokenIn(errands.store, [new FlowLivenessCheck()])).toEqual([]);
  });
});
