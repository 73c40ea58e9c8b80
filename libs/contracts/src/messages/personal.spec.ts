import { z } from 'zod';
import { clearAddress, messages, placedOrder, storefrontOrderPlaced } from '../index.js';
import { holdsPersonal, mapPersonal, personal, sealable } from './personal.js';
import { keyIdOf, looksSealed, formatSealed, sealedTexts } from './sealed.js';

const order = placedOrder.parse({
  ...storefrontOrderPlaced.example,
  notes: 'ring twice',
  address: { ...(storefrontOrderPlaced.example.address as object), phone: '+44 1', houseNumber: '12', floor: 'third' },
});
const sealed = formatSealed('k'.repeat(16), 'x'.repeat(40));

describe('the personal data of a message', () => {
  it('are exactly what tells who somebody is, where they live, and their own words', () => {
    const found: string[] = [];
    mapPersonal(placedOrder, order, (text, field) => (found.push(`${field}: ${text}`), text));
    expect(found.sort()).toEqual([
      'city: London',
      'email: ada@example.test',
      'houseNumber: 12',
      'name: Ada Lovelace',
      'notes: ring twice',
      'phone: +44 1',
      'phone: +44 20 7946 0000',
      'postcode: SW1Y 4JH',
      'recipient: Ada Lovelace',
      'street: 12 St James Square',
      'value: "third"',
    ]);
  });

  it('are changed where they stand; all else stays, also what no schema knows', () => {
    const changed = mapPersonal(placedOrder, { ...order, gift: true }, () => 'x');
    expect(changed).toEqual({
      ...order,
      gift: true,
      notes: 'x',
      customer: { id: '17850', name: 'x', email: 'x', phone: 'x' },
      address: { recipient: 'x', street: 'x', city: 'x', postcode: 'x', country: 'GB', phone: 'x', houseNumber: 'x' },
      extra: [{ field: 'address.floor', value: 'x' }],
    });
  });

  it('are found in lists, and behind what may be missing, null or given by default', () => {
    const text = personal(z.string());
    const schema = z.object({ all: z.array(z.object({ text })), some: text.optional(), none: text.nullable(), given: text.default('y') });
    const data = { all: [{ text: 'a' }, { text: 'b' }], some: 'c', none: null, given: 'd' };
    expect(mapPersonal(schema, data, (t) => `<${t}>`)).toEqual({
      all: [{ text: '<a>' }, { text: '<b>' }],
      some: '<c>',
      none: null,
      given: '<d>',
    });
    expect(mapPersonal(schema, {}, (t) => `<${t}>`)).toEqual({});
  });

  it('are none where there is nothing but blanks', () => {
    expect(mapPersonal(placedOrder, { ...order, notes: '  ' }, () => 'x').notes).toBe('  ');
  });
});

describe('a message as services say it', () => {
  it('holds sealed text where the storefront’s holds clear text', () => {
    const data = mapPersonal(placedOrder, order, () => sealed);
    expect(sealable(placedOrder).safeParse(data).error).toBeUndefined();
  });

  it('keeps the longest text that people may write, whatever its letters, once it is sealed', () => {
    const longest = (2000 * 4 + 28) * (4 / 3);
    const notes = formatSealed('k'.repeat(16), 'x'.repeat(Math.ceil(longest)));
    expect(sealable(placedOrder).safeParse({ ...order, notes }).error).toBeUndefined();
  });

  it('changes nothing in a schema without personal data, and marks what it changes', () => {
    const plain = z.object({ a: z.string() });
    expect(sealable(plain)).toBe(plain);
    expect(holdsPersonal(sealable(clearAddress))).toBe(true);
  });

  it.each(messages.filter(({ topic }) => topic !== 'orderloom.storefront.orders').map((m) => [`${m.topic} ${m.type}`, m] as const))(
    '%s takes sealed text for each of its personal fields',
    (_, { data, example }) => {
      expect(data.safeParse(mapPersonal(data, example, () => sealed)).error).toBeUndefined();
    },
  );
});

describe('sealed text', () => {
  it('is told from other text, and found inside of sentences', () => {
    expect(keyIdOf(sealed)).toBe('k'.repeat(16));
    expect(keyIdOf(`${sealed} `)).toBeUndefined();
    expect(keyIdOf('Ada')).toBeUndefined();
    expect(sealedTexts(`asked by ${sealed}, (${sealed})`).map((found) => found.sealed)).toEqual([sealed, sealed]);
    expect([looksSealed('x sealed.v1.'), looksSealed('sealed')]).toEqual([true, false]);
  });
});
