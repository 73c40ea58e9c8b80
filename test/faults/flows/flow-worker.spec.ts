import { jest } from '@jest/globals';
import { FlowLivenessCheck } from '@orderloom/flows';
import { brokenIn } from '../support/boxes.js';
import { Errands, monday, subject } from '../support/errands.js';
import { eventually } from '../support/eventually.js';
import { describeOnKafka } from '../support/kafka/on-kafka.js';
import { endProcesses } from '../support/test-process.js';

jest.setTimeout(300_000);

/** An errand's way, message by message: a reminder falls due, the goods are dear, the customer pays, the parcel leaves. */
const course: readonly { readonly what: string; readonly happens: (errands: Errands) => Promise<void> }[] = [
  { what: 'start', happens: (e) => e.publish('GoodsWanted', { orderNumber: subject, promisedAt: monday, budget: 100 }) },
  { what: 'deadline', happens: (e) => e.standsAt(monday) },
  { what: 'answer', happens: (e) => e.answer({ type: 'GoodsFound', price: 500 }, ['warehouse']) },
  { what: 'answer with a command to the own service', happens: (e) => e.answer({ type: 'PriceAccepted' }, ['customer']) },
  { what: 'result of its command', happens: async (e) => e.publish('ThingPut', { orderNumber: subject }, (await e.errand())?.flowId) },
  { what: 'fact that ends it', happens: (e) => e.publish('ParcelShipped', { orderNumber: subject }) },
];

let errands: Errands;
let undisturbed: Errands;
beforeAll(async () => void ([errands, undisturbed] = await Promise.all([Errands.open('killed'), Errands.open('undisturbed')])));
afterAll(async () => {
  await endProcesses();
  await Promise.all([errands.close(), undisturbed.close()]);
});

describeOnKafka('fault 6: kill -9 the worker of a flow at each step', () => {
  it.each(course)('at $what: before the commit nothing is stored, after it everything is, once (I4, I6)', async ({ happens }) => {
    const before = await errands.kept();
    const { said } = errands;
    await happens(errands);
    const writing = errands.proxy.nextCommit('before');
    const first = await errands.worker(said);
    await writing;
    await first.kill();
    await eventually('Postgres rolls back', async () => (await errands.kept()) === before);

    const written = errands.proxy.nextCommit('after');
    const second = await errands.worker(said);
    await written;
    await second.kill();
    expect(await errands.kept()).not.toBe(before);
  });

  it('the stored bytes equal those of an undisturbed run, and its command was executed once (I5, I6)', async () => {
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
    for (const { store } of [errands, undisturbed]) expect(await brokenIn(store, [new FlowLivenessCheck()])).toEqual([]);
  });
});
