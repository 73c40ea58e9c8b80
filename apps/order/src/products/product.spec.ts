import { given } from '@orderloom/event-sourcing';
import { product } from './product.js';
import type { Listed, ProductEvent } from './product-facts.js';

const lantern: Listed = {
  ...{ storefront: 'main', sku: '71053', name: 'WHITE METAL LANTERN', category: 'lanterns', price: 339, currency: 'GBP' },
  ...{ stock: 'in-stock', listedAt: '2010-12-01T08:00:00.000000Z' },
};
const listed = (change: object = {}): ProductEvent => ({ type: 'ProductListed', data: { ...lantern, ...change } });
const list = (change: object = {}) => ({ type: 'ListProduct', ...lantern, ...change }) as const;

describe('a product of the catalogue (ORD-21)', () => {
  it('the last listing applies', () => {
    given(product).when(list()).then(listed());
    const dearer = { price: 400, listedAt: '2010-12-02T08:00:00.000000Z' };
    given(product, listed()).when(list(dearer)).then(listed(dearer));
    expect(product.views?.[0]?.evolve(null, { ...listed(dearer), stream: 'product-main/71053' } as never)).toMatchObject({
      ...{ price: 400, shelf: 'main/lanterns' },
    });
  });

  it('an older or repeated listing changes nothing', () => {
    given(product, listed())
      .when(list({ price: 400 }))
      .thenNothing();
    given(product, listed())
      .when(list({ price: 400, listedAt: '2010-11-30T08:00:00.000000Z' }))
      .thenNothing();
  });
});
