import { Controller, Get, Inject, Query } from '@nestjs/common';
import { storefrontName } from '@orderloom/contracts';
import type { EventStore } from '@orderloom/event-sourcing';
import { EVENT_STORE, Operation, RequirePermission } from '@orderloom/platform';
import { z } from 'zod';
import { productId } from '../products/product-facts.js';
import { type ProductRow, categoryKey } from '../products/products.view.js';

const search = z
  .object({
    storefront: storefrontName.default('main'),
    sku: z.string().trim().min(1).max(80).optional(),
    category: z.string().trim().min(1).max(80).optional(),
  })
  .refine(({ sku, category }) => sku !== undefined || category !== undefined, 'give a sku or a category');
const row = z.record(z.string(), z.unknown());
const most = 200;

@Controller('products')
export class ProductsController {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  @Get()
  @RequirePermission('catalogue:read')
  @Operation({
    summary: 'Products of a storefront by sku or category',
    rule: 'ORD-21',
    answers: { 200: z.object({ products: z.array(row) }) },
  })
  async find(
    @Query({ schema: search }) { storefront, sku, category }: z.infer<typeof search>,
  ): Promise<{ products: readonly ProductRow[] }> {
    if (sku === undefined)
      return {
        products: await this.store.rows<ProductRow>('products', { shelf: categoryKey({ storefront, category: category ?? '' }) }, most),
      };
    const product = await this.store.row<ProductRow>('products', productId({ storefront, sku }));
    return { products: product && (category === undefined || product.category === category) ? [product] : [] };
  }
}
