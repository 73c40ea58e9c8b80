import {
  answersTopicOf,
  courierScans,
  paymentsNotices,
  type Sender,
  senders,
  type ServiceName,
  storefrontOrders,
  storefrontProducts,
  teams,
  warehouseReports,
} from './topics.js';

const writers: ReadonlyMap<string, string> = new Map([
  [storefrontOrders, 'storefront'],
  [storefrontProducts, 'storefront'],
  [warehouseReports, 'warehouse'],
  [courierScans, 'courier'],
  [paymentsNotices, 'payments'],
  ...teams.map((team): [string, string] => [answersTopicOf(team), team]),
]);

/**
 * The actor of a message, as events keep it (`finance:li`). On a topic that others write the role is the topic's writer, whatever the
 * message claims: who may write there is for the broker to say. On our own topics it is what the service wrote.
 */
export function actorOn(topic: string, claimed: string): string {
  const role = writers.get(topic);
  if (role === undefined) return claimed;
  return `${role}:${claimed.slice(claimed.lastIndexOf(':') + 1).replace(/^\/+/, '')}`;
}

/** The recipient of rejections of a topic's records; undefined for a topic of our own. */
export function senderOn(topic: string): Sender | undefined {
  const writer = writers.get(topic);
  return senders.find((sender) => sender === writer);
}

/** The topics that a role writes: its own, and for customer service and finance those of the people and systems that they speak for. */
export function topicsWrittenBy(role: string): readonly string[] {
  const spokenFor: Readonly<Record<string, Sender>> = { service: 'storefront', finance: 'payments' };
  return [...writers].filter(([, writer]) => writer === role || writer === spokenFor[role]).map(([topic]) => topic);
}

const tellers: ReadonlyMap<string, ServiceName> = new Map([
  [storefrontOrders, 'order'],
  [storefrontProducts, 'order'],
  [warehouseReports, 'logistics'],
  [courierScans, 'logistics'],
  [paymentsNotices, 'refund'],
  [answersTopicOf('reviewer'), 'order'],
  [answersTopicOf('service'), 'order'],
  [answersTopicOf('supervisor'), 'order'],
  [answersTopicOf('purchasing'), 'order'],
  [answersTopicOf('warehouse'), 'logistics'],
  [answersTopicOf('courier'), 'logistics'],
  [answersTopicOf('finance'), 'refund'],
]);

const answerReaders: ReadonlyMap<string, readonly ServiceName[]> = new Map([
  [storefrontOrders, ['order', 'logistics', 'after-sales']],
  [paymentsNotices, ['refund']],
  [answersTopicOf('reviewer'), ['order']],
  [answersTopicOf('service'), ['order', 'logistics', 'refund', 'after-sales']],
  [answersTopicOf('supervisor'), ['order', 'refund', 'after-sales']],
  [answersTopicOf('purchasing'), ['order', 'logistics', 'after-sales']],
  [answersTopicOf('warehouse'), ['logistics', 'after-sales']],
  [answersTopicOf('courier'), ['order', 'logistics']],
  [answersTopicOf('finance'), ['order', 'refund']],
]);

/** The services that read answers on `topic`: their flows ask its team, or they tell it of answers to nobody. */
export const answerReadersOf = (topic: string): readonly ServiceName[] => answerReaders.get(topic) ?? [];

/** The one service that tells the sender of a record which says too little to know for whom it is. */
export const rejectingService = (topic: string): ServiceName | undefined => tellers.get(topic);
