import { placed } from './order.fixture.js';
import { repeatOf } from './repeat.js';

describe('an order that comes again (ORD-01)', () => {
  it('is no repeat where it is the same, whatever the order of its fields', () => {
    expect(repeatOf(placed, Object.fromEntries(Object.entries(placed).reverse()) as typeof placed)).toBeNull();
  });

  it.each([
    [{ notes: 'gift' }, ['notes']],
    [{ lines: placed.lines.slice(1) }, ['lines']],
    [{ address: { ...placed.address, street: 'elsewhere' }, total: 1 }, ['address.street', 'total']],
    [{ payment: { ...placed.payment, captured: 1 } }, ['payment.captured']],
  ])('with %j names the fields that differ', (other, differs) => {
    expect([...(repeatOf(placed, { ...placed, ...other })?.differs ?? [])].sort()).toEqual(differs);
  });

  it('is known again by its whole content', () => {
    const contents = ['gift', 'gift', 'ring twice'].map((notes) => repeatOf(placed, { ...placed, notes })?.content);
    expect([contents[0] === contents[1], contents[0] === contents[2]]).toEqual([true, false]);
  });
});
