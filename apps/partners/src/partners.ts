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
import { Changes } from './storefront/changes.js';
import { FeedState } from './storefront/feed-state.js';
import { FollowedOrders } from './storefront/followed-orders.js';
import { DatasetReplayer } from './storefront/dataset-replayer.js';
import { Problems } from './storefront/problems.js';
import { taskHandlersOf } from './teams/teams.js';
import { afterSalesEvents, flowTopics, logisticsEvents, orderEvents, refundEvents, tasksOf, warehouseReports } from './messaging/topics.js';
import { MessageClient } from './messaging/message-client.js';
import type { PartnerContext } from './behaviour/partner-context.js';
import { WorldTime } from './time/world-time.js';

/** Time to wait for records that are on the log. */
const timeoutMs = 2_000;

const print = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

/** Runs all partners in one process; resolves once they consume. */
export async function startPartners(settings: Settings): Promise<{ close(): Promise<void> }> {
  const time = new WorldTime(new ShopClock(settings.hourMs));
  const echoes = new QuiescenceDetector();
  const wire = await MessageClient.connect(settings.log, time, echoes, crash);
  const world = worldOf(settings, time, wire);
  await answerTasks(settings, world, wire);
  if (settings.feed !== undefined && settings.roles.includes('storefront'))
    void playFeed(settings.feed, settings, { world, wire, time, echoes }).catch(crash);
  return { close: () => wire.close() };
}

function worldOf(settings: Settings, time: WorldTime, wire: MessageClient): PartnerContext {
  const pace = new ResponseTiming(time);
  return {
    manners: BehaviourProfile.read(settings.seed, settings.behaviour),
    pass: (hours, wait) => pace.pass(hours, wait),
    now: () => time.now(),
    say: (...sayings) => {
      for (const { key } of sayings) pace.speak(key);
      return wire.say(...sayings);
    },
  };
}

/** Answers all tasks and messages of the configured roles. */
export async function answerTasks({ roles }: Pick<Settings, 'roles'>, world: PartnerContext, wire: MessageClient): Promise<void> {
  const teams = taskHandlersOf(world);
  const handlers = new Map<string, (message: IncomingMessage) => Promise<void>>();
  for (const role of roles) {
    if (role === 'courier') {
      const courier = new Courier(world);
      handlers.set(warehouseReports, (message) => courier.hear(message));
    } else if (role !== 'storefront') {
      const inbox = new TaskInbox(world, teams[role] ?? {});
      handlers.set(tasksOf(role), (message) => inbox.hear(message));
    }
  }
  if (handlers.size === 0) return;
  const group = roles.length === allRoles.length ? 'partners' : `partners-${roles.join('-')}`;
  await wire.listen({
    group,
    topics: [...handlers.keys()],
    hear: (message) => handlers.get(message.topic)?.(message) ?? Promise.resolve(),
  });
}

interface Tools {
  readonly world: PartnerContext;
  readonly wire: MessageClient;
  readonly time: WorldTime;
  readonly echoes: QuiescenceDetector;
}

async function playFeed(path: string, settings: Settings, { world, wire, time, echoes }: Tools): Promise<void> {
  const state = FeedState.read(settings.state);
  if (state.current.report) return print({ ...state.current.report, earlier: true });
  const books = readBooks(path);
  const entries = settings.chineseShop ? withChineseShop(books) : books;
  const clock = new FeedClock(state.current.clock ?? entries[0]?.at ?? Date.now());
  const orders = new FollowedOrders();
  const changes = new Changes(world, orders);
  const problems = new Problems(world, orders);
  const services = new ServiceClocks(settings.leadsClocks, print);
  const idle = async () => {
    const ends = await services.idle(wire.produced);
    const since = performance.now();
    while (!wire.hasHeard(ends) && performance.now() - since < timeoutMs) await sleep(2);
  };
  const settled = () => (services.lead ? echoes.settledWith(idle) : echoes.whenQuiet());
  const everybody = {
    settled,
    ready: async (next: number) => {
      await settled();
      if (await services.move(next)) await settled();
    },
  };
  const player = new DatasetReplayer(entries, world, clock, orders, changes, state, print, everybody);
  player.resume();
  time.playing(clock);
  await followOrders(wire, orders, problems, changes);
  print(await player.play());
  time.playing(undefined);
}

/** Follows the orders for the storefront and its customers. */
export const followOrders = (wire: MessageClient, orders: FollowedOrders, problems: Problems, changes: Changes): Promise<void> =>
  wire.listen({
    group: 'partners-storefront',
    topics: [orderEvents, logisticsEvents, refundEvents, afterSalesEvents],
    echoing: flowTopics,
    remembers: true,
    hear: async (fact) => {
      orders.hear(fact);
      problems.hear(fact);
      if (fact.topic === orderEvents) changes.hear(fact);
    },
  });

function crash(error: unknown): never {
  console.error(error);
  process.exit(1);
}
