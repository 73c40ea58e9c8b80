import { z } from 'zod';
import { caseKind, namesGoods, returnCause } from './after-sales.js';
import { plainAddress, lineNumber, lineQuantity, orderLine, orderNumber, placedOrder, optionalWords } from '../messages/common.js';
import { addressChangeNotices, optionalList, optionalText, listOrEmpty } from '../messages/contact.js';
import { messagesOn } from '../messages/message.js';
import { withOrderReference, storefrontName } from '../messages/reference.js';
import { taskId } from '../questions/tasks.js';
import { storefrontOrders } from '../messages/topics.js';
import { declaredCause } from './refund/declared-cause.js';
import { keepingUnknown } from '../messages/unknown-fields.js';

const storefront = messagesOn(storefrontOrders);
const looseLine = z.looseObject(lineQuantity.shape);
const order = { orderNumber, storefront: optionalText(storefrontName) };
const cause = optionalText(returnCause);
/** REF-07 */
const declared = { declaredCause: optionalText(declaredCause) };

/** With what a reviewer should look at. */
const noticing = <T extends Parameters<typeof addressChangeNotices>[0]>(said: T): T & { readonly noticed?: readonly string[] } => {
  const noticed = addressChangeNotices(said);
  return noticed.length > 0 ? { ...said, noticed } : said;
};
/** ORD-31: a new address, as people write it. */
export const newAddress = keepingUnknown({ address: plainAddress }).transform(noticing);

const exampleAddress = { recipient: 'Ada Lovelace', street: '12 St James Square', city: 'London', postcode: 'SW1Y 4JH', country: 'GB' };

export const storefrontOrderPlaced = storefront.message('OrderPlaced', {
  happened: 'placedAt',
  identity: 'key',
  rule: 'ORD-01',
  description: 'A customer placed an order. The same order sent twice is one order.',
  data: placedOrder,
  example: {
    orderNumber: '536365',
    storefront: 'main',
    placedAt: '2010-12-01T08:26:00Z',
    customer: { id: '17850', name: 'Ada Lovelace', email: 'ada@example.test', phone: '+44 20 7946 0000' },
    address: exampleAddress,
    lines: [
      { line: 1, sku: '85123A', description: 'WHITE HANGING HEART T-LIGHT HOLDER', quantity: 6, unitPrice: 255 },
      { line: 2, sku: '71053', description: 'WHITE METAL LANTERN', attributes: { colour: 'white' }, quantity: 6, unitPrice: 339 },
    ],
    charges: [{ kind: 'shipping', amount: 495 }],
    currency: 'GBP',
    total: 4059,
    payment: { method: 'card', captured: 4059, reference: 'pay-536365' },
  },
});

export const storefrontCancellationRequested = storefront.message('CancellationRequested', {
  rule: 'ORD-10',
  description: 'The customer asks to cancel the order, or quantities of its lines. "Do not ship, refund" (ORD-14) is the same request.',
  data: keepingUnknown({
    ...order,
    reason: optionalWords,
    ...declared,
    lines: optionalList(z.array(looseLine).min(1)).describe('the whole order where absent'),
  }).transform(withOrderReference),
  example: { orderNumber: '536365', reason: 'ordered twice', lines: [{ line: 1, quantity: 6 }] },
});

export const storefrontAddressChangeRequested = storefront.message('AddressChangeRequested', {
  rule: 'ORD-30',
  description: 'The customer asks to send the order to another address.',
  data: keepingUnknown({ ...order, address: plainAddress })
    .transform(noticing)
    .transform(withOrderReference),
  example: { orderNumber: '536365', address: exampleAddress },
});

export const storefrontTrackingRequested = storefront.message('TrackingRequested', {
  rule: 'LOG-02',
  description: 'The customer asks where the parcel is, or complains that it comes late.',
  data: keepingUnknown({ ...order, text: optionalText(optionalWords) }).transform(withOrderReference),
  example: { orderNumber: '536365', text: 'it should be here by now' },
});

export const productChange = {
  line: lineNumber,
  quantity: lineQuantity.shape.quantity.optional().describe('units to be replaced; all that are left of the line where absent'),
  sku: orderLine.shape.sku.describe('of the product that the customer wants, as the catalogue lists it (ProductListed)'),
};

export const storefrontProductChangeRequested = storefront.message('ProductChangeRequested', {
  rule: 'ORD-20',
  description:
    'The customer wants another product in place of a line, or of units of it. The price is that of the catalogue (ProductListed) at the ' +
    'time of the request.',
  data: keepingUnknown({ ...order, ...productChange }).transform(withOrderReference),
  example: { orderNumber: '536365', line: 1, sku: '71053' },
});

export const customerAnswered = storefront.message('CustomerAnswered', {
  identity: 'taskId',
  rule: 'CS-01',
  description: 'The customer answered a question from orderloom.tasks.customer. A late or second answer changes nothing.',
  data: z.object({ taskId, storefront: order.storefront, answer: z.looseObject({ type: z.string().min(1) }) }),
  example: { taskId: 'cancel-order-3f0c9d1e-7f6a-8b1c-9d2e-3f4a5b6c7d8e.12', answer: { type: 'OfferAccepted' } },
});

export const returnRequested = storefront.message('ReturnRequested', {
  rule: 'AFT-30',
  description: 'The customer asks to send goods back. Opens a case. Within 7 days of delivery no cause is required.',
  data: keepingUnknown({ ...order, lines: z.array(looseLine).min(1), reason: optionalWords, cause, ...declared }).transform(
    withOrderReference,
  ),
  example: { orderNumber: '536365', lines: [{ line: 2, quantity: 1 }], reason: 'invoice C536379', cause: 'quality' },
});

export const problemReported = storefront.message('ProblemReported', {
  rule: 'AFT-01',
  description: 'The customer reports a problem with an order. Opens a case.',
  data: keepingUnknown(
    { ...order, kind: caseKind, lines: listOrEmpty(looseLine), text: optionalWords, cause, ...declared },
    namesGoods,
  ).transform(withOrderReference),
  example: { orderNumber: '536365', kind: 'missing-items', lines: [{ line: 2, quantity: 1 }], text: 'one lantern is missing' },
});

export const refusedEntryReasons = [
  'unreadable',
  'accounting-entry',
  'stock-write-off',
  'nothing-to-pay',
  'negative-price',
  'finer-than-minor-unit',
  'no-purchase-found',
] as const;

export const entryRefused = storefront.message('EntryRefused', {
  rule: 'ORD-01',
  description:
    "An entry of the shop's books is no order: the reason, and the lines of the entry that it concerns. Key: the entry's number.",
  data: z.object({
    entry: orderNumber,
    storefront: storefrontName.optional(),
    lines: z.array(z.int().positive()).min(1).describe('numbers of the lines in the entry'),
    reason: z.enum(refusedEntryReasons),
    detail: z.string().max(500),
  }),
  example: { entry: 'C536379', lines: [1], reason: 'no-purchase-found', detail: 'D is not among what customer 14527 bought before' },
});

export const storefrontMessages = [
  storefrontOrderPlaced,
  storefrontCancellationRequested,
  storefrontAddressChangeRequested,
  storefrontTrackingRequested,
  storefrontProductChangeRequested,
  customerAnswered,
  returnRequested,
  problemReported,
  entryRefused,
];
