import { jest } from '@jest/globals';
import { FlowRuntime, type TaskWork } from '@orderloom/flows';
import { box, errand } from '../../../libs/flows/src/testing/errand.fixture.js';
import { Errands, friday, monday } from '../support/errands.js';

jest.setTimeout(120_000);

let errands: Errands;
beforeAll(async () => void (errands = await Errands.open('claims')));
afterAll(() => errands.close());

const rounds = 40;
const found = { type: 'GoodsFound', price: 50 };

/** A process of its own: it shares nothing but the store with the others. */
const aRuntime = (): FlowRuntime =>
  new FlowRuntime({ store: errands.store, service: 'order', flows: [errand], commands: { PutThing: { decider: box, id: 'orderNumber' } } });

/** The task of a new errand. */
async function asked(subject: string): Promise<string> {
  const data = { orderNumber: subject, promisedAt: monday, budget: 100 };
  await aRuntime().handleEvent({ id: subject, source: '/test', type: 'GoodsWanted', typeVersion: 1, subject, time: friday, data });
  const [flow] = await errands.store.rows<{ tasks: { taskId: string }[] }>('flows', { subject });
  return String(flow?.tasks[0]?.taskId);
}

const claims = (taskId: string, by: string) => () =>
  aRuntime().handleTaskWork(taskId, { kind: 'claim', by } satisfies TaskWork, { id: `${taskId}/${by}` });

/** An answer over HTTP where it names a `person`, over Kafka without one. */
const answers = (taskId: string, id: string, person?: string) => () => {
  const data = { taskId, answer: found, by: person ?? 'a system', teams: ['warehouse'], person };
  return aRuntime().handleTaskAnswer({ id, source: '/test', type: 'TaskAnswered', typeVersion: 1, subject: '', time: friday, data });
};

/** Results of two concurrent requests, in each of many rounds. */
async function raced(name: string, contend: (taskId: string) => [() => Promise<unknown>, () => Promise<unknown>]): Promise<string[][]> {
  const ends: string[][] = [];
  for (let round = 0; round < rounds; round += 1) {
    const taskId = await asked(`${name}-${round}`);
    const both = await Promise.allSettled(contend(taskId).map((one) => one()));
    ends.push(both.map((end) => (end.status === 'fulfilled' ? String(end.value) : String((end.reason as { code?: unknown }).code))));
  }
  return ends;
}

describe('two people or systems at the same task at the same moment (CS-02)', () => {
  it('of two claims exactly one holds', async () => {
    const ends = await raced('claims', (taskId) => [claims(taskId, 'warehouse:li'), claims(taskId, 'warehouse:chen')]);
    expect(ends.map((end) => end.toSorted())).toEqual(ends.map(() => ['moved', 'task-claimed']));
  });

  it('of a claim and the answer of another person exactly one counts', async () => {
    const ends = await raced('answer', (taskId) => [claims(taskId, 'warehouse:li'), answers(taskId, 'a', 'warehouse:chen')]);
    for (const end of ends)
      expect([
        ['moved', 'task-claimed'],
        ['task-closed', 'moved'],
      ]).toContainEqual(end);
  });

  it('of an answer over Kafka and one over HTTP exactly one counts', async () => {
    const ends = await raced('both', (taskId) => [answers(taskId, 'k'), answers(taskId, 'h', 'warehouse:chen')]);
    expect(ends.map((end) => end.toSorted())).toEqual(ends.map(() => ['moved', 'strayed']));
  });
});
