import type { Order } from './orders.js';
import type { Scenario } from './scenario.js';

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

/** After-sales steps of a scenario. They concern line 2 of an order: three lanterns at 3.39. */
export class AfterSales {
  constructor(private readonly scenario: Scenario) {}

  /** Places an order that is shipped and delivered. */
  async delivered(change: Partial<Order> = {}): Promise<Order> {
    const order = await this.scenario.released(change);
    await this.scenario.ships(order);
    await this.scenario.partners.courier(order.orderNumber, 'delivered');
    await this.scenario.partners.fact(order.orderNumber, 'ShipmentDelivered');
    return order;
  }

  /** The customer requests the return of lanterns. */
  requestsReturn({ orderNumber }: Order, quantity: number, cause?: string): Promise<void> {
    const data = { orderNumber, lines: [{ line: 2, quantity }], reason: 'not needed', ...(cause && { cause }) };
    return this.scenario.partners.storefront('ReturnRequested', data);
  }

  reportsMissing({ orderNumber }: Order, quantity = 1): Promise<void> {
    const lines = [{ line: 2, quantity }];
    return this.scenario.partners.storefront('ProblemReported', {
      orderNumber,
      kind: 'missing-items',
      lines,
      text: 'a lantern is missing',
    });
  }

  sendsBack({ orderNumber }: Order, freight?: number) {
    const bill = freight === undefined ? {} : { freight: { amount: freight, proof: 'receipt 7' } };
    const answer = { type: 'ReturnSent', carrier: 'Royal Mail', trackingNumber: `RB${orderNumber}`, ...bill };
    return this.scenario.partners.waitAndAnswer(orderNumber, 'send-back', answer);
  }

  /** The warehouse reports the inspection of lanterns. */
  inspects({ orderNumber }: Order, accepted: number, rejected = 0, found = 'none') {
    const lines = [{ line: 2, accepted, rejected, stock: accepted > 0 ? 'sellable' : 'scrap' }];
    const answer = { type: 'ReturnInspected', lines, found, photos: rejected > 0 ? ['scratches.jpg'] : [] };
    return this.scenario.partners.waitAndAnswer(orderNumber, 'inspect-return', answer);
  }

  async cases({ orderNumber }: Order): Promise<readonly Case[]> {
    return (await this.scenario.stack.at('after-sales', 'service:mia').get<{ cases: Case[] }>(`/cases?orderNumber=${orderNumber}`)).body
      .cases;
  }

  /** Outcomes of all flows of an order except fulfilment and shipping; waits until all have ended. */
  async flowOutcomes(order: Order): Promise<string[]> {
    return (await this.scenario.flowOutcomes(order)).filter((outcome) => !/^(fulfil|ship)-order: /.test(outcome));
  }
}
