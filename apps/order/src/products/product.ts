import type { Decider } from '@orderloom/event-sourcing';
import type { Listed, ProductCommand, ProductEvent } from './product-facts.js';
import { productsView } from './products.view.js';

/** ORD-21: a product as its storefront listed it last; an older record changes nothing. */
export const product: Decider<Listed | null, ProductCommand, ProductEvent> = {
  name: 'product',
  initial: null,
  evolve: (_, { data }) => data,
  decide: ({ type: _type, now: _now, by: _by, ...listed }, current) =>
    current && listed.listedAt <= current.listedAt ? [] : [{ type: 'ProductListed', data: listed }],
  rules: { ProductListed: 'ORD-21' },
  occurredAt: ({ data }) => data.listedAt,
  objects: (_, id) => [{ type: 'product', id }],
  examples: {
    ProductListed: {
      ...{ storefront: 'main', sku: '71053', name: 'WHITE METAL LANTERN', category: 'lanterns', attributes: { colour: 'white' } },
      ...{ price: 339, currency: 'GBP', stock: 'in-stock', listedAt: '2010-12-01T08:00:00.000000Z' },
    },
  },
  views: [productsView],
};
