import type { Fact } from '@orderloom/event-sourcing';
import type { Instant } from '@orderloom/kernel';

/** A product of a storefront's catalogue; `price` of one unit in minor units of `currency`. */
export interface Listed {
  readonly storefront: string;
  readonly sku: string;
  readonly name: string;
  readonly category: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly price: number;
  readonly currency: string;
  readonly stock: 'in-stock' | 'out-of-stock' | 'discontinued';
  readonly listedAt: Instant;
}

// This name is stored and must not change.
export type ProductEvent = Fact<'ProductListed', Listed>;

export type ProductCommand = { type: 'ListProduct'; now: Instant; by: string } & Listed;

/** Products of all storefronts have streams of their own. */
export const productId = ({ storefront, sku }: Pick<Listed, 'storefront' | 'sku'>): string => `${storefront}/${sku}`;
