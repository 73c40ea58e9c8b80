import { eventsTopicOf } from '@orderloom/contracts';
import type { AnyDecider, Decider, Fact } from '@orderloom/event-sourcing';
import { currentSamples, type StoredSample, whyUnreadable } from './event-samples.js';
import { publishAll, type ServiceDefinition } from '../service/service-definition.js';

type Held = Fact<'OrderHeld', { orderNumber: string; reason: string }> | Fact<'NotePut', { note: string }>;
const noun: Decider<number, { type: 'Hold' }, Held> = {
  name: 'order',
  initial: 0,
  evolve: (held, event) => held + (event.type === 'OrderHeld' ? event.data.reason.length : 0),
  decide: () => [],
  rules: { OrderHeld: 'ORD-03', NotePut: 'ORD-03' },
  versions: { OrderHeld: 2 },
  upcasters: { 'OrderHeld@1': ({ orderNumber, why }: { orderNumber: string; why: string }) => ({ orderNumber, reason: why }) },
  examples: { NotePut: { note: 'gift' } },
};
const definition = (decider: AnyDecider): ServiceDefinition => ({
  name: 'order',
  description: '',
  deciders: [decider],
  flows: [],
  commands: {},
  subscribes: [],
  publishes: [(event) => publishAll(decider, eventsTopicOf('order'), ['NotePut'])(event).map((said) => ({ ...said, typeVersion: 1 }))],
  migrations: [],
  controllers: [],
  providers: [],
});
const order = definition(noun);
const samples = currentSamples(order);
const held = (typeVersion: number, data: object): StoredSample => ({ ...samples['order/OrderHeld.v2'], typeVersion, data }) as StoredSample;

describe("the samples of a service's events", () => {
  it('each event has one, from its contract or from its decider', () => {
    expect(samples['order/OrderHeld.v2']).toMatchObject({ stream: 'order-536365', type: 'OrderHeld', typeVersion: 2 });
    expect(samples['order/NotePut.v1']?.data).toEqual({ note: 'gift' });
    expect(samples['flow/TaskAsked.v1']?.stream).toMatch(/^flow-/);
    expect(() => currentSamples(definition({ ...noun, examples: {} }))).toThrow('NotePut of order is not published');
  });

  it('each can be read, whatever its version', () => {
    expect(Object.values(samples).map((sample) => whyUnreadable(order, sample))).toEqual(Object.values(samples).map(() => undefined));
    expect(whyUnreadable(order, held(1, { orderNumber: '536365', why: 'no stock' }))).toBeUndefined();
  });

  it('one without an upcaster, from the future, or that does not fold cannot be read', () => {
    const old = held(1, { orderNumber: '536365', why: 'no stock' });
    expect(whyUnreadable(definition({ ...noun, upcasters: {} }), old)).toContain('OrderHeld version 1 is unknown to this program');
    expect(whyUnreadable(order, held(3, {}))).toContain('OrderHeld version 3 is unknown to this program');
    expect(whyUnreadable(order, held(2, { orderNumber: '536365' }))).toContain("reading 'length'");
    expect(whyUnreadable(order, { ...old, stream: 'parcel-1' })).toContain('no noun of order');
  });

  it('one that does not satisfy its contract cannot be read', () => {
    expect(whyUnreadable(order, held(2, { orderNumber: '536365', reason: 'no stock', since: 'today' }))).toContain(
      'since: is not a known field',
    );
    const published = { ...order, publishes: [publishAll(noun, eventsTopicOf('order'), ['NotePut'])] };
    expect(whyUnreadable(published, held(2, { orderNumber: '536365', reason: 'no stock' }))).toContain(
      'stored as version 2, but said as 1',
    );
  });
});
