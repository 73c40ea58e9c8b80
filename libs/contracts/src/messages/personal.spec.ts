import { z } from 'zod';
import { plainAddress, messages, placedOrder, storefrontOrderPlaced } from '../index.js';
import { holdsPersonal, mapPersonal, personal, sealable } from './personal.js';
import { keyIdOf, looksSealed, formatSealed, sealedTexts } from './sealed.js';

const order = placedOrder.parse({
  ...storefrontOrderPlaced.example,
  notes: 'ring twice',
  address: { ...(storefrontOrderPlaced.example.address as object), phone: '+44 1', houseNumber: '12', floor: 'third' },
});
const sealed = formatSealed('k'.repeat(16), 'x'.repeat(40));

describe('the personal data of a message', () => {
  it("they are exactly the fields that identify a person or contain a person's words", () => {
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

  it('they are changed in place, and all other fields stay', () => {
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

  it('they are found in lists and in optional, nullable and default fields', () => {
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

  it('blank text is not personal data', () => {
    expect(mapPersonal(placedOrder, { ...order, notes: '  ' }, () => 'x').notes).toBe('  ');
  });
});

describe('a message that services publish', () => {
  it("it holds sealed text where the storefront's message holds clear text", () => {
    const data = mapPersonal(placedOrder, order, () => sealed);
    expect(sealable(placedOrder).safeParse(data).error).toBeUndefined();
  });

  it('the longest permitted text fits after it is sealed', () => {
    const longest = (2000 * 4 + 28) * (4 / 3);
    const notes = formatSealed('k'.repeat(16), 'x'.repeat(Math.ceil(longest)));
    expect(sealable(placedOrder).safeParse({ ...order, notes }).error).toBeUndefined();
  });

  it('a schema without personal data is not changed by `sealable`', () => {
    const plain = z.object({ a: z.string() });
    expect(sealable(plain)).toBe(plain);
    expect(holdsPersonal(sealable(plainAddress))).toBe(true);
  });

  it.each(messages.filter(({ topic }) => topic !== 'orderloom.storefront.orders').map((m) => [`${m.topic} ${m.type}`, m] as const))(
    '%s accepts sealed text in each of its personal fields',
    (_, { data, example }) => {
      expect(data.safeParse(mapPersonal(data, example, () => sealed)).error).toBeUndefined();
    },
  );
});

describe('sealed text', () => {
  it('it is recognised, also inside of other text', () => {
    expect(keyIdOf(sealed)).toBe('k'.repeat(16));
    expect(keyIdOf(`${sealed} `)).toBeUndefined();
    expect(keyIdOf('Ada')).toBeUndefined();
    expect(sealedTexts(`asked by ${sealed}, (${sealed})`).map((found) => found.sealed)).toEqual([sealed, sealed]);
    expect([looksSealed('x sealed.v1.'), looksSealed('sealed')]).toEqual([true, false]);
  });
});
