/** Every topic, once: who writes it, its key, its size and how long it keeps. Services create them from here and from nowhere else. */
const days = (n: number): string => String(n * 24 * 3600 * 1000);

/** Others write these with any codec: the broker recompresses, since kafkajs can't read all of them. */
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

/** Who writes to our topics from outside: each is told on a topic of its own what was refused of it. */
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

/** Services about orders: each has topics for its facts, its commands and its flows. */
export const orderServices = ['order', 'logistics', 'refund', 'after-sales', 'presales'] as const;
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
  topic('warehouse.reports', 'warehouse', 'order number', 'what the warehouse did: picked, packed, shipped', {
    'retention.ms': days(30),
    ...foreign,
  }),
  topic('courier.scans', 'courier', 'tracking number', 'where a parcel was seen', { 'retention.ms': days(30), ...foreign }),
  topic('payments.notices', 'payment provider', 'order number', 'what became of a payment or refund', {
    'retention.ms': days(30),
    ...foreign,
  }),
  ...teams.flatMap((team) => [
    topic(`tasks.${team}`, 'flows', 'subject', `questions and notices to ${team}; reminded, withdrawn`, { 'retention.ms': days(30) }),
    topic(`answers.${team}`, team, 'subject', `answers of ${team}`, { 'retention.ms': days(30), ...foreign }),
  ]),
  ...orderServices.flatMap((service) => [
    topic(`${service}.events`, service, 'subject', `published facts of ${service}`, { 'retention.ms': '-1' }),
    topic(`${service}.commands`, 'flows of other services', 'subject', `asked of ${service}`, { 'retention.ms': days(30) }),
    topic(`${service}.flows`, `flows of ${service}`, 'subject', 'started, moved, asked, answered, due, parked, ended', {
      'retention.ms': '-1',
    }),
  ]),
  ...senders.map((sender) =>
    topic(
      `rejections.${sender}`,
      'services',
      'key of the record that is refused',
      `records of ${sender} that are refused: field, rule, what to do`,
      {
        'retention.ms': days(30),
      },
    ),
  ),
  topic('customer.messages', 'flows', 'subject', 'template id, rule, fields, locale', { 'retention.ms': days(30) }),
  // one partition: versions arrive in their order; compaction keeps every key, so that no version is lost that a decision names
  {
    ...topic('settings', 'settings', 'version of the settings', 'the settings of the whole installation, a record per version', {
      'cleanup.policy': 'compact',
      'retention.ms': '-1',
    }),
    partitions: 1,
  },
];

/** Whether systems of others write it: what they say is theirs to change, not ours. */
export const isForeign = ({ config }: Topic): boolean => config['compression.type'] !== undefined;

export const storefrontOrders = 'orderloom.storefront.orders';
export const storefrontProducts = 'orderloom.storefront.products';
export const warehouseReports = 'orderloom.warehouse.reports';
export const courierScans = 'orderloom.courier.scans';
export const paymentsNotices = 'orderloom.payments.notices';
export const customerMessages = 'orderloom.customer.messages';
export const settingsTopic = 'orderloom.settings';
export const rejectionsOf = (sender: Sender): string => `orderloom.rejections.${sender}`;
export const tasksOf = (team: Team): string => `orderloom.tasks.${team}`;
export const answersOf = (team: Team): string => `orderloom.answers.${team}`;
export const eventsOf = <S extends ServiceName>(service: S) => `orderloom.${service}.events` as const;
export const commandsOf = <S extends ServiceName>(service: S) => `orderloom.${service}.commands` as const;
export const flowsOf = (service: ServiceName): string => `orderloom.${service}.flows`;
