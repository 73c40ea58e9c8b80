import { z } from 'zod';
import { amount, currency, orderLine, when } from '../messages/common.js';
import { optionalText } from '../messages/contact.js';
import { messagesOn } from '../messages/message.js';
import { storefrontName } from '../messages/reference.js';
import { storefrontProducts } from '../messages/topics.js';

const productStock = ['in-stock', 'out-of-stock', 'discontinued'] as const;

/** ORD-21: a product of a storefront's catalogue; `price` in minor units of `currency`. */
export const productListed = messagesOn(storefrontProducts).message('ProductListed', {
  happened: 'listedAt',
  identity: 'key',
  rule: 'ORD-21',
  description:
    'A product as a storefront sells it from `listedAt` on. A change of product (ORD-20) is priced, and similar products are recommended, by ' +
    'it. Key: `<storefront>/<sku>`. A record that is older than the one before changes nothing.',
  data: z.object({
    storefront: optionalText(storefrontName).transform((said) => said ?? 'main'),
    sku: orderLine.shape.sku,
    name: orderLine.shape.description.unwrap(),
    category: z.string().trim().min(1).max(80).describe('products of the same category are recommended for each other'),
    attributes: orderLine.shape.attributes,
    price: amount.describe('of one unit, in minor units'),
    currency,
    stock: z.enum(productStock).describe('a hint: purchasing is asked before a product is promised'),
    listedAt: when,
  }),
  example: {
    ...{ storefront: 'main', sku: '71053', name: 'WHITE METAL LANTERN', category: 'lanterns', attributes: { colour: 'white' } },
    ...{ price: 339, currency: 'GBP', stock: 'in-stock', listedAt: '2010-12-01T08:00:00Z' },
  },
});

/** A product as a flow offers it to a customer. */
export const offeredProduct = z.object({
  sku: orderLine.shape.sku,
  description: orderLine.shape.description,
  attributes: orderLine.shape.attributes,
  unitPrice: amount,
});
export type OfferedProduct = z.infer<typeof offeredProduct>;

export const productMessages = [productListed];
