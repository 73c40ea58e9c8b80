import { z } from 'zod';
import {
  defaultDeadlines,
  upcastFrom,
  messages,
  messagesOn,
  placedOrder,
  questions,
  readerOf,
  rules,
  storefrontOrderPlaced,
  topics,
  versionsOf,
} from './index.js';

describe('a contract', () => {
  it.each(messages.map((m) => [`${m.topic} ${m.type}`, m] as const))(
    '%s: its example is valid, its topic exists, and it has a JSON Schema',
    (_, m) => {
      expect(m.data.safeParse(m.example).error?.issues ?? []).toEqual([]);
      expect(topics.map((t) => t.topic)).toContain(m.topic);
      expect(z.toJSONSchema(m.data, { io: 'input', unrepresentable: 'any' })).toHaveProperty('$schema');
      expect(Object.keys(rules)).toContain(m.rule);
    },
  );

  it('no message is declared twice', () => {
    const names = messages.map((m) => `${m.topic} ${m.type} ${m.version}`);
    expect(names.filter((n, i) => names.indexOf(n) !== i)).toEqual([]);
  });

  it.each(Object.entries(questions))('question %s has a rule of the manual', (_, question) => {
    expect(Object.keys(rules)).toContain(question.rule);
  });

  it('each deadline has a rule of the manual', () => {
    const cited = Object.values(defaultDeadlines).flatMap((ofService) => Object.values(ofService).map(({ rule }) => rule));
    expect(cited.filter((rule) => !(rule in rules))).toEqual([]);
  });

  it('an answer type has the same schema in every question', () => {
    const seen = new Map<string, unknown>();
    for (const q of Object.values(questions)) {
      for (const [type, schema] of Object.entries(q.answers)) {
        const json = JSON.stringify(z.toJSONSchema(schema as z.ZodType, { io: 'input', unrepresentable: 'any' }));
        expect(seen.get(type) ?? json).toBe(json);
        seen.set(type, json);
      }
    }
  });
});

describe('a placed order', () => {
  const order = storefrontOrderPlaced.example;
  const faults = (change: object): string[] =>
    placedOrder.safeParse({ ...order, ...change }).error?.issues.map((i) => i.path.join('.')) ?? [];

  it.each([
    ['a total that does not add up', { total: 1 }, 'total'],
    ['more captured than it costs', { payment: { ...order.payment, captured: order.total + 1 } }, 'payment.captured'],
    ['a negative quantity', { lines: [{ ...order.lines[0], quantity: -1 }] }, 'lines.0.quantity'],
    ['a fraction of a penny', { lines: [{ ...order.lines[0], unitPrice: 0.5 }] }, 'lines.0.unitPrice'],
    ['a number written as text', { lines: [{ ...order.lines[0], quantity: '6' }] }, 'lines.0.quantity'],
    ['an unknown currency', { currency: 'XXQ' }, 'currency'],
    ['a currency that was withdrawn', { currency: 'DEM' }, 'currency'],
    ['a currency without a minor unit', { currency: 'XAU' }, 'currency'],
    ['a country that is none', { address: { ...order.address, country: 'Narnia' } }, 'address.country'],
    ['the unknown country ZZ', { address: { ...order.address, country: 'ZZ' } }, 'address.country'],
    ['a region that is no country', { address: { ...order.address, country: 'EU' } }, 'address.country'],
    ['an organisation', { address: { ...order.address, country: 'UN' } }, 'address.country'],
    ['a code that nobody was assigned', { address: { ...order.address, country: 'XA' } }, 'address.country'],
    ['a positive discount', { charges: [{ kind: 'discount', amount: 495 }] }, 'charges.0.amount'],
    ['negative shipping', { charges: [{ kind: 'shipping', amount: -495 }], total: 3069 }, 'charges.0.amount'],
    ['no lines', { lines: [] }, 'lines'],
    ['one line number twice', { lines: [order.lines[0], order.lines[0]] }, 'lines.1.line'],
  ])('%s is refused, and the error names the field', (_, change, field) => {
    expect(faults(change)).toContain(field);
  });

  it('unknown fields are accepted', () => {
    expect(faults({ loyalty: 'gold' })).toEqual([]);
  });
});

describe('a message with several versions', () => {
  const topic = messagesOn('orderloom.order.events');
  const common = { rule: 'ORD-01', description: 'It moved.' };
  const v1 = topic.message('Moved', { ...common, data: z.object({ place: z.string() }), example: { place: 'Leeds' } });
  const v2 = topic.message('Moved', {
    ...common,
    version: 2,
    data: z.object({ city: z.string() }),
    example: { city: 'Leeds' },
    before: upcastFrom(v1, ({ place }) => ({ city: place })),
  });
  const v3 = topic.message('Moved', {
    ...common,
    version: 3,
    data: z.object({ city: z.string(), country: z.string() }),
    example: { city: 'Leeds', country: 'GB' },
    before: upcastFrom(v2, ({ city }) => ({ city, country: 'GB' })),
  });
  const read = readerOf(v3, (schema) => (data) => schema.parse(data));

  it('every version is read as the newest one', () => {
    for (const message of versionsOf(v3).slice(0, 2))
      expect(read(message.example, message.version)).toEqual({ city: 'Leeds', country: 'GB' });
    expect(read({ city: 'Ulm', country: 'DE' }, 3)).toEqual({ city: 'Ulm', country: 'DE' });
  });

  it('data are validated against the version that the record names', () => {
    expect(() => read({ city: 'Leeds' }, 1)).toThrow('place');
    expect(() => read({ place: 'Leeds' }, 2)).toThrow('city');
  });
});
