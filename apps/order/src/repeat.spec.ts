import { placed } from './order.fixture.js';
import { repeatOf } from './repeat.js';

describe('an order received again (ORD-01)', () => {
  it('equal content in another field order is no repeat', () => {
    expect(repeatOf(placed, Object.fromEntries(Object.entries(placed).reverse()) as typeof placed)).toBeNull();
  });

  it.each([
    [{ notes: 'gift' }, ['notes']],
    [{ lines: placed.lines.slice(1) }, ['lines']],
    [{ address: { ...placed.address, street: 'elsewhere' }, total: 1 }, ['address.street', 'total']],
    [{ payment: { ...placed.payment, captured: 1 } }, ['payment.captured']],
  ])('a repeat with %j names the fields that differ', (other, differs) => {
    expect([...(repeatOf(placed, { ...placed, ...other })?.differs ?? [])].sort()).toEqual(differs);
  });

  it('the fingerprint covers the whole content', () => {
    const contents = ['gift', 'gift', 'ring twice'].map((notes) => repeatOf(placed, { ...placed, notes })?.content);
    expect([contents[0] === contents[1], contents[0] === contents[2]]).toEqual([true, false]);
  });
});
