import { forgotten, placedOrder, storefrontOrderPlaced, storefrontOrders } from '@orderloom/contracts';
import { createDatabase, dropDatabases } from '@orderloom/dev-services';
import { StoreUnavailable } from '@orderloom/event-sourcing';
import { InvalidInput, Refusal } from '@orderloom/kernel';
import { KeyRing, MasterKey } from '@orderloom/key-ring';
import type { IncomingRecord } from '@orderloom/messaging';
import { Sealing } from './sealing.js';

const server = process.env['TEST_DATABASE_URL'] ?? '';
const name = `sealing_${process.pid}`;
const master = new MasterKey(Buffer.alloc(32, 7));
let url: string;
let ring: KeyRing;
let sealing: Sealing;

beforeAll(async () => {
  url = await createDatabase(server, name);
  ring = KeyRing.open(url, master);
  await ring.migrate();
  sealing = new Sealing(ring);
});
afterAll(async () => {
  await ring?.close();
  await dropDatabases(server, [name]);
});

/** Result of a process without cached keys. */
async function elsewhere<T>(work: (sealing: Sealing) => Promise<T>): Promise<T> {
  const other = KeyRing.open(url, master);
  try {
    return await work(new Sealing(other));
  } finally {
    await other.close();
  }
}

const orderOf = (id: string) => ({
  ...storefrontOrderPlaced.example,
  orderNumber: `o-${id}`,
  customer: { id, name: 'Ada Lovelace', email: `${id}@example.test` },
});
const sealed = (id: string) => sealing.seal(placedOrder, placedOrder.parse(orderOf(id)), `o-${id}`);

describe('an order at the edge of a service', () => {
  it('it is sealed deterministically, so that the same order twice is one order', async () => {
    expect(await sealed('same')).toEqual(await elsewhere((other) => other.seal(placedOrder, placedOrder.parse(orderOf('same')), 'o-same')));
    expect(JSON.stringify(await sealed('same'))).not.toMatch(/Ada|Lovelace|St James|example\.test/);
  });

  it('sealed text is unsealed wherever it appears, also inside of other text', async () => {
    const { customer, address } = await sealed('sentence');
    const answer = { lines: [{ description: `${customer.name} (${customer.name}) of ${address.city}: told`, n: 1, none: null }] };
    expect(await sealing.unseal(answer)).toEqual({
      lines: [{ description: 'Ada Lovelace (Ada Lovelace) of London: told', n: 1, none: null }],
    });
  });

  it('forgotten text and text of another key ring show a placeholder', async () => {
    const { customer } = await sealed('gone');
    await ring.forget('gone');
    expect(await elsewhere((other) => other.unseal({ ...customer }))).toEqual({ id: 'gone', name: forgotten, email: forgotten });
    expect(await sealing.unseal(`by sealed.v1.${'k'.repeat(16)}.${'x'.repeat(40)}!`)).toBe(`by ${forgotten}!`);
  });

  it('an order written before its customer was forgotten shows the placeholder whenever it is read', async () => {
    await sealed('early');
    const order = placedOrder.parse(orderOf('early'));
    const writtenAt = Date.now() - 60_000;
    await ring.forget('early');
    const { customer } = await sealing.seal(placedOrder, order, 'o-early', writtenAt);
    expect(await sealing.unseal(customer)).toEqual({ id: 'early', name: forgotten, email: forgotten });
    const { customer: back } = await sealing.seal(placedOrder, order, 'o-later', Date.now() + 60_000);
    expect(await sealing.unseal(back)).toMatchObject({ name: 'Ada Lovelace' });
  });

  it('text that looks sealed is refused in any field', async () => {
    const { customer } = await sealed('victim');
    const forged = { ...orderOf('forger'), payment: { method: customer.name, captured: 1, reference: 'r' } };
    await expect(sealing.seal(placedOrder, forged, 'o-forger')).rejects.toEqual(
      new InvalidInput([{ field: 'payment.method', message: 'must be clear text, but it is sealed' }]),
    );
  });

  it('it is retried while the key ring is unavailable', async () => {
    const away = KeyRing.open(url.replace(/\/[^/]*$/, '/nothing'), master);
    await expect(new Sealing(away).seal(placedOrder, orderOf('x'), 'o-x')).rejects.toBeInstanceOf(StoreUnavailable);
    await away.close();
  });
});

describe('a waiting record', () => {
  const record = (key: string | null, value: Buffer | null, topic = storefrontOrders): IncomingRecord => ({
    ...{ topic, partition: 0, offset: '1', key, headers: { ce_type: 'OrderPlaced' }, value },
  });

  it.each([
    ['an order', Buffer.from(JSON.stringify(orderOf('waits')))],
    ['text that is no JSON', Buffer.from('<xml>Ada Lovelace')],
    ['text with a byte order mark', Buffer.from('\uFEFF{"name":"Ada"}')],
    ['bytes that are no text', Buffer.from([0x41, 0x64, 0x61, 0xff, 0x00])],
    ['what passes for sealed', Buffer.from(`sealed.v1.${'k'.repeat(16)}.${'x'.repeat(40)}`)],
  ])('a record with %s is stored sealed and restored unchanged', async (_, value) => {
    const clear = record('o-waits', value);
    const kept = await sealing.sealRecord(clear);
    expect(kept.value?.toString()).toMatch(/^sealed\.v1\./);
    // longer than what base64 holds by chance
    if (value.includes('Ada Lovelace')) expect(kept.value?.includes('Ada Lovelace')).toBe(false);
    expect(kept.value?.includes(value)).toBe(false);
    expect(await sealing.unsealRecord(kept)).toEqual(clear);
  });

  it('a record of another topic or without a value is not sealed', async () => {
    for (const one of [record('1', Buffer.from('{}'), 'orderloom.order.events'), record('1', null)]) {
      expect(await sealing.sealRecord(one)).toBe(one);
      expect(await sealing.unsealRecord(one)).toBe(one);
    }
  });

  it.each([
    ['names the customer', () => record('p-1', Buffer.from(JSON.stringify({ ...orderOf('parked'), total: 'much' })))],
    ['is about their order', () => record('o-parked', Buffer.from('{"reason":"'))],
    ['holds their e-mail', () => record(null, Buffer.from('<order to="Parked@example.test"/>'))],
  ])('it cannot be read after a customer was forgotten if it %s', async (_, of) => {
    await sealed('parked');
    const kept = await sealing.sealRecord(of());
    await ring.forget('parked');
    await expect(elsewhere((other) => other.unsealRecord(kept))).rejects.toBeInstanceOf(Refusal);
    const keptLater = await sealing.sealRecord({ ...of(), timestamp: Date.now() - 60_000 });
    await expect(elsewhere((other) => other.unsealRecord(keptLater))).rejects.toBeInstanceOf(Refusal);
  });
});
