import { setTimeout as sleep } from 'node:timers/promises';
import { Courier } from './systems/courier.js';
import { TaskInbox } from './teams/task-inbox.js';
import { QuiescenceDetector } from './time/quiescence.js';
import { FeedClock } from './time/feed-clock.js';
import { readBooks } from './dataset/books.js';
import { withChineseShop } from './dataset/chinese-shop.js';
import { BehaviourProfile } from './behaviour/behaviour-profile.js';
import type { IncomingMessage } from './messaging/message.js';
import { ResponseTiming } from './time/response-timing.js';
import { ServiceClocks } from './time/service-clocks.js';
import { allRoles, type Settings } from './settings.js';
import { ShopClock } from './time/shop-clock.js';
import { CustomerRequests } from './storefront/changes.js';
import { FeedState } from './storefront/feed-state.js';
import { OrderTracker } from './storefront/followed-orders.js';
import { DatasetReplayer } from './storefront/dataset-replayer.js';
import { ProblemReports } from './storefront/problems.js';
import { TrackingQuestions } from './storefront/tracking-questions.js';
import { taskHandlersOf } from './teams/teams.js';
import {
  afterSalesEvents,
  flowTopics,
  logisticsEvents,
  orderEvents,
  refundEvents,
  tasksTopicOf,
  warehouseReports,
} from './messaging/topics.js';
import { MessageClient } from './messaging/message-client.js';
import type { PartnerContext } from './behaviour/partner-context.js';
import { ShopTimeSource } from './time/shop-time-source.js';

/** Time to wait for records that are on the log. */
const timeoutMs = 2_000;

const print = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

/** Runs all partners in one process; resolves once they consume. */
export async function startPartners(settings: Settings): Promise<{ close(): Promise<void> }> {
  const time = new ShopTimeSource(new ShopClock(settings.hourMs));
  const quiescence = new QuiescenceDetector();
  const client = await MessageClient.connect(settings.log, time, quiescence, crash);
  const context = contextOf(settings, time, client);
  await answerTasks(settings, context, client);
  if (settings.feed !== undefined && settings.roles.includes('storefront'))
    void replayFeed(settings.feed, settings, { context, client, time, quiescence }).catch(crash);
  return { close: () => client.close() };
}

function contextOf(settings: Settings, time: ShopTimeSource, client: MessageClient): PartnerContext {
  const pace = new ResponseTiming(time);
  return {
    behaviour: BehaviourProfile.read(settings.seed, settings.behaviour),
    wait: (hours, wait) => pace.wait(hours, wait),
    now: () => time.now(),
    send: (...sayings) => {
      for (const { key } of sayings) pace.recordMessage(key);
      return client.send(...sayings);
    },
  };
}

/** Answers all tasks and messages of the configured roles. */
export async function answerTasks(
  { roles, notPaying }: Pick<Settings, 'roles'> & Partial<Pick<Settings, 'notPaying'>>,
  context: PartnerContext,
  client: MessageClient,
): Promise<void> {
  const teams = taskHandlersOf(context, notPaying);
  const handlers = new Map<string, (message: IncomingMessage) => Promise<void>>();
  for (const role of roles) {
    if (role === 'courier') {
      const courier = new Courier(context);
      handlers.set(warehouseReports, (message) => courier.onEvent(message));
    }
    if (role !== 'storefront') {
      const inbox = new TaskInbox(context, teams[role] ?? {});
      handlers.set(tasksTopicOf(role), (message) => inbox.onMessage(message));
    }
  }
  if (handlers.size === 0) return;
  const group = roles.length === allRoles.length ? 'partners' : `partners-${roles.join('-')}`;
  await client.subscribe({
    group,
    topics: [...handlers.keys()],
    handle: (message) => handlers.get(message.topic)?.(message) ?? Promise.resolve(),
  });
}

interface Tools {
  readonly context: PartnerContext;
  readonly client: MessageClient;
  readonly time: ShopTimeSource;
  readonly quiescence: QuiescenceDetector;
}

async function replayFeed(path: string, settings: Settings, { context, client, time, quiescence }: Tools): Promise<void> {
  const state = FeedState.read(settings.state);
  if (state.current.report) return print({ ...state.current.report, earlier: true });
  const books = readBooks(path);
  const entries = settings.chineseShop ? withChineseShop(books) : books;
  const clock = new FeedClock(state.current.clock ?? entries[0]?.at ?? Date.now());
  const orders = new OrderTracker();
  const changes = new CustomerRequests(context, orders);
  const customers = [new ProblemReports(context, orders), new TrackingQuestions(context, orders)];
  const services = new ServiceClocks(settings.controlsClocks, print);
  const idle = async () => {
    const ends = await services.idle(client.produced);
    const since = performance.now();
    while (!client.hasConsumed(ends) && performance.now() - since < timeoutMs) await sleep(2);
  };
  const settled = () => (services.lead ? quiescence.whenServicesIdle(idle) : quiescence.whenQuiet());
  const everybody = {
    settled,
    ready: async (next: number) => {
      await settled();
      if (await services.move(next)) await settled();
    },
  };
  const player = new DatasetReplayer(entries, context, clock, orders, changes, state, print, everybody);
  player.resume();
  time.useFeedClock(clock);
  await followOrders(client, orders, customers, changes);
  print(await player.replay());
  time.useFeedClock(undefined);
}

/** Follows the orders for the storefront and its customers. */
export const followOrders = (
  client: MessageClient,
  orders: OrderTracker,
  customers: readonly { onEvent(event: IncomingMessage): void }[],
  changes: CustomerRequests,
): Promise<void> =>
  client.subscribe({
    group: 'partners-storefront',
    topics: [orderEvents, logisticsEvents, refundEvents, afterSalesEvents],
    causationOnly: flowTopics,
    fromBeginning: true,
    handle: async (fact) => {
      orders.onEvent(fact);
      for (const customer of customers) customer.onEvent(fact);
      if (fact.topic === orderEvents) changes.onEvent(fact);
    },
  });

function crash(error: unknown): never {
  console.error(error);
  process.exit(1);
}
