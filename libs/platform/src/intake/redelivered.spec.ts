import { commandsTopicOf, logisticsMessages, parcelShipped } from '@orderloom/contracts';
import { type Decider, type Fact, MemoryStore, type Subscription } from '@orderloom/event-sourcing';
import { Refusal } from '@orderloom/kernel';
import type { CloudEvent } from '@orderloom/messaging';
import type { ServiceDefinition } from '../service/service-definition.js';
import { subscriptionsOf } from '../service/service-subscriptions.js';

type Door = Fact<'DoorOpened' | 'DoorClosed'>;
/** Does all that is asked while it is open; what is shipped closes it. */
const door: Decider<boolean, { type: string }, Door> = {
  name: 'door',
  initial: true,
  evolve: (_, { type }) => type === 'DoorOpened',
  decide: ({ type }, isOpen) => {
    if (!isOpen) throw new Refusal('door-closed', 'the door is closed');
    return [{ type: type === 'Ship' ? 'DoorClosed' : 'DoorOpened', data: {} }];
  },
  rules: { DoorOpened: 'LOG-01', DoorClosed: 'LOG-01' },
};

const commands = Object.fromEntries(
  logisticsMessages
    .filter(({ topic }) => topic === commandsTopicOf('logistics'))
    .map(({ type }) => [type, { decider: door, id: 'orderNumber' }]),
);
const definition = {
  ...{ name: 'logistics', flows: [], commands },
  subscribes: [
    {
      contract: parcelShipped,
      decider: door,
      command: ({ orderNumber }: { orderNumber: string }) => ({ id: orderNumber, command: { type: 'Ship' } }),
    },
  ],
};
const sealing = { seal: async (_: unknown, data: unknown) => data };

const message = (type: string, id: string, data: object): CloudEvent => ({
  ...{ id, source: '/other', type, typeVersion: 1, subject: '536365', time: '2010-12-01T17:00:00Z', data },
});
const amending = (id: string) => message('AmendShipment', id, { orderNumber: '536365', lines: [{ line: 1, quantity: 1 }] });
const shipping = message('ParcelShipped', 'w-1', { said: parcelShipped.example, dropped: [] });

describe('a message delivered again after it was handled', () => {
  let store: MemoryStore;
  let subscriptions: readonly Subscription[];
  beforeEach(() => {
    store = new MemoryStore();
    store.setNow('2010-12-01T18:00:00.000000Z');
    subscriptions = subscriptionsOf(definition as unknown as ServiceDefinition, { store, sealing, runtime: {} } as never);
  });
  const of = (type: string) => subscriptions.find((one) => one.type === type);

  it('a command of a flow counts as handled even if a rule refuses it by now', async () => {
    await of('AmendShipment')?.handle(amending('c-1'));
    await of('ParcelShipped')?.handle(shipping);
    await of('AmendShipment')?.handle(amending('c-1'));
    await expect(of('AmendShipment')?.handle(amending('c-2'))).rejects.toThrow('the door is closed');
    expect((await store.load('door-536365')).version).toBe(2);
  });

  it('a report of another system counts as handled even if a rule refuses it by now', async () => {
    await of('ParcelShipped')?.handle(shipping);
    await of('ParcelShipped')?.handle(shipping);
    await expect(of('ParcelShipped')?.handle({ ...shipping, id: 'w-2' })).rejects.toThrow('the door is closed');
  });

  it('another record with the same id from its sender is not taken for a duplicate', async () => {
    await of('ParcelShipped')?.handle({ ...shipping, key: '536365' });
    const other = { ...shipping, subject: '536366', data: { said: { ...parcelShipped.example, orderNumber: '536366' }, dropped: [] } };
    const handling = of('ParcelShipped')?.handle({ ...other, key: '536366' });
    await expect(handling).rejects.toMatchObject({ errors: [{ field: 'ce_id', message: expect.stringContaining('w-1') as string }] });
    expect((await store.load('door-536365')).version).toBe(1);
    const inbox = of('ParcelShipped')?.inbox?.({ ...other, key: '536366' }) ?? { consumer: '', message: '' };
    expect(await store.handled(inbox)).toBe(false);
  });

  it('it is recognised before it is parsed, so that a stricter contract does not park it', async () => {
    const inbox = of('ParcelShipped')?.inbox?.(shipping) ?? { consumer: '', message: '' };
    expect(await store.handled(inbox)).toBe(false);
    await of('ParcelShipped')?.handle(shipping);
    expect(await store.handled(inbox)).toBe(true);
  });
});
