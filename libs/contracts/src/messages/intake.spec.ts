import { z } from 'zod';
import {
  parcelPicked,
  parcelScanned,
  paymentCaptured,
  placedOrder,
  storefrontAddressChangeRequested,
  storefrontOrderPlaced,
} from '../index.js';

const example = storefrontOrderPlaced.example as Record<'customer' | 'address' | 'payment', Record<string, unknown>> & {
  lines: Record<string, unknown>[];
};
const read = (change: object) => placedOrder.parse({ ...example, ...change });
const customer = (change: object) => read({ customer: { ...example.customer, ...change } });
const address = (change: object) => read({ address: { ...example.address, ...change } });
const faults = (change: object): string[] =>
  placedOrder.safeParse({ ...example, ...change }).error?.issues.map(({ path }) => path.join('.')) ?? [];

describe('contact data (ORD-01)', () => {
  it.each([
    ['phone', '+1 412-555-0100 ext. 12345', 'odd-phone'],
    ['phone', '-', 'odd-phone'],
    ['phone', 'ask my wife '.repeat(50), 'odd-phone'],
    ['email', 'ada', 'odd-email'],
    ['email', 'ada@@example.test', 'odd-email'],
    ['email', `${'a'.repeat(300)}@example.test`, 'odd-email'],
    ['name', '-', 'odd-name'],
    ['name', 'Ada '.repeat(100), 'odd-name'],
  ])('unusual data are kept and noticed: %s %s', (field, value, concern) => {
    const order = customer({ [field]: value });
    expect(order.customer).toMatchObject({ [field]: value.trim() });
    expect(order.noticed).toEqual([concern]);
  });

  it.each([
    ['email', 'b&b@example.test'],
    ['email', 'info@müller-shop.example'],
    ['phone', '+44 (0)20/7946-0000'],
    ['name', '王小明'],
    ['name', "Seán O'Brien"],
  ])('valid data are not noticed: %s %s', (field, value) => {
    const order = customer({ [field]: value });
    expect(order.customer).toMatchObject({ [field]: value });
    expect(order.noticed).toEqual([]);
  });

  it.each([null, '', '   ', undefined])('optional data that are %j are absent', (none) => {
    expect(customer({ phone: none }).customer).not.toHaveProperty('phone', expect.anything());
    const order = address({ postcode: none, phone: none, city: 'Hong Kong', country: 'HK' });
    expect(JSON.parse(JSON.stringify(order.address))).toEqual({
      ...{ recipient: 'Ada Lovelace', street: '12 St James Square', city: 'Hong Kong', country: 'HK' },
    });
    expect(order.noticed).toEqual([]);
    expect(read({ notes: none }).notes).toBeUndefined();
  });

  it.each([null, '', ' ', undefined])('required data that are %j are noticed', (none) => {
    expect(customer({ id: none, email: none })).toMatchObject({ customer: { id: null, email: '' }, noticed: ['no-email'] });
    expect(address({ street: none })).toMatchObject({ address: { street: '' }, noticed: ['incomplete-address'] });
    expect(address({ city: none, postcode: none }).noticed).toEqual(['incomplete-address']);
    const nobody = read({ customer: { ...example.customer, name: none }, address: { ...example.address, recipient: none } });
    expect(nobody.noticed).toEqual(['no-name']);
  });

  it('numbers are accepted as text', () => {
    const order = read({ address: { ...example.address, postcode: 10115, houseNumber: 7 } });
    expect(order.address).toMatchObject({ postcode: '10115', houseNumber: '7' });
  });

  it('the same rules hold for a change of the address', () => {
    const { orderNumber } = example as unknown as { orderNumber: string };
    const change = { orderNumber, address: { ...example.address, phone: '-', postcode: null, country: 'UK', floor: 3 } };
    expect(storefrontAddressChangeRequested.data.parse(change)).toMatchObject({
      address: { phone: '-', country: 'GB' },
      extra: [
        { field: 'address.floor', value: '3' },
        { field: 'address.country', value: '"UK"' },
      ],
    });
  });
});

describe('an order as other systems write it', () => {
  it('null is accepted for absent fields', () => {
    expect(read({ charges: null, total: 3564, payment: { ...example.payment, captured: 3564 } }).charges).toEqual([]);
    for (const storefront of [null, '']) expect(read({ storefront }).storefront).toBe('main');
  });

  it('a numeric customer number is accepted', () => {
    expect(customer({ id: 17850 }).customer.id).toBe('17850');
  });

  it.each([
    ...['2016-12-31T23:59:60Z', '0000-01-01T00:00:00Z', '0001-01-01T00:00:00+14:00', '9999-12-31T23:59:59-12:00', '2010-12-01', ''],
    ...['2010-12-01T08:26:00', 'yesterday'],
  ])('the time of placement "%s" is refused, and the error names the field', (placedAt) => {
    const errors = placedOrder.safeParse({ ...example, placedAt }).error?.issues ?? [];
    expect(errors.map(({ path }) => path.join('.'))).toEqual(['placedAt']);
    expect(errors[0]?.message).toContain('such as 2010-12-01T08:26:00Z');
  });
});

describe('reports of other systems', () => {
  it('null is accepted for absent fields', () => {
    const at = '2010-12-01T08:26:00Z';
    expect(parcelPicked.data.safeParse({ orderNumber: '1', at, lines: null }).success).toBe(true);
    expect(parcelScanned.data.safeParse({ trackingNumber: 't', orderNumber: '1', scan: 'first-scan', at, place: null }).success).toBe(true);
    expect(paymentCaptured.data.safeParse({ ...paymentCaptured.example, storefront: null }).success).toBe(true);
  });
});

describe('an address', () => {
  it('second line, state, company and house number are kept', () => {
    const more = { company: 'B&B Ltd', houseNumber: '12b', street2: 'Flat 3', state: 'CA' };
    expect(address(more).address).toMatchObject(more);
  });

  it('the country UK becomes GB, and the original value is kept in `extra`', () => {
    const order = address({ country: 'UK' });
    expect(order.address.country).toBe('GB');
    expect(order.noticed).toEqual(['country-uk-read-as-gb']);
    expect(order.extra).toEqual([{ field: 'address.country', value: '"UK"' }]);
  });

  it('an unknown field of the address is noticed for review', () => {
    const order = address({ address2: 'Flat 3' });
    expect(order.extra).toEqual([{ field: 'address.address2', value: '"Flat 3"' }]);
    expect(order.noticed).toEqual(['address-not-understood']);
  });
});

describe('an unknown field', () => {
  it('the field is kept as sent, at any depth, and the rest of the order is unchanged', () => {
    const lines = example.lines.map((line, i) => (i === 0 ? { ...line, engraving: { text: 'Ada', size: 3 } } : line));
    const order = read({ loyalty: 'gold', lines, customer: { ...example.customer, vip: true } });
    const { extra, ...rest } = order;
    expect(extra).toEqual([
      { field: 'customer.vip', value: 'true' },
      { field: 'lines.0.engraving', value: '{"text":"Ada","size":3}' },
      { field: 'loyalty', value: '"gold"' },
    ]);
    expect(rest).toEqual(read({}));
  });

  it('a long value is kept in pieces, whatever its characters', () => {
    const long = '😀'.repeat(5000);
    const { extra = [] } = read({ story: long });
    expect(extra.every(({ field, value }) => field === 'story' && value.length <= 2000 && value.isWellFormed())).toBe(true);
    expect(JSON.parse(extra.map(({ value }) => value).join(''))).toBe(long);
  });

  it('a value too long for an event is dropped and named with its length', () => {
    const { extra = [] } = read({ picture: 'x'.repeat(900_000), giftNote: 'for Ada' });
    expect(extra.map(({ field }) => field)).toEqual(['giftNote', 'fields-not-kept']);
    expect(extra.at(-1)?.value).toContain('picture (900');
    expect(JSON.stringify(extra).length).toBeLessThan(2_000);
  });

  it.each([
    ['tax', { tax: 7 }],
    ['giftCardAmount', { giftCardAmount: 100 }],
    ['lines.0.discount', { lines: [{ ...example.lines[0], discount: 5 }, example.lines[1]] }],
    ['lines.0.tax_rate', { lines: [{ ...example.lines[0], tax_rate: '20%' }, example.lines[1]] }],
    ['payment.currency', { payment: { ...example.payment, currency: 'EUR' } }],
    ['charges.0.taxIncluded', { charges: [{ kind: 'shipping', amount: 495, taxIncluded: true }] }],
  ])('a field that changes the amount to pay is refused by its name: %s', (field, change) => {
    expect(faults(change)).toEqual([field]);
  });

  it.each([
    { tax: 0 },
    { discount: null },
    { fees: [] },
    { couponCode: 'SPRING' },
    { shippingMethod: 'express' },
    { invoiceTotalLabel: '' },
  ])('a field that only resembles an amount is kept: %j', (change) => {
    expect(faults(change)).toEqual([]);
    expect(read(change).extra).toEqual(Object.entries(change).map(([field, value]) => ({ field, value: JSON.stringify(value) })));
  });

  it('the published schema allows additional fields', () => {
    const schema = z.toJSONSchema(placedOrder, { io: 'input' });
    expect(schema.additionalProperties).not.toBe(false);
    expect(schema.required).toEqual(['orderNumber', 'placedAt', 'customer', 'address', 'lines', 'currency', 'total', 'payment']);
  });
});

describe('several payments of an order (ORD-01)', () => {
  const voucher = { method: 'voucher', captured: 59, reference: 'gift-1' };
  const card = { ...example.payment, captured: 4000 };
  const paid = (payments: unknown, payment: object = card) => ({ payment, payments });

  it('each payment has its method, reference and amount', () => {
    expect(read(paid([voucher, card]))).toMatchObject({ payment: card, payments: [voucher, card] });
    expect(read(paid([voucher, card])).extra).toBeUndefined();
  });

  it('without a list of payments the single payment counts', () => {
    for (const none of [undefined, null, []]) expect(read({ payments: none }).payments).toBeUndefined();
  });

  it.each([
    ['without that of `payment`', paid([voucher]), 'payments'],
    ['with another amount of it', paid([voucher, { ...card, captured: 1 }]), 'payments'],
    ['with a reference twice', paid([voucher, { ...voucher, captured: 0 }, card]), 'payments.1.reference'],
    ['with more than the total', paid([{ ...voucher, captured: 60 }, card]), 'payments'],
    ['with an amount that nobody heeds', paid([{ ...voucher, fee: 1 }, card]), 'payments.0.fee'],
    ['without a reference', paid([{ method: 'voucher', captured: 59 }, card]), 'payments.0.reference'],
  ])('payments are refused %s', (_, change, field) => {
    expect(faults(change)).toEqual([field]);
  });
});
