// Topics that partners read and write, named as in `deploy/contracts`.
export const storefrontOrders = 'orderloom.storefront.orders';
export const storefrontProducts = 'orderloom.storefront.products';
export const warehouseReports = 'orderloom.warehouse.reports';
export const courierScans = 'orderloom.courier.scans';
export const paymentsNotices = 'orderloom.payments.notices';
export const orderEvents = 'orderloom.order.events';
export const logisticsEvents = 'orderloom.logistics.events';
export const refundEvents = 'orderloom.refund.events';
export const afterSalesEvents = 'orderloom.after-sales.events';
export const tasksTopicOf = (team: string): string => `orderloom.tasks.${team}`;
export const answersTopicOf = (team: string): string => `orderloom.answers.${team}`;
/** Progress of flows, from which partners read the causation only. */
export const flowTopics = ['order', 'logistics', 'refund', 'after-sales'].map((service) => `orderloom.${service}.flows`);
