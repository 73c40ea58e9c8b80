import { answersOf, courierScans, paymentsNotices, storefrontOrders, teams, warehouseReports } from './topics.js';

const writers: ReadonlyMap<string, string> = new Map([
  [storefrontOrders, 'storefront'],
  [warehouseReports, 'warehouse'],
  [courierScans, 'courier'],
  [paymentsNotices, 'payments'],
  ...teams.map((team): [string, string] => [answersOf(team), team]),
]);

/**
 * Who said something, as events keep it (`finance:li`). On a topic that others write the role is the topic's writer, whatever the
 * message claims: who may write there is for the broker to say. On our own topics it is what the service wrote.
 */
export function speakerOn(topic: string, claimed: string): string {
  const role = writers.get(topic);
  if (role === undefined) return claimed;
  return `${role}:${claimed.slice(claimed.lastIndexOf(':') + 1).replace(/^\/+/, '')}`;
}
