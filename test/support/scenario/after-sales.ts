import type { Order } from './orders.js';
import type { Stage } from './story.js';

interface Case {
  readonly caseId: string;
  readonly kind: string;
  readonly status: string;
  readonly queued: string;
  readonly owner: string | null;
  readonly cause: string | null;
  readonly found: string | null;
  readonly evidence: readonly string[];
  readonly inspected: readonly object[];
  readonly outcome: string | null;
}

/** What happens after the sale, on a stage. Line 2 of its orders are three lanterns for 3.39 each. */
export class AfterSales {
  constructor(private readonly play: Stage) {}

  /** Shipped and signed for. */
  async delivered(change: Partial<Order> = {}): Promise<Order> {
    const order = await this.play.released(change);
    await this.play.ships(order);
    await this.play.partners.courier(order.orderNumber, 'delivered');
    await this.play.partners.fact(order.orderNumber, 'ShipmentDelivered');
    return order;
  }

  /** The customer wants to send lanterns back. */
  wantsBack({ orderNumber }: Order, quantity: number, cause?: string): Promise<void> {
    const data = { orderNumber, lines: [{ line: 2, quantity }], reason: 'as the customer says', ...(cause && { cause }) };
    return this.play.partners.storefront('ReturnRequested', data);
  }

  misses({ orderNumber }: Order, quantity = 1): Promise<void> {
    const lines = [{ line: 2, quantity }];
    return this.play.partners.storefront('ProblemReported', { orderNumber, kind: 'missing-items', lines, text: 'a lantern is missing' });
  }

  sends({ orderNumber }: Order, freight?: number) {
    const bill = freight === undefined ? {} : { freight: { amount: freight, proof: 'receipt 7' } };
    const answer = { type: 'ReturnSent', carrier: 'Royal Mail', trackingNumber: `RB${orderNumber}`, ...bill };
    return this.play.partners.answers(orderNumber, 'send-back', answer);
  }

  /** The warehouse counts lanterns. */
  inspects({ orderNumber }: Order, accepted: number, rejected = 0, found = 'none') {
    const lines = [{ line: 2, accepted, rejected, stock: accepted > 0 ? 'sellable' : 'scrap' }];
    const answer = { type: 'ReturnInspected', lines, found, photos: rejected > 0 ? ['scratches.jpg'] : [] };
    return this.play.partners.answers(orderNumber, 'inspect-return', answer);
  }

  async cases({ orderNumber }: Order): Promise<readonly Case[]> {
    return (await this.play.house.at('after-sales', 'service:mia').get<{ cases: Case[] }>(`/cases?orderNumber=${orderNumber}`)).body.cases;
  }

  /** What the flows of an order came to, beside those of its sale. */
  async over(order: Order): Promise<string[]> {
    return (await this.play.over(order)).filter((outcome) => !/^(fulfil|ship)-order: /.test(outcome));
  }
}
