import {
  setMainStorefront,
  orderReference,
  partsOf,
  referenceOf,
  storefrontCancellationRequested,
  storefrontOrderPlaced,
} from '../index.js';

describe("an order's reference (ORD-01)", () => {
  it.each([
    ['main', '1002', '1002'],
    ['shop-fr', '1002', 'shop-fr:1002'],
  ])('of %s and %s is %s, and says both again', (storefront, number, reference) => {
    expect(referenceOf(storefront, number)).toBe(reference);
    expect(partsOf(reference)).toEqual({ storefront, number });
    expect(orderReference.parse(reference)).toBe(reference);
  });

  it.each(['', ':1002', 'shop-fr:', 'a:b:1002', 'shop fr:1002', '1002\n', 'n'.repeat(41), `${'s'.repeat(60)}:1`])('is never %j', (text) =>
    expect(orderReference.safeParse(text).success).toBe(false),
  );

  it('has at most 100 characters', () => {
    expect(orderReference.safeParse(`${'s'.repeat(59)}:${'n'.repeat(40)}`).success).toBe(true);
  });
});

describe('what a storefront says of its order (ORD-01)', () => {
  const { data } = storefrontCancellationRequested;
  const read = (said: object) => data.parse({ orderNumber: '1002', reason: 'ordered twice', ...said });

  it.each([
    [{}, 'main', '1002'],
    [{ storefront: 'main' }, 'main', '1002'],
    [{ storefront: 'shop-fr' }, 'shop-fr', 'shop-fr:1002'],
    [{ orderNumber: 'shop-fr:1002' }, 'shop-fr', 'shop-fr:1002'],
    [{ orderNumber: 'shop-fr:1002', storefront: 'shop-fr' }, 'shop-fr', 'shop-fr:1002'],
    [{ orderNumber: 'main:1002' }, 'main', '1002'],
  ])('with %j is of %s, order %s', (said, storefront, orderNumber) => {
    expect(read(said)).toMatchObject({ storefront, orderNumber });
  });

  it.each([
    [{ orderNumber: 'shop-fr:1002', storefront: 'shop-uk' }, 'is shop-uk, but shop-fr:1002 is an order of shop-fr: leave one of them out'],
    [{ orderNumber: 'shop-fr:1002', storefront: 'main' }, 'is main, but shop-fr:1002 is an order of shop-fr: leave one of them out'],
    [{ storefront: 'shop fr' }, 'must be a storefront: 1 to 59 letters, digits, dots, hyphens or underscores'],
  ])('is refused with %j', (said, message) => {
    const { error } = data.safeParse({ orderNumber: '1002', reason: 'ordered twice', ...said });
    expect(error?.issues).toMatchObject([{ path: ['storefront'], message }]);
  });

  it('is so for an order that is placed too: a name that no reference can hold is refused by its field', () => {
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
  ])('is the one that bare numbers belong to, whatever its name: with %j of %s, order %s', (said, storefront, orderNumber) => {
    expect(data.parse({ orderNumber: '1002', reason: 'ordered twice', ...said })).toMatchObject({ storefront, orderNumber });
  });
});
