import type { Projection } from '@orderloom/event-sourcing';
import type { Listed, ProductEvent } from './product-facts.js';

export interface ProductRow extends Listed {
  /** `<storefront>/<category>`: products of one shelf are recommended for each other. */
  readonly shelf: string;
}

export const categoryKey = ({ storefront, category }: Pick<Listed, 'storefront' | 'category'>): string => `${storefront}/${category}`;

export const productsView: Projection<ProductEvent, ProductRow> = {
  table: 'products',
  key: ({ stream }) => stream.slice('product-'.length),
  evolve: (_, { data }) => ({ ...data, shelf: categoryKey(data) }),
};
