import { sealedTexts } from '@orderloom/contracts';
import { createDatabase, dropDatabases, withClient } from '@orderloom/dev-services';
import type pg from 'pg';
import { KeyRing, type Person, type Seal } from './key-ring.js';
import { MasterKey } from './sealing-key.js';

const server = process.env['TEST_DATABASE_URL'] ?? '';
const name = `key_ring_${process.pid}`;
let url: string;
let ring: KeyRing;
const open = (byte = 7): KeyRing => KeyRing.open(url, new MasterKey(Buffer.alloc(32, byte)));

beforeAll(async () => {
  url = await createDatabase(server, name);
  ring = open();
  await Promise.all([ring.migrate(), ring.migrate()]);
});
afterAll(async () => {
  await ring?.close();
  await dropDatabases(server, [name]);
});

/** Number of connections that wait for a lock. */
const waiting = async (client: pg.ClientBase): Promise<number> => {
  // A transaction sees the activity as of its first query.
  await client.query('select pg_stat_clear_snapshot()');
  const locks = 'select from pg_locks where not granted and pid in (select pid from pg_stat_activity where datname = $1)';
  return (await client.query(locks, [name])).rows.length;
};

let persons = 0;
const person = (change: Partial<Person> = {}): Person => {
  persons += 1;
  return {
    id: `c${persons}`,
    name: `Ada Nr${persons}`,
    email: `ada${persons}@example.test`,
    phone: `+44 20 ${70_000_000 + persons}`,
    ...change,
  };
};
const unseals = async ({ id }: { id: string }): Promise<boolean> => {
  // A process with an empty cache.
  const fresh = open();
  const known = (await fresh.keys([id])).has(id);
  await fresh.close();
  return known;
};

describe('the key of a person', () => {
  it('concurrent requests of several processes get the same key', async () => {
    const ada = person();
    const rings = Array.from({ length: 4 }, () => open());
    const keys = await Promise.all(Array.from({ length: 40 }, (_, i) => (rings[i % 4] as KeyRing).keyFor(`order-${persons}-${i}`, ada)));
    expect(new Set(keys.map(({ id }) => id)).size).toBe(1);
    expect(new Set(keys.map((key) => key.seal('x', 'f'))).size).toBe(1);
    await Promise.all(rings.map((one) => one.close()));
  });

  it("later messages about a person's orders use that person's key without naming the person", async () => {
    const key = await ring.keyFor('o-1', person());
    expect((await ring.keyFor('o-1')).id).toBe(key.id);
    expect((await ring.keyFor('o-2')).id).not.toBe(key.id);
  });

  it('the key of an order stays when the same order number comes from somebody else', async () => {
    const [ada, eve] = [person(), person()];
    const key = await ring.keyFor('o-3', ada);
    expect((await ring.keyFor('o-3', eve)).id).not.toBe(key.id);
    expect((await ring.keyFor('o-3')).id).toBe(key.id);
  });

  it('a batch gives each person the same key as single requests', async () => {
    const [ada, eve, gone] = [person(), person(), person()];
    const old = await ring.keyFor('many-0', gone);
    await ring.forget(gone.id ?? '');
    const [first, second, hers, strays, unreadable, anew, late] = await Promise.all([
      ring.keyFor('many-1', ada),
      ring.keyFor('many-2', ada),
      ring.keyFor('many-3', eve),
      ring.keyFor('many-4'),
      ring.keyForUnreadable('many-5', ada),
      ring.keyFor('many-6', gone, Date.now() + 60_000),
      ring.keyFor('many-7', gone, Date.now() - 60_000),
    ]);
    expect([second.id, unreadable.id, late.id]).toEqual([first.id, first.id, old.id]);
    expect(new Set([first, hers, strays, anew, late].map(({ id }) => id)).size).toBe(5);
    expect(await Promise.all([first, hers, strays, anew, late].map(unseals))).toEqual([true, true, true, true, false]);
    for (const [{ email }, key] of [
      [ada, first],
      [eve, hers],
      [gone, anew],
    ] as const)
      expect(await ring.find({ email })).toEqual([key.id]);
    const later = await Promise.all([1, 2, 3, 4, 6].map((n) => ring.keyFor(`many-${n}`)));
    expect(later.map(({ id }) => id)).toEqual([first.id, first.id, hers.id, strays.id, anew.id]);
    expect((await ring.keyFor('many-5')).id).not.toBe(first.id);
  });

  it('a guest without an e-mail address has a key per order', async () => {
    const [one, other] = [person({ id: null, email: '-' }), person({ id: null, email: '-' })];
    const [key, another] = [await ring.keyFor('guest-1', one), await ring.keyFor('guest-2', other)];
    expect(another.id).not.toBe(key.id);
    expect((await ring.keyFor('guest-1')).id).toBe(key.id);
    expect(await ring.find({ name: one.name })).toEqual([key.id]);
    expect(await ring.forget('order:guest-1')).toEqual({ outcome: 'forgotten', keys: 1 });
    expect(await Promise.all([key, another].map(unseals))).toEqual([false, true]);
  });

  it('processes that request the same people in opposite orders do not deadlock', async () => {
    const people = Array.from({ length: 100 }, () => person({ name: 'Ada Lovelace' }));
    const rings = Array.from({ length: 4 }, () => open());
    const keys = await Promise.all(
      rings.map(async (one, i) => {
        const met = i % 2 === 0 ? people : people.toReversed();
        const found = await Promise.all(met.map((ada) => one.keyFor(`cross-${ada.id}`, ada)));
        return (i % 2 === 0 ? found : found.toReversed()).map(({ id }) => id);
      }),
    );
    for (const of of keys) expect(of).toEqual(keys[0]);
    expect(new Set(keys[0]).size).toBe(people.length);
    await Promise.all(rings.map((one) => one.close()));
  });

  it('unreadable text is sealed without an index entry', async () => {
    const ada = person();
    const key = await ring.keyForUnreadable('o-4', ada);
    expect(await ring.find({ email: ada.email })).toEqual([]);
    expect((await ring.keyFor('o-4')).id).not.toBe(key.id);
    expect((await ring.keyFor('o-5', ada)).id).toBe(key.id);
  });
});

describe('a name that the database or an index cannot store', () => {
  it.each([
    ['NUL', 'a\0b'],
    ['half a surrogate pair', 'a\ud800'],
    ['9,000 characters', Array.from({ length: 1_800 }, (_, i) => (i * 7919) % 99_991).join('-')],
  ])('an order or a customer number with %s gets a key', async (_, text) => {
    const ada = person({ id: text });
    const key = await ring.keyForUnreadable(text, ada);
    expect((await ring.keyForUnreadable(text, ada)).id).toBe(key.id);
    expect((await ring.keyForUnreadable(text)).id).not.toBe(key.id);
    expect(await ring.forget(text)).toEqual({ outcome: 'forgotten', keys: 1 });
    expect(await unseals(key)).toBe(false);
  });
});

describe('the search for a person', () => {
  const grace = { id: 'g', name: 'Grace  Brewster Hopper', email: 'Grace@Example.test', phone: '+1 (555) 010-9999' };
  let key: string;
  beforeAll(async () => {
    key = (await ring.keyFor('o-grace', grace)).id;
    await ring.keyFor('o-other', person({ name: 'Grace Kelly' }));
  });

  it.each([
    { email: ' grace@example.TEST ' },
    { name: 'hopper GRACE' },
    { phone: '555 0109999' },
    { phone: '0555-010 9999' },
    { phone: '+15550109999' },
    { phone: '9999' },
    { name: 'Brewster-Höpper' },
    { phone: '+1 555 010 9999 ext. 7' },
    { name: 'hopper', email: 'grace@example.test', phone: '10 9999' },
  ])('%j finds the person', async (contacts) => {
    expect(await ring.find(contacts)).toEqual([key]);
  });

  it.each([
    { name: 'hop' },
    { name: 'grace lovelace' },
    { email: 'grace@example.org' },
    { phone: '0109998' },
    { email: 'grace@example.test', name: 'kelly' },
    {},
  ])('%j finds nobody', async (contacts) => {
    expect(await ring.find(contacts)).toEqual([]);
  });

  it('the tables contain no readable personal data', async () => {
    const rows = await withClient(url, (client) =>
      client.query<{ row: string }>('select contacts::text || keys::text as row from contacts, keys'),
    );
    expect(rows.rows.map(({ row }) => row).join()).not.toMatch(/grace|hopper|0109999/i);
  });
});

describe('forgetting a person', () => {
  it('the key is destroyed: nothing is found and nothing can be unsealed', async () => {
    const ada = person();
    const key = await ring.keyFor('f-1', ada);
    expect(await unseals(key)).toBe(true);
    expect(await ring.forget(ada.id ?? '')).toEqual({ outcome: 'forgotten', keys: 1 });
    expect(await unseals(key)).toBe(false);
    for (const contacts of [{ email: ada.email }, { name: ada.name }, { phone: ada.phone }]) expect(await ring.find(contacts)).toEqual([]);
    const { rows } = await withClient(url, (client) => client.query('select wrapped from keys where id = $1', [key.id]));
    expect(rows).toEqual([{ wrapped: null }]);
  });

  it('forgetting again changes nothing and returns the first time; an unknown person is reported', async () => {
    const ada = person();
    await ring.keyFor('f-2', ada);
    await ring.forget(ada.id ?? '');
    expect(await ring.forget(ada.id ?? '')).toEqual({ outcome: 'forgotten-before', at: expect.any(Date) });
    expect(await ring.forget('nobody')).toEqual({ outcome: 'unknown' });
    expect(await ring.forget('nobody@example.test')).toEqual({ outcome: 'unknown' });
  });

  it('guest orders with the same e-mail address are forgotten too', async () => {
    for (const by of [(p: Person) => p.id ?? '', (p: Person) => p.email.toUpperCase()]) {
      const ada = person();
      const keys = [await ring.keyFor(`f-3-${persons}`, ada), await ring.keyFor(`f-4-${persons}`, { ...ada, id: null })];
      expect(await ring.forget(by(ada))).toEqual({ outcome: 'forgotten', keys: 2 });
      for (const key of keys) expect(await unseals(key)).toBe(false);
    }
  });

  it('messages that came before the customer of their order was known are forgotten too', async () => {
    const early = await ring.keyFor('f-5');
    const ada = person();
    await ring.keyFor('f-5', ada);
    await ring.forget(ada.id ?? '');
    expect(await unseals(early)).toBe(false);
  });

  it('other people keep their keys, and a returning customer gets a new one', async () => {
    const [ada, eve] = [person(), person()];
    const [old, other] = [await ring.keyFor('f-6', ada), await ring.keyFor('f-7', eve)];
    await ring.forget(ada.id ?? '');
    const anew = await ring.keyFor('f-8', ada);
    expect(anew.id).not.toBe(old.id);
    expect(await unseals(old)).toBe(false);
    expect([await unseals(anew), await unseals(other)]).toEqual([true, true]);
    expect(await ring.find({ email: ada.email })).toEqual([anew.id]);
  });

  it('a concurrent request gets the new key, not the destroyed one', async () => {
    const old = await ring.keyFor('f-12');
    const anew = await withClient(url, async (client) => {
      await client.query('begin');
      await client.query('update keys set wrapped = null, forgotten_at = now() where id = $1', [old.id]);
      const asking = ring.keyFor('f-12');
      while ((await waiting(client)) < 1);
      await client.query('commit');
      return asking;
    });
    expect(anew.id).not.toBe(old.id);
    expect(await unseals(anew)).toBe(true);
  });

  it('keys that nobody has claimed for 30 days are destroyed', async () => {
    const [stray, claimed] = [await ring.keyFor('f-9'), await ring.keyFor('f-10')];
    await ring.keyFor('f-10', person());
    await withClient(url, (client) => client.query(`update keys set created_at = now() - interval '31 days'`));
    const young = await ring.keyFor('f-11');
    await ring.migrate();
    expect([await unseals(stray), await unseals(claimed), await unseals(young)]).toEqual([false, true, true]);
  });
});

describe('a record written before its person was forgotten and read afterwards', () => {
  const before = Date.now() - 60_000;
  const living = async (): Promise<number> =>
    (await withClient(url, (client) => client.query('select from keys where forgotten_at is null'))).rows.length;

  it.each<[string, (order: string, ada: Person) => Promise<Seal>]>([
    ['names them', (order, ada) => ring.keyFor(order, ada, before)],
    ['is about their order', (order) => ring.keyFor(order, undefined, before)],
    ['can’t be read, and names them', (_, ada) => ring.keyForUnreadable('w-1', ada, before)],
    ['says no time', (order, ada) => ring.keyFor(order, ada, -1)],
    ['says a time before every calendar', (order, ada) => ring.keyFor(order, ada, -9e17)],
  ])('is sealed to nothing, and makes nobody a key, if it %s', async (_, read) => {
    const ada = person();
    const order = `w-1-${ada.id}`;
    const key = await ring.keyFor(order, ada);
    await ring.forget(ada.id ?? '');
    const keys = await living();
    const [seal, again] = [await read(order, ada), await read(order, ada)];
    expect(seal.id).toBe(key.id);
    expect(seal.seal('Ada', 'name')).toBe(again.seal('Eve', 'name'));
    expect(sealedTexts(seal.seal('Ada', 'name'))).toMatchObject([{ keyId: key.id }]);
    expect(await unseals(seal)).toBe(false);
    expect([await living(), await ring.find({ email: ada.email })]).toEqual([keys, []]);
  });

  it('its text cannot be read, even if the person has returned with a new key', async () => {
    const ada = person();
    const old = await ring.keyFor('w-3', ada);
    await ring.forget(ada.id ?? '');
    const anew = await ring.keyFor('w-4', ada, Date.now() + 60_000);
    expect(await unseals(anew)).toBe(true);
    expect((await ring.keyFor('w-3', ada, before)).id).toBe(old.id);
    for (const later of [undefined, 9e17]) expect((await ring.keyFor('w-4', ada, later)).id).toBe(anew.id);
  });

  it('it gets no key, even if it is read during the forgetting', async () => {
    const ada = person();
    const key = await ring.keyFor('w-5', ada);
    await withClient(url, async (client) => {
      await client.query('begin');
      await client.query('update keys set created_at = created_at where id = $1', [key.id]);
      const forgetting = ring.forget(ada.id ?? '');
      while ((await waiting(client)) < 1);
      const reading = ring.keyFor('w-5', ada, Date.now());
      while ((await waiting(client)) < 2);
      await client.query('commit');
      await forgetting;
      expect(await unseals(await reading)).toBe(false);
    });
    expect(await ring.find({ email: ada.email })).toEqual([]);
  });
});

describe('another master key', () => {
  it('a key ring refuses a master key other than its own', async () => {
    const wrong = open(8);
    await wrong.migrate();
    await expect(wrong.check()).rejects.toThrow('is not the master key of this key ring');
    await expect(ring.check()).resolves.toBeUndefined();
    await wrong.close();
  });
});
