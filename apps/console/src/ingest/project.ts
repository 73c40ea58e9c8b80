import { totalCaptured, firstKeyId, paymentsOf, storefrontOrders } from '@orderloom/contracts';
import { type Change, rowChange } from './row-upsert.js';
import type { Entry } from './entry.js';
import { apply, type PartialHandlers } from './message-handlers.js';

/** Row changes of one message. Independent of the order of topics, because each fact sets its own columns. */
export const project = (entry: Entry, data: unknown): readonly Change[] => apply(projections, entry, data) ?? [];

const order = (number: string, set: Change['set'], add?: Change['add']): Change[] => [rowChange('orders', number, set, add)];
const noOpenChange = { openChange: null };

/** The service whose flows publish on the topic. */
const serviceOf = ({ topic }: Entry): string => topic.split('.')[1] ?? '';

const flow = (d: { flowId: string; flow: string; version: string }, entry: Entry, set: Change['set']): Change[] => [
  rowChange('flows', d.flowId, {
    flow: d.flow,
    version: d.version,
    service: serviceOf(entry),
    subject: entry.subject,
    updatedAt: entry.recordedAt,
    ...set,
  }),
];

/** ORD-01: a paid order is found even if its record is unreadable. */
export const isUnreadOrder = ({ topic, type, unreadable, orderNumber }: Entry): boolean =>
  topic === storefrontOrders && type === 'OrderPlaced' && unreadable !== null && orderNumber !== '';

export const unreadOrder = ({ orderNumber, unreadable }: Entry, claimedKey: string | undefined): Change[] =>
  order(orderNumber, { refusal: unreadable, ...(claimedKey !== undefined && { claimedKey }) });

type Placing = {
  readonly customer: { readonly email: string; readonly name: string };
  readonly address: { readonly recipient: string; readonly street: string };
};

const customerKeyOf = ({ customer, address }: Placing): string | null =>
  firstKeyId(customer.email, customer.name, address.recipient, address.street) ?? null;

type OfFlow = { flowId: string; flow: string; version: string; taskId: string; team: string; question: string };

/** A step of a task, published by the flow's service: the flow moved as well. */
const taskOfFlow = (d: OfFlow, entry: Entry, set: Change['set']): Change[] => [
  ...flow(d, entry, {}),
  rowChange('tasks', d.taskId, {
    flowId: d.flowId,
    flow: d.flow,
    service: serviceOf(entry),
    team: d.team,
    question: d.question,
    subject: entry.subject,
    ...set,
  }),
];

/** A move within its state leaves the deadline that was set there. */
const waitsUntil = ({ from, to, dueAt }: { from?: unknown; to?: unknown; dueAt?: string | undefined }): { dueAt?: string | null } =>
  dueAt === undefined && JSON.stringify(from) === JSON.stringify(to) ? {} : { dueAt: dueAt ?? null };

const projections: PartialHandlers<readonly Change[]> = {
  storefront: {
    // until the order service publishes it as placed
    OrderPlaced: (d) => order(d.orderNumber, { claimedKey: customerKeyOf(d) }),
    EntryRefused: (d, { source, id, recordedAt }) => [
      rowChange('entries', `${source} ${id}`, {
        entry: d.entry,
        kind: 'refused',
        reason: d.reason,
        detail: d.detail,
        lines: d.lines,
        recordedAt,
      }),
    ],
  },
  order: {
    OrderPlaced: (d) =>
      order(d.orderNumber, {
        storefront: d.storefront,
        name: d.customer.name,
        email: d.customer.email,
        phone: d.customer.phone ?? d.address.phone ?? null,
        customerKey: customerKeyOf(d),
        placedAt: d.placedAt,
        progress: 'placed',
        currency: d.currency,
        total: d.total,
        captured: totalCaptured(paymentsOf(d)),
      }),
    CaptureRecorded: (d) => order(d.orderNumber, {}, { captured: d.amount }),
    OrderHeld: (d) => order(d.orderNumber, { progress: 'held' }),
    OrderApproved: (d) => order(d.orderNumber, { progress: 'approved' }),
    OrderReleased: (d) => order(d.orderNumber, { progress: 'released' }),
    OrderDispatched: (d) => order(d.orderNumber, { progress: 'dispatched' }),
    CancellationRequested: (d) => order(d.orderNumber, { openChange: 'cancellation' }),
    OrderCancelled: (d) => order(d.orderNumber, { progress: 'cancelled', ...noOpenChange }),
    OrderLinesCancelled: (d) => order(d.orderNumber, noOpenChange),
    CancellationRefused: (d) => order(d.orderNumber, noOpenChange),
    AddressChangeRequested: (d) => order(d.orderNumber, { openChange: 'address change' }),
    AddressChanged: (d) => order(d.orderNumber, noOpenChange),
    AddressChangeRefused: (d) => order(d.orderNumber, noOpenChange),
    ProductChangeRequested: (d) => order(d.orderNumber, { openChange: 'product change' }),
    ProductChangeClosed: (d) => order(d.orderNumber, noOpenChange),
    ChangeClosed: (d) => order(d.orderNumber, noOpenChange),
  },
  logistics: {
    ShipmentDelivered: (d) => order(d.orderNumber, { deliveredAt: d.at }),
  },
  refund: {
    RefundPaid: (d) => order(d.orderNumber, { currency: d.currency }, { refunded: d.amount }),
    RefundBounced: (d) => order(d.orderNumber, { currency: d.currency }, { refunded: -d.amount }),
    BouncedRefundSettled: (d) => order(d.orderNumber, { currency: d.currency }, { refunded: d.amount }),
    LatePayoutKept: (d) => order(d.orderNumber, { currency: d.currency }, { refunded: d.amount }),
  },
  rejections: {
    RecordRejected: (d) =>
      d.topic === storefrontOrders && d.type === 'OrderPlaced' && d.key ? order(d.key, { refusal: `${d.reason} ${d.todo}` }) : [],
  },
  tasks: {
    TaskAsked: (d) => [
      rowChange('tasks', d.taskId, {
        subject: d.subject,
        question: d.question,
        rule: d.rule,
        about: d.about,
        answers: d.answers,
        dueAt: d.dueAt,
      }),
    ],
    TaskReminded: (d) => [rowChange('tasks', d.taskId, { reminders: d.reminder, dueAt: d.dueAt })],
    TaskDueChanged: (d) => [rowChange('tasks', d.taskId, { dueAt: d.dueAt })],
    TaskEscalated: (d) => [rowChange('tasks', d.taskId, { escalated: true })],
    TaskWithdrawn: (d) => [rowChange('tasks', d.taskId, { closed: 'withdrawn' })],
  },
  flows: {
    FlowStarted: (d, entry) => flow(d, entry, { state: d.to, status: 'running', dueAt: d.dueAt ?? null }),
    FlowMoved: (d, entry) => flow(d, entry, { state: d.to, status: 'running', error: null, ...waitsUntil(d) }),
    TaskAsked: (d, entry) => taskOfFlow(d, entry, { askedAt: entry.recordedAt }),
    TaskReminded: (d, entry) => taskOfFlow(d, entry, {}),
    DeadlinesRecounted: (d, entry) => flow(d, entry, { dueAt: d.deadlines.map(({ dueAt }) => dueAt).toSorted()[0] ?? null }),
    TaskDueChanged: (d, entry) => taskOfFlow(d, entry, {}),
    TaskEscalated: (d, entry) => taskOfFlow(d, entry, {}),
    TaskClaimed: (d, entry) => taskOfFlow(d, entry, { claimedBy: d.by, claimedUntil: d.until }),
    TaskReleased: (d, entry) => taskOfFlow(d, entry, { claimedBy: null, claimedUntil: null }),
    TaskHandedOver: (d, entry) => taskOfFlow(d, entry, { claimedBy: d.to, claimedUntil: d.until }),
    TaskCommented: (d, entry) => [
      ...taskOfFlow(d, entry, {}),
      rowChange('task_comments', `${entry.source} ${entry.id}`, { taskId: d.taskId, by: d.by, comment: d.comment, at: entry.recordedAt }),
    ],
    TaskClosed: (d, entry) => taskOfFlow(d, entry, { closed: d.how }),
    FlowEnded: (d, entry) => flow(d, entry, { status: 'ended', outcome: d.outcome }),
    FlowParked: (d, entry) => flow(d, entry, { status: 'parked', error: d.error }),
    FlowRedriven: (d, entry) => flow(d, entry, { status: 'running', error: null }),
    FlowDismissed: () => [],
  },
};
