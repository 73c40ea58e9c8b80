import { storefrontOrders } from '@orderloom/contracts';
import { withClient } from '@orderloom/dev-services';
import type { ParkedRecord } from '../../support/scenario/http-client.js';
import type { Order } from '../../support/scenario/orders.js';
import { useScenario } from '../../support/scenario/scenario.js';
import type { OutgoingMessage } from '../../support/messaging/message-client.js';

const scenario = useScenario({ only: ['order'] });

const http = () => scenario.stack.at('order', 'operator:olga');
const redrive = async ({ id }: ParkedRecord): Promise<unknown> => (await http().post(`/parked/${id}/redrive`, {})).body['handled'];
const parkedOf = async ({ orderNumber }: Order): Promise<ParkedRecord[]> =>
  (await http().parked()).filter(({ key, topic }) => key === orderNumber && topic === storefrontOrders);
const placing = (order: Order): OutgoingMessage => ({ topic: storefrontOrders, key: order.orderNumber, type: 'OrderPlaced', data: order });
const cancelling = ({ orderNumber }: Order): OutgoingMessage => ({
  ...{ topic: storefrontOrders, key: orderNumber, type: 'CancellationRequested' },
  data: { orderNumber, reason: 'ordered twice' },
});

/** Orders enough for each partition to have some. */
const others = (): Order[] => Array.from({ length: 12 }, () => scenario.order());

/** Says the poison and what follows it of one order, and among it other orders, which are carried out; the queue of the one. */
async function poisoned(
  order: Order,
  poison: OutgoingMessage,
  ...following: readonly OutgoingMessage[]
): Promise<readonly [ParkedRecord, ...ParkedRecord[]]> {
  const [before, after] = [others(), others()];
  await scenario.partners.messages.send(...before.map(placing), poison, ...after.map(placing), ...following);
  await Promise.all([...before, ...after].map((other) => scenario.partners.task(other.orderNumber, 'confirm-stock')));
  const queue = await scenario.partners.messages.until('all of its key is parked', async () => {
    const found = await parkedOf(order);
    return found.length === following.length + 1 && found;
  });
  expect(queue.map(({ state }) => state)).toEqual(['parked', ...following.map(() => 'queued')]);
  expect((await http().parked()).map(({ key }) => key)).toEqual(queue.map(() => order.orderNumber));
  expect(scenario.partners.facts(order.orderNumber)).toEqual([]);
  return queue as unknown as [ParkedRecord, ...ParkedRecord[]];
}

/** The order was placed first and cancelled then, as it was said. */
async function placedThenCancelled(order: Order): Promise<void> {
  await scenario.partners.fact(order.orderNumber, 'CancellationRequested');
  const facts = scenario.partners.facts(order.orderNumber);
  expect(facts.filter((type) => type === 'OrderPlaced' || type === 'CancellationRequested')).toEqual([
    'OrderPlaced',
    'CancellationRequested',
  ]);
  expect(await parkedOf(order)).toEqual([]);
  expect(await scenario.stack.audit()).toEqual([]);
}

const inDatabase = (sql: string): Promise<unknown> => withClient(scenario.stack.databaseOf('order'), (client) => client.query(sql));

describe('fault 20: a poison message', () => {
  it.each([
    { what: 'bad JSON', poison: () => ({ value: '{"orderNumber":' }), field: 'value' },
    { what: 'a schema violation', poison: ({ orderNumber }: Order) => ({ data: { orderNumber, address: 'none' } }), field: 'address' },
  ])('$what parks its key alone; after a dismissal over HTTP the others are handled in order (I3, I4)', async ({ poison, field }) => {
    const order = scenario.order();
    const [head] = await poisoned(
      order,
      { ...placing(order), type: 'AddressChangeRequested', ...poison(order) },
      placing(order),
      cancelling(order),
    );
    expect(head.errors.map((error) => error.field)).toContain(field);
    expect(await redrive(head)).toBe(0);
    expect((await parkedOf(order)).map(({ id, state }) => `${id} ${state}`)).toHaveLength(3);
    expect(scenario.partners.facts(order.orderNumber)).toEqual([]);
    expect((await http().post(`/parked/${head.id}/dismissal`, { reason: 'said again by the storefront' })).status).toBe(200);
    await placedThenCancelled(order);
  });

  it('a correction of its sender replaces it, and the waiting records are handled in order (I3, I4)', async () => {
    const order = scenario.order();
    await poisoned(order, { ...placing(order), data: { ...order, lines: 'none' } }, cancelling(order));
    await scenario.partners.messages.send(placing(order));
    await placedThenCancelled(order);
  });

  it('a message that a bug cannot handle parks its key alone; after the fix a redrive over HTTP handles all in order (I3, I4)', async () => {
    const order = scenario.order();
    await inDatabase(`create function bug() returns trigger language plpgsql as $$ begin raise 'a bug'; end $$;
      create trigger bug before insert on events for each row when (new.subject = '${order.orderNumber}') execute function bug()`);
    const [head, behind] = await poisoned(order, placing(order), cancelling(order));
    expect(await redrive(head)).toBe(0);
    await inDatabase('drop function bug cascade');
    // whoever waits behind can't overtake: a redrive begins with the first
    expect(await redrive(behind as ParkedRecord)).toBe(2);
    await placedThenCancelled(order);
  });

  it('a message of an unknown type is skipped, and its key continues (I3)', async () => {
    const order = scenario.order();
    await scenario.partners.messages.send({ ...placing(order), type: 'OrderGiftWrapped' }, placing(order), cancelling(order));
    await placedThenCancelled(order);
  });
});
