import {
  setMainStorefront,
  orderReference,
  partsOf,
  referenceOf,
  storefrontCancellationRequested,
  storefrontOrderPlaced,
} from '../index.js';

describe('the reference of an order (ORD-01)', () => {
  it.each([
    ['main', '1002', '1002'],
    ['shop-fr', '1002', 'shop-fr:1002'],
  ])('storefront %s and number %s give %s and back', (storefront, number, reference) => {
    expect(referenceOf(storefront, number)).toBe(reference);
    expect(partsOf(reference)).toEqual({ storefront, number });
    expect(orderReference.parse(reference)).toBe(reference);
  });

  it.each(['', ':1002', 'shop-fr:', 'a:b:1002', 'shop fr:1002', '1002\n', 'n'.repeat(41), `${'s'.repeat(60)}:1`])(
    '%j is not a reference',
    (text) => expect(orderReference.safeParse(text).success).toBe(false),
  );

  it('a reference has at most 100 characters', () => {
    expect(orderReference.safeParse(`${'s'.repeat(59)}:${'n'.repeat(40)}`).success).toBe(true);
  });
});

describe('the storefront in a message about an order (ORD-01)', () => {
  const { data } = storefrontCancellationRequested;
  const read = (said: object) => data.parse({ orderNumber: '1002', reason: 'ordered twice', ...said });

  it.each([
    [{}, 'main', '1002'],
    [{ storefront: 'main' }, 'main', '1002'],
    [{ storefront: 'shop-fr' }, 'shop-fr', 'shop-fr:1002'],
    [{ orderNumber: 'shop-fr:1002' }, 'shop-fr', 'shop-fr:1002'],
    [{ orderNumber: 'shop-fr:1002', storefront: 'shop-fr' }, 'shop-fr', 'shop-fr:1002'],
    [{ orderNumber: 'main:1002' }, 'main', '1002'],
  ])('%j belongs to storefront %s, order %s', (said, storefront, orderNumber) => {
    expect(read(said)).toMatchObject({ storefront, orderNumber });
  });

  it.each([
    [{ orderNumber: 'shop-fr:1002', storefront: 'shop-uk' }, 'is shop-uk, but shop-fr:1002 is an order of shop-fr: leave one of them out'],
    [{ orderNumber: 'shop-fr:1002', storefront: 'main' }, 'is main, but shop-fr:1002 is an order of shop-fr: leave one of them out'],
    [{ storefront: 'shop fr' }, 'must be a storefront: 1 to 59 letters, digits, dots, hyphens or underscores'],
  ])('%j is refused', (said, message) => {
    const { error } = data.safeParse({ orderNumber: '1002', reason: 'ordered twice', ...said });
    expect(error?.issues).toMatchObject([{ path: ['storefront'], message }]);
  });

  it('a placed order with an invalid storefront name is refused, and the error names the field', () => {
    const placed = { ...storefrontOrderPlaced.example, storefront: 'Shop:FR' };
    expect(storefrontOrderPlaced.data.safeParse(placed).error?.issues.map(({ path }) => path)).toEqual([['storefront']]);
  });
});

describe('the main storefront of an installation', () => {
  const { data } = storefrontCancellationRequested;
  beforeAll(() => setMainStorefront('shop-uk'));
  afterAll(() => setMainStorefront('main'));

  it.each([
    [{}, 'shop-uk', '1002'],
    [{ storefront: 'shop-uk' }, 'shop-uk', '1002'],
    [{ storefront: 'main' }, 'main', 'main:1002'],
  ])('bare numbers belong to the main storefront: %j is of %s, order %s', (said, storefront, orderNumber) => {
    expect(data.parse({ orderNumber: '1002', reason: 'ordered twice', ...said })).toMatchObject({ storefront, orderNumber });
  });
});
