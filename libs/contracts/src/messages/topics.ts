/** Every topic with its writer, key, partitions and retention. Services create topics from this list only. */
const days = (n: number): string => String(n * 24 * 3600 * 1000);

/** Topics that other systems write, with any codec. The broker recompresses, because kafkajs cannot read every codec. */
const foreign = { 'compression.type': 'gzip' };

export const teams = [
  'customer',
  'reviewer',
  'service',
  'supervisor',
  'purchasing',
  'warehouse',
  'courier',
  'finance',
  'payments',
] as const;
export type Team = (typeof teams)[number];

/** Writers outside Orderloom. Each reads its refused records on a topic of its own. */
export const senders = [
  'storefront',
  'warehouse',
  'courier',
  'payments',
  'reviewer',
  'service',
  'supervisor',
  'purchasing',
  'finance',
] as const;
export type Sender = (typeof senders)[number];

/** Services with topics for facts, commands and flows. */
export const orderServices = ['order', 'logistics', 'refund', 'after-sales'] as const;
/** All services. `settings` has one topic, on which it publishes its document. */
export const services = [...orderServices, 'settings'] as const;
export type ServiceName = (typeof services)[number];

/** Whether a service has topics for facts, commands and flows. */
export const isOrderService = (name: ServiceName): boolean => (orderServices as readonly string[]).includes(name);

export interface Topic {
  readonly topic: string;
  readonly partitions: number;
  readonly writtenBy: string;
  readonly key: string;
  readonly description: string;
  readonly config: Readonly<Record<string, string>>;
}

const topic = (name: string, writtenBy: string, key: string, description: string, config: Record<string, string>): Topic => ({
  topic: `orderloom.${name}`,
  partitions: 3,
  writtenBy,
  key,
  description,
  config,
});

export const topics: readonly Topic[] = [
  topic('storefront.orders', 'storefront', 'order number', 'orders placed, requests and the answers of customers', {
    'retention.ms': days(7),
    ...foreign,
  }),
  topic('storefront.products', 'storefront', 'product', 'products that a storefront sells: category, attributes, price, stock', {
    'cleanup.policy': 'compact',
    'retention.ms': '-1',
    ...foreign,
  }),
  topic('warehouse.reports', 'warehouse', 'order number', 'reports of the warehouse: picked, packed, shipped', {
    'retention.ms': days(30),
    ...foreign,
  }),
  topic('courier.scans', 'courier', 'tracking number', 'scans of parcels', { 'retention.ms': days(30), ...foreign }),
  topic('payments.notices', 'payment provider', 'order number', 'captures of payments, results of refunds', {
    'retention.ms': days(30),
    ...foreign,
  }),
  ...teams.flatMap((team) => [
    topic(`tasks.${team}`, 'flows', 'subject', `questions and notices to ${team}; reminded, withdrawn`, { 'retention.ms': days(30) }),
    topic(`answers.${team}`, team, 'subject', `answers of ${team}`, { 'retention.ms': days(30), ...foreign }),
  ]),
  ...orderServices.flatMap((service) => [
    topic(`${service}.events`, service, 'subject', `published facts of ${service}`, { 'retention.ms': '-1' }),
    topic(`${service}.commands`, 'flows of other services', 'subject', `commands to ${service}`, { 'retention.ms': days(30) }),
    topic(
      `${service}.flows`,
      `flows of ${service}`,
      'subject',
      'history of each flow: started, moved, asked, answered, due, parked, ended',
      {
        'retention.ms': '-1',
      },
    ),
  ]),
  ...senders.map((sender) =>
    topic(`rejections.${sender}`, 'services', 'key of the record that is refused', `refused records of ${sender}: field, rule, remedy`, {
      'retention.ms': days(30),
    }),
  ),
  topic('customer.messages', 'flows', 'subject', 'template id, rule, fields, locale', { 'retention.ms': days(30) }),
  // one partition: versions arrive in their order; compaction keeps every key, so that no version is lost that a decision names
  {
    ...topic('settings', 'settings', 'version of the settings', 'settings of the whole installation, one record per version', {
      'cleanup.policy': 'compact',
      'retention.ms': '-1',
    }),
    partitions: 1,
  },
];

/** Whether systems outside write the topic. */
export const isWrittenOutside = ({ config }: Topic): boolean => config['compression.type'] !== undefined;

export const storefrontOrders = 'orderloom.storefront.orders';
export const storefrontProducts = 'orderloom.storefront.products';
export const warehouseReports = 'orderloom.warehouse.reports';
export const courierScans = 'orderloom.courier.scans';
export const paymentsNotices = 'orderloom.payments.notices';
export const customerMessages = 'orderloom.customer.messages';
export const settingsTopic = 'orderloom.settings';
export const rejectionsTopicOf = (sender: Sender): string => `orderloom.rejections.${sender}`;
export const tasksTopicOf = (team: Team): string => `orderloom.tasks.${team}`;
export const answersTopicOf = (team: Team): string => `orderloom.answers.${team}`;
export const eventsTopicOf = <S extends ServiceName>(service: S) => `orderloom.${service}.events` as const;
export const commandsTopicOf = <S extends ServiceName>(service: S) => `orderloom.${service}.commands` as const;
export const flowsTopicOf = (service: ServiceName): string => `orderloom.${service}.flows`;
