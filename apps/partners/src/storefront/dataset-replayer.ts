import { patienceDays } from '../behaviour.js';
import type { FeedClock } from '../time/feed-clock.js';
import { movedTo } from '../dataset/buyer.js';
import type { Entry, OrderPlaced } from '../dataset/entry.js';
import type { OutgoingMessage } from '../messaging/message.js';
import { hour } from '../time/shop-clock.js';
import { storefrontOrders } from '../messaging/topics.js';
import type { PartnerContext } from '../behaviour/partner-context.js';
import { Catalogue } from './catalogue.js';
import type { CustomerRequests } from './changes.js';
import type { FeedReport, FeedState } from './feed-state.js';
import type { OrderTracker } from './followed-orders.js';

const progressEveryMs = 150;
const atOnce = 50;

/** Replays a data set by its own clock, hour by hour, until every order is completed. */
export class DatasetReplayer {
  private readonly catalogue: Catalogue;
  private sentCount = 0;
  /** Messages that are sent and not acknowledged yet. */
  private pendingSends: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly entries: readonly Entry[],
    private readonly context: PartnerContext,
    private readonly clock: FeedClock,
    private readonly orders: OrderTracker,
    private readonly changes: CustomerRequests,
    private readonly state: FeedState,
    private readonly print: (line: object) => void,
    private readonly idle: {
      /** Resolves when all messages are processed. */
      settled(): Promise<void>;
      /** Resolves when all messages are processed and the services are at `next`. */
      ready(next: number): Promise<void>;
    },
  ) {
    this.catalogue = new Catalogue(entries);
  }

  /** Restores the orders sent before; must run before any event is consumed. */
  resume(): void {
    this.sentCount = this.state.current.fed;
    this.entries.slice(0, this.sentCount).forEach((entry) => this.followUp(entry));
  }

  /** Continues the replay; resolves to its result. */
  async replay(): Promise<FeedReport> {
    const since = performance.now();
    const timer = setInterval(() => this.progress(), progressEveryMs);
    // No message is sent before the services' clocks are at the start of the data.
    await this.idle.ready(this.clock.now());
    void this.feed();
    for (let hoursLeft = patienceDays * 24; hoursLeft > 0;) {
      if (this.isFed) hoursLeft -= 1;
      const next = this.clock.now() + hour;
      await this.idle.ready(next);
      // All messages must be processed first: a case may be closed before its refund is known to be filed.
      if (!this.canContinue()) break;
      await this.clock.advance(next, () => this.idle.settled());
      await this.pendingSends;
      this.state.save({ fed: this.sentCount, clock: this.clock.now() });
    }
    clearInterval(timer);
    this.progress();
    const report = this.report((performance.now() - since) / 1000);
    this.state.save({ fed: this.sentCount, clock: this.clock.now(), report });
    return report;
  }

  private get isFed(): boolean {
    return this.sentCount === this.entries.length;
  }

  private canContinue(): boolean {
    return !this.isFed || this.orders.open.length > 0 || this.changes.open > 0;
  }

  /** Waits for the clock only, so that the log's speed does not change the order of events. */
  private async feed(): Promise<void> {
    for (let next = this.entries[this.sentCount]; next; next = this.entries[this.sentCount]) {
      await this.clock.until(next.at);
      const now = this.clock.now();
      const due = this.entries.slice(this.sentCount, this.sentCount + atOnce).filter((e) => e.at <= now);
      this.sentCount += due.length;
      this.pendingSends = Promise.all([this.pendingSends, this.context.send(...due.flatMap((entry) => this.messagesOf(entry)))]);
      for (const entry of due) {
        this.clock.recordAction(entry.invoice);
        this.followUp(entry);
      }
    }
  }

  private messagesOf({ invoice, at, order, refused }: Entry): OutgoingMessage[] {
    const common = { topic: storefrontOrders, key: invoice, source: 'storefront', time: new Date(at).toISOString() };
    const placed = order ? [{ ...common, id: `order-${invoice}`, type: 'OrderPlaced', data: order }] : [];
    const twice = this.context.behaviour.of({ question: 'place-order', subject: invoice }).twice === 'always';
    return [
      ...(order ? this.catalogue.listings(order) : []),
      ...placed,
      ...(twice ? placed.map((p) => ({ ...p, id: `${p.id}-again` })) : []),
      ...refused.map((data) => ({ ...common, id: `entry-${invoice}-${data.reason}`, type: 'EntryRefused', data, hasNoEffect: true })),
    ];
  }

  /** Schedules later actions of customers. */
  private followUp({ order, reversals, at }: Entry): void {
    if (order) {
      this.orders.follow(order.orderNumber);
      const draw = { question: 'change-address', subject: order.orderNumber };
      if (this.context.behaviour.choice(draw) === 'moves') void this.moveLater(order, at + this.context.behaviour.hours(draw) * hour);
    }
    if (order) this.changeProduct(order, at);
    // Slightly later, so that it never coincides with another action on the order.
    reversals.forEach((undoing) => void this.changes.reverse(undoing, this.clock.until(at + 1, undoing.orderNumber)));
  }

  private changeProduct(order: OrderPlaced, at: number): void {
    const { behaviour } = this.context;
    const draw = { question: 'change-product', subject: order.orderNumber };
    const [line] = order.lines;
    const sku = behaviour.oneOf(draw, 'product', this.catalogue.others(order));
    if (!line || sku === undefined || behaviour.choice(draw) !== 'changes') return;
    const when = at + behaviour.hours(draw) * hour;
    void this.clock.until(when, order.orderNumber).then(() => this.changes.changeProduct(order.orderNumber, line.line, sku));
  }

  private async moveLater({ orderNumber, address, customer }: OrderPlaced, when: number): Promise<void> {
    await this.clock.until(when, orderNumber);
    await this.changes.changeAddress(orderNumber, movedTo(address, customer.id ?? orderNumber));
  }

  private progress(): void {
    this.print({ progress: { fed: this.sentCount, of: this.entries.length, clock: new Date(this.clock.now()).toISOString() } });
  }

  private report(seconds: number): FeedReport {
    const refused: Record<string, number> = {};
    for (const { reason } of this.entries.flatMap((e) => e.refused)) refused[reason] = (refused[reason] ?? 0) + 1;
    const reversals = this.entries.flatMap((e) => e.reversals);
    const open = this.orders.open;
    return {
      done: true,
      invoices: this.entries.length,
      orders: this.entries.filter((e) => e.order).length,
      cancellations: reversals.filter((u) => u.inTime).length,
      returns: reversals.filter((u) => !u.inTime).length,
      refused,
      openCount: open.length,
      stillOpen: open.slice(0, 20),
      seconds: Math.round(seconds * 10) / 10,
    };
  }
}
