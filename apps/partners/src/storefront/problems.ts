import type { IncomingMessage } from '../messaging/message.js';
import { storefrontOrders } from '../messaging/topics.js';
import type { PartnerContext } from '../behaviour/partner-context.js';
import type { OrderTracker } from './followed-orders.js';

/** Customers who find items missing in a parcel. */
export class ProblemReports {
  constructor(
    private readonly context: PartnerContext,
    private readonly orders: OrderTracker,
  ) {}

  onEvent({ type, time, data }: IncomingMessage): void {
    if (type !== 'ParcelDelivered') return;
    const orderNumber = String(data['orderNumber']);
    const draw = { question: 'report-problem', subject: orderNumber };
    if (this.orders.follows(orderNumber) && this.context.behaviour.choice(draw) === 'missing-items') void this.report(orderNumber, time);
  }

  private async report(orderNumber: string, since: string): Promise<void> {
    const draw = { question: 'report-problem', subject: orderNumber };
    const id = `problem-${orderNumber}`;
    this.orders.expectCase(orderNumber, id);
    await this.context.wait(this.context.behaviour.hours(draw), { since, orderNumber });
    const lines = [{ line: this.orders.someLine(orderNumber), quantity: 1 }];
    const data = { orderNumber, kind: 'missing-items', lines, text: 'one was not in the parcel', declaredCause: 'out-of-stock' };
    await this.context.send({ topic: storefrontOrders, key: orderNumber, id, source: 'storefront', type: 'ProblemReported', data });
  }
}
