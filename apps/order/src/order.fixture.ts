import { eventsTopicOf } from '@orderloom/contracts';
import { messageFaults } from '@orderloom/flows';
import type { OrderEvent } from './order-facts.js';
import type { Address, Placed } from './order-details.js';

export const orderNumber = '536365';
export const address: Address = {
  recipient: 'Ada Lovelace',
  street: '12 St James Square',
  city: 'London',
  postcode: 'SW1Y 4JH',
  country: 'GB',
};
export const elsewhere: Address = { ...address, recipient: 'Ada Byron', street: '6 Piccadilly Terrace' };

/** Two lines of 1,000 and 500 pence, shipping of 300, a discount of 300 on the goods: 1,500 captured. */
export const placed: Placed = {
  orderNumber,
  storefront: 'main',
  placedAt: '2010-12-01T08:26:00.000000Z',
  customer: { id: '17850', name: 'Ada Lovelace', email: 'ada@example.test' },
  address,
  lines: [
    { line: 1, sku: '85123A', quantity: 10, unitPrice: 100 },
    { line: 2, sku: '71053', quantity: 5, unitPrice: 100 },
  ],
  charges: [
    { kind: 'shipping', amount: 300 },
    { kind: 'discount', amount: -300, appliesTo: 'goods' },
  ],
  currency: 'GBP',
  total: 1500,
  payment: { method: 'card', captured: 1500, reference: 'pay-536365' },
};

/** ORD-05: accepted on Wednesday at nine; 24 hours at home, five working days abroad and for processing. */
export const accepted: Extract<OrderEvent, { type: 'OrderPlaced' }> = {
  type: 'OrderPlaced',
  data: { ...placed, promisedDispatchBy: '2010-12-02T09:00:00.000000Z', processedUntil: '2010-12-08T09:00:00.000000Z', concerns: [] },
};

type ChangeClosed = Extract<OrderEvent, { type: 'ChangeClosed' }>;

/** The end of a change, and the order as it is then: by default as it was accepted. */
export const changeClosed = (changed: ChangeClosed['data']['changed'], more: Partial<ChangeClosed['data']> = {}): OrderEvent => {
  const { lines, promisedDispatchBy } = accepted.data;
  return { type: 'ChangeClosed', data: { orderNumber, changeId: 'change-1', changed, lines, address, promisedDispatchBy, ...more } };
};

export const contractFaults = (...events: readonly OrderEvent[]): string[] =>
  events.flatMap(({ type, data }) => messageFaults(eventsTopicOf('order'), type, data));
