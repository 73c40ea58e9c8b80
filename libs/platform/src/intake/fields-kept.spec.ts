import { eventsTopicOf, parcelShipped, problemReported } from '@orderloom/contracts';
import { type Decider, type Fact, MemoryStore, type RecordedEvent, start } from '@orderloom/event-sourcing';
import { InvalidInput } from '@orderloom/kernel';
import type { z } from 'zod';
import { type ExampleServer, refund, startExample } from '../http/example-server.fixture.js';
import { publishKeptFields } from './fields-kept.js';
import type { Sealing } from '../privacy/sealing.js';
import type { ServiceDefinition } from '../service/service-definition.js';
import { subscriptionsOf } from '../service/service-subscriptions.js';

const note: Decider<null, { type: string }, Fact<'Noted'>> = {
  name: 'note',
  initial: null,
  evolve: (state) => state,
  decide: () => [{ type: 'Noted', data: {} }],
  rules: { Noted: 'LOG-01' },
};
const command = () => ({ id: '536365', command: { type: 'Note' } });
const definition = {
  ...{ name: 'presales', flows: [], commands: {} },
  subscribes: [parcelShipped, problemReported].map((contract) => ({ contract, decider: note, command })),
};
type Fields = { fields?: { field: string; value: string }[] };
/** Seals nothing but fields that nobody knows, and says for whom. */
const sealing = {
  unseal: async (answer: unknown) => answer,
  seal: async (_schema: z.ZodType, data: Fields, subject: string) =>
    data.fields ? { fields: data.fields.map(({ field, value }) => ({ field, value: `${subject} ${value}` })) } : data,
} as unknown as Sealing;

const keptIn = (events: readonly RecordedEvent[]) => events.filter(({ stream }) => stream.startsWith('fields-'));

/** The stored unknown fields after a record with `data` was delivered twice. */
async function keptOf({ type }: { readonly type: string }, data: object): Promise<readonly RecordedEvent[]> {
  const store = new MemoryStore();
  store.setNow('2010-12-01T18:00:00.000000Z');
  const parts = { store, sealing, runtime: {} };
  const heard = subscriptionsOf(definition as unknown as ServiceDefinition, parts as never).find((one) => one.type === type);
  const event = { id: 'w-1', source: '/other', type, typeVersion: 1, subject: '536365', time: '2010-12-01T17:00:00Z' };
  for (let times = 0; times < 2; times += 1) await heard?.handle({ ...event, data: heard.parse(data, 1) });
  return keptIn(await store.read(start, 100));
}

describe('unknown fields', () => {
  it('those of a record are stored with its effect, once, sealed for its order, and published', async () => {
    const kept = await keptOf(parcelShipped, { ...parcelShipped.example, weightGrams: 840, driver: { name: 'Ada' } });
    const fields = [
      { field: 'weightGrams', value: '536365 840' },
      { field: 'driver', value: '536365 {"name":"Ada"}' },
    ];
    const data = { orderNumber: '536365', of: 'ParcelShipped', on: parcelShipped.topic, source: '/other', id: 'w-1', fields };
    expect(kept).toMatchObject([{ type: 'FieldsKept', subject: '536365', by: 'warehouse:other', causation: 'w-1', data }]);
    expect(kept.flatMap(publishKeptFields('logistics'))).toEqual([{ topic: eventsTopicOf('logistics'), type: 'FieldsKept', data }]);
  });

  it('a record without unknown fields stores none', async () => {
    expect(await keptOf(parcelShipped, parcelShipped.example)).toEqual([]);
  });

  it('unknown fields at any depth and values that are read differently are stored', async () => {
    const { lines: _none, ...report } = problemReported.example;
    const kept = await keptOf(problemReported, { ...report, lines: [{ line: 2, quantity: 1, colour: 'red' }] });
    expect(kept).toMatchObject([{ data: { fields: [{ field: 'lines.0.colour' }] } }]);
  });

  it.each([
    [parcelShipped, { codAmount: 500 }, 'codAmount'],
    [problemReported, { lines: [{ line: 2, quantity: 1, refund: 339 }] }, 'lines.0.refund'],
  ])('those that change the amount to pay are refused by name', async (contract, change, field) => {
    const error = await keptOf(contract, { ...contract.example, ...change }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InvalidInput);
    expect((error as InvalidInput).errors).toMatchObject([{ field, message: expect.stringContaining('changes the amount to pay') }]);
  });
});

describe('unknown fields of a POST', () => {
  let server: ExampleServer;
  beforeEach(async () => void (server = await startExample(sealing)));
  afterEach(() => server.app.close());
  const kept = async () => keptIn(await server.store.read(start, 100));

  it('they are stored with its effect, once', async () => {
    for (let times = 0; times < 2; times += 1) await server.file('key-1', { ...refund, ticket: 'T-7' });
    const data = { orderNumber: '536365', on: 'http', source: 'finance:li', fields: [{ field: 'ticket', value: '536365 "T-7"' }] };
    expect(await kept()).toMatchObject([{ by: 'finance:li', data }]);
  });

  it('those that change the amount to pay are refused by name, and the refusal is stored', async () => {
    for (let times = 0; times < 2; times += 1) {
      const answer = await server.file('key-1', { ...refund, restockingFee: 100 });
      expect([answer.statusCode, answer.json()]).toMatchObject([400, { errors: [{ field: 'restockingFee' }] }]);
    }
    expect((await server.store.load('refund-536365')).version).toBe(0);
  });
});
