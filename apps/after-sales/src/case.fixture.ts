import { eventsTopicOf } from '@orderloom/contracts';
import { messageFaults } from '@orderloom/flows';
import type { Bought, Line } from './purchase/purchase-details.js';
import type { CaseEvent } from './case-facts.js';
import type { PurchaseEvent } from './purchase/purchase-facts.js';

export const orderNumber = '536365';
export const caseId = '3f0c9d1e-7f6a-8b1c-9d2e-3f4a5b6c7d8e';
export const ids = { caseId, orderNumber };

/** 10 at 100 and 5 at 100 pence, 300 for shipping, a discount of 300 on the goods: 1,500 captured, of which 1,200 are for goods. */
const lines: readonly Line[] = [
  { line: 1, sku: '85123A', quantity: 10, unitPrice: 100 },
  { line: 2, sku: '71053', quantity: 5, unitPrice: 100 },
];
export const payment = { method: 'card', captured: 1500, reference: 'pay-536365' };
const charges = [
  { kind: 'shipping', amount: 300 },
  { kind: 'discount', amount: -300, appliesTo: 'goods' },
] as const;
export const bought: Bought = { lines, shipping: 300, charges, currency: 'GBP', payment };

/** Two of line 1 come back, reported on Wednesday. */
export const openedAt = '2010-12-08T09:00:00.000000Z';
export const twoUnits = [{ line: 1, quantity: 2 }];
export const twoGoods: readonly Line[] = [{ line: 1, sku: '85123A', quantity: 2, unitPrice: 100 }];
export const returnBegun = { ...ids, cause: null, lines: twoUnits, reason: 'too big', openedAt };
export const missingBegun = { ...ids, lines: twoUnits, reason: 'two are missing', openedAt };
/** The parcel RM1GB is lost; what was in it is not named. */
export const lostBegun = { ...ids, trackingNumber: 'RM1GB', lines: [], reason: 'not found in any depot', openedAt };
export const unitsClaimed = { ...ids, lines: twoGoods, withinWindow: true, currency: 'GBP', payment };

export const contractFaults = (...events: readonly (CaseEvent | PurchaseEvent)[]): string[] =>
  events.flatMap(({ type, data }) => messageFaults(eventsTopicOf('after-sales'), type, data));
