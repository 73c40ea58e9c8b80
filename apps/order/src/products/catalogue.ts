import { partsOf } from '@orderloom/contracts';
import type { EventStore } from '@orderloom/event-sourcing';
import { productId } from './product-facts.js';
import type { ProductRow } from './products.view.js';

/** Rows that are compared for a recommendation. */
const most = 200;

/** A product of the catalogue, and the others of its category. */
export interface CatalogueEntry {
  readonly product: ProductRow | null;
  readonly category: readonly ProductRow[];
}

/** ORD-21: looks a product up in the catalogue of the order's storefront, by the catalogue of now. */
export async function lookUpProduct(store: Pick<EventStore, 'row' | 'rows'>, orderNumber: string, sku: string): Promise<CatalogueEntry> {
  const product = await store.row<ProductRow>('products', productId({ storefront: partsOf(orderNumber).storefront, sku }));
  return { product, category: product ? await store.rows<ProductRow>('products', { shelf: product.shelf }, most) : [] };
}
