import type { Address } from '../dataset/buyer.js';
import type { LineQuantity, Reversal } from '../dataset/entry.js';
import type { IncomingMessage } from '../messaging/message.js';
import { storefrontOrders } from '../messaging/topics.js';
import type { PartnerContext } from '../behaviour/partner-context.js';
import type { OrderTracker } from './followed-orders.js';

/** A customer's request about an order; `id` is unique. */
interface Request {
  readonly type: 'CancellationRequested' | 'AddressChangeRequested' | 'ProductChangeRequested';
  readonly orderNumber: string;
  readonly id: string;
  readonly data: {
    readonly orderNumber: string;
    readonly reason?: string;
    readonly lines?: readonly LineQuantity[];
    readonly address?: Address;
    readonly line?: number;
    readonly sku?: string;
  };
}

const granted = new Set(['OrderCancelled', 'OrderLinesCancelled', 'AddressChanged', 'OrderLinesReplaced']);
const refused = new Set(['CancellationRefused', 'AddressChangeRefused', 'ProductChangeClosed']);
const hoursBetweenTries = 2;
const hoursBetweenRequests = 0.5;
const tries = 24;
const returnWindowMs = 7 * 24 * 3_600_000;

/** REF-07: what customers declare to the marketplace; a fault of the merchant more often than one is found. */
const declaredFor: Readonly<Record<string, string>> = { quality: 'quality', none: 'returned' };

/** Requests of customers, one at a time per order: the next is sent after the previous one was granted or refused. */
export class CustomerRequests {
  private readonly queues = new Map<string, Promise<void>>();
  private readonly facts = new Map<string, FactQueue>();
  /** Time of the last event of an order. */
  private readonly lastEventAt = new Map<string, string>();
  private openCount = 0;

  constructor(
    private readonly context: PartnerContext,
    private readonly orders: OrderTracker,
  ) {}

  /** Number of requests that are neither granted nor refused. */
  get open(): number {
    return this.openCount;
  }

  onEvent(fact: IncomingMessage): void {
    const orderNumber = String(fact.data['orderNumber']);
    this.lastEventAt.set(orderNumber, fact.time);
    this.factsOf(orderNumber).put(fact);
  }

  /** Handles a `C…` invoice when it is due: a cancellation before dispatch, otherwise a return after dispatch. */
  reverse(undoing: Reversal, come: Promise<void> = Promise.resolve()): Promise<void> {
    const { orderNumber, invoice, lines, whole, inTime } = undoing;
    const data = { orderNumber, reason: `undone by invoice ${invoice}`, ...(whole ? {} : { lines }) };
    const request = { type: 'CancellationRequested', orderNumber, id: `undo-${invoice}-${orderNumber}`, data } as const;
    return this.inTurn(orderNumber, async () => {
      await come;
      if (inTime && (await this.request(request)) === 'granted') return;
      if ((await this.orders.whenDispatched(orderNumber)) === 'dispatched') await this.returnGoods(undoing);
    });
  }

  changeAddress(orderNumber: string, address: Address): Promise<void> {
    const request = { type: 'AddressChangeRequested', orderNumber, id: `move-${orderNumber}`, data: { orderNumber, address } } as const;
    return this.inTurn(orderNumber, async () => void (await this.request(request)));
  }

  changeProduct(orderNumber: string, line: number, sku: string): Promise<void> {
    const data = { orderNumber, line, sku };
    const request = { type: 'ProductChangeRequested', orderNumber, id: `product-${orderNumber}`, data } as const;
    return this.inTurn(orderNumber, async () => void (await this.request(request)));
  }

  private async request(request: Request): Promise<'granted' | 'refused'> {
    for (let n = 0; n < tries; n += 1) {
      const id = `${request.id}-${n}`;
      await this.context.send({
        topic: storefrontOrders,
        key: request.orderNumber,
        id,
        source: 'storefront',
        type: request.type,
        data: request.data,
      });
      const outcome = await this.outcome(request, id);
      if (outcome !== 'busy') return outcome;
      await this.afterwards(hoursBetweenTries, request.orderNumber);
    }
    return 'refused';
  }

  /** Reads events of the order until one of them grants or refuses the request. */
  private async outcome({ type: wanted, orderNumber }: Request, id: string): Promise<'granted' | 'refused' | 'busy'> {
    let changeId: unknown;
    for (;;) {
      const { type, causation, data } = await this.factsOf(orderNumber).take();
      if ((type === wanted || type === 'CancellationQueued') && causation === id) changeId = data['changeId'];
      if (type === 'RequestRefused' && data['request'] === wanted && changeId === undefined)
        return data['code'] === 'change-already-open' ? 'busy' : 'refused';
      // Once the order is cancelled, by any request, this request is granted.
      if (type === 'OrderCancelled' && changeId !== undefined) return 'granted';
      if (changeId === undefined || data['changeId'] !== changeId) continue;
      if (granted.has(type)) return 'granted';
      if (refused.has(type)) return 'refused';
    }
  }

  /** Returns later than 7 days after delivery mostly report faults of the merchant. */
  private returnGoods({ orderNumber, invoice, lines }: Reversal): Promise<void> {
    const id = `return-${invoice}-${orderNumber}`;
    const delivered = this.orders.deliveredAt(orderNumber) ?? Infinity;
    const isLate = this.context.now().getTime() > delivered + returnWindowMs;
    const cause = this.context.behaviour.choice({ question: isLate ? 'late-return-cause' : 'return-cause', subject: orderNumber }, invoice);
    const data = {
      orderNumber,
      lines,
      reason: `invoice ${invoice}`,
      ...(cause === 'none' ? {} : { cause }),
      declaredCause: declaredFor[cause] ?? 'not-as-agreed',
    };
    this.orders.expectCase(orderNumber, id);
    return this.context.send({ topic: storefrontOrders, key: orderNumber, id, source: 'storefront', type: 'ReturnRequested', data });
  }

  private inTurn(orderNumber: string, act: () => Promise<void>): Promise<void> {
    this.openCount += 1;
    const before = this.queues.get(orderNumber);
    // Customers wait before the next request.
    const ready = before?.then(() => this.afterwards(hoursBetweenRequests, orderNumber)) ?? Promise.resolve();
    const done = ready.then(act).finally(() => {
      this.openCount -= 1;
      if (this.queues.get(orderNumber) === done) this.queues.delete(orderNumber);
    });
    this.queues.set(orderNumber, done);
    return done;
  }

  private afterwards(hours: number, orderNumber: string): Promise<void> {
    return this.context.wait(hours, { since: this.lastEventAt.get(orderNumber) ?? this.context.now().toISOString(), orderNumber });
  }

  private factsOf(orderNumber: string): FactQueue {
    const queue = this.facts.get(orderNumber) ?? new FactQueue();
    this.facts.set(orderNumber, queue);
    return queue;
  }
}

/** Events of one order in the order of arrival; unread ones are buffered. */
class FactQueue {
  private readonly waiting: IncomingMessage[] = [];
  private taker: ((fact: IncomingMessage) => void) | undefined;

  put(fact: IncomingMessage): void {
    const taker = this.taker;
    this.taker = undefined;
    if (taker) taker(fact);
    else this.waiting.push(fact);
  }

  take(): Promise<IncomingMessage> {
    const next = this.waiting.shift();
    return next ? Promise.resolve(next) : new Promise((resolve) => (this.taker = resolve));
  }
}
