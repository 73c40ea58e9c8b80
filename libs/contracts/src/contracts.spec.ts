import { z } from 'zod';
import { messages, placedOrder, questions, storefrontOrderPlaced, topics } from './index.js';

describe('every contract', () => {
  it.each(messages.map((m) => [`${m.topic} ${m.type}`, m] as const))(
    '%s: its example fits, its topic exists, it has a JSON Schema',
    (_, m) => {
      expect(m.data.safeParse(m.example).error?.issues ?? []).toEqual([]);
      expect(topics.map((t) => t.topic)).toContain(m.topic);
      expect(z.toJSONSchema(m.data, { io: 'input', unrepresentable: 'any' })).toHaveProperty('$schema');
      expect(m.rule).toMatch(/^[A-Z]{2,3}-\d\d$/);
    },
  );

  it('no message is declared twice', () => {
    const names = messages.map((m) => `${m.topic} ${m.type} ${m.version}`);
    expect(names.filter((n, i) => names.indexOf(n) !== i)).toEqual([]);
  });

  it('an answer type means the same in every question', () => {
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

describe('an order that is placed', () => {
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
    ['a country that is none', { address: { ...order.address, country: 'Narnia' } }, 'address.country'],
    ['the unknown country ZZ', { address: { ...order.address, country: 'ZZ' } }, 'address.country'],
    ['an e-mail without @', { customer: { ...order.customer, email: 'ada' } }, 'customer.email'],
    ['no lines', { lines: [] }, 'lines'],
    ['one line number twice', { lines: [order.lines[0], order.lines[0]] }, 'lines.1.line'],
  ])('is refused with %s, naming the field', (_, change, field) => {
    expect(faults(change)).toContain(field);
  });

  it('may bring fields that nobody knows', () => {
    expect(faults({ loyalty: 'gold' })).toEqual([]);
  });
});
