import { afterSalesMessages } from './services/after-sales.js';
import { lostParcelMessages } from './services/after-sales-lost.js';
import { reshipMessages, unpaidReturnMessages } from './services/after-sales-reships.js';
import { customerTold, flowMessages } from './flows/flows.js';
import { logisticsMessages } from './services/logistics.js';
import type { MessageContract } from './messages/message.js';
import { orderMessages } from './services/order.js';
import { partnerMessages } from './services/partners.js';
import { productMessages } from './products/products.js';
import { refundMessages } from './services/refund/refund.js';
import { rejectionMessages } from './services/rejections.js';
import { settingsMessages } from './settings/settings-messages.js';
import { storefrontMessages } from './services/storefront.js';
import { answerMessages, taskMessages } from './questions/tasks.js';

export * from './services/after-sales.js';
export * from './services/after-sales-lost.js';
export * from './services/after-sales-reships.js';
export * from './allocation.js';
export * from './questions/answer-checks.js';
export * from './services/captures.js';
export * from './messages/common.js';
export * from './messages/contact.js';
export * from './messages/countries.js';
export * from './services/fields-kept.js';
export * from './flows/flow-owners.js';
export * from './flows/flows.js';
export * from './services/logistics.js';
export * from './messages/message.js';
export type * from './message-types.js';
export * from './services/order.js';
export * from './services/partners.js';
export * from './services/refund/payments.js';
export * from './permissions.js';
export * from './products/products.js';
export * from './messages/parse.js';
export * from './messages/personal.js';
export * from './questions/questions.js';
export * from './messages/reference.js';
export * from './services/refund/declared-cause.js';
export * from './services/refund/refund.js';
export * from './services/rejections.js';
export * from './rules.js';
export * from './messages/sealed.js';
export * from './messages/actor.js';
export * from './settings/complete-settings.js';
export * from './settings/default-deadlines.js';
export * from './settings/default-settings.js';
export * from './settings/settings-document.js';
export * from './settings/settings-messages.js';
export * from './services/storefront.js';
export * from './services/tracking.js';
export * from './questions/tasks.js';
export * from './messages/topics.js';
export * from './messages/unknown-fields.js';

/** Everything that services, partners and teams say to each other. */
export const messages: readonly MessageContract[] = [
  ...storefrontMessages,
  ...productMessages,
  ...orderMessages,
  ...logisticsMessages,
  ...refundMessages,
  ...afterSalesMessages,
  ...reshipMessages,
  ...unpaidReturnMessages,
  ...lostParcelMessages,
  ...partnerMessages,
  ...taskMessages,
  ...answerMessages,
  ...flowMessages,
  ...rejectionMessages,
  ...settingsMessages,
  customerTold,
];

/** The contract of a message by topic and type; throws for one that nobody declared. */
export function contractOf(topic: string, type: string): MessageContract {
  const found = byName.get(`${topic} ${type}`);
  if (!found) throw new RangeError(`no contract for ${type} on ${topic}`);
  return found;
}

const byName = new Map(messages.map((m) => [`${m.topic} ${m.type}`, m]));
