import { afterSalesMessages } from './after-sales.js';
import { reshipMessages } from './after-sales-reships.js';
import { customerTold, flowMessages } from './flows.js';
import { logisticsMessages } from './logistics.js';
import type { MessageContract } from './message.js';
import { orderMessages } from './order.js';
import { partnerMessages } from './partners.js';
import { refundMessages } from './refund.js';
import { rejectionMessages } from './rejections.js';
import { storefrontMessages } from './storefront.js';
import { answerMessages, taskMessages } from './tasks.js';

export * from './after-sales.js';
export * from './after-sales-reships.js';
export * from './allocation.js';
export * from './answer-checks.js';
export * from './captures.js';
export * from './common.js';
export * from './contact.js';
export * from './countries.js';
export * from './fields-kept.js';
export * from './flow-owners.js';
export * from './flows.js';
export * from './logistics.js';
export * from './message.js';
export * from './order.js';
export * from './partners.js';
export * from './payments.js';
export * from './permissions.js';
export * from './personal.js';
export * from './questions.js';
export * from './reference.js';
export * from './refund.js';
export * from './rejections.js';
export * from './sealed.js';
export * from './speaker.js';
export * from './storefront.js';
export * from './tasks.js';
export * from './topics.js';
export * from './unknown-fields.js';

/** Everything that services, partners and teams say to each other. */
export const messages: readonly MessageContract[] = [
  ...storefrontMessages,
  ...orderMessages,
  ...logisticsMessages,
  ...refundMessages,
  ...afterSalesMessages,
  ...reshipMessages,
  ...partnerMessages,
  ...taskMessages,
  ...answerMessages,
  ...flowMessages,
  ...rejectionMessages,
  customerTold,
];

/** The contract of a message by topic and type; throws for one that nobody declared. */
export function contractOf(topic: string, type: string): MessageContract {
  const found = byName.get(`${topic} ${type}`);
  if (!found) throw new RangeError(`no contract for ${type} on ${topic}`);
  return found;
}

const byName = new Map(messages.map((m) => [`${m.topic} ${m.type}`, m]));
