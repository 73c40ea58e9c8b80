import type { IncomingMessage } from '../messaging/message.js';
import { storefrontOrders } from '../messaging/topics.js';
import type { PartnerContext } from '../behaviour/partner-context.js';
import type { OrderTracker } from './followed-orders.js';

/** Customers who ask where their parcel is: some after it left, some before, once per order. */
export class TrackingQuestions {
  constructor(
    private readonly context: PartnerContext,
    private readonly orders: OrderTracker,
  ) {}

  onEvent({ type, time, data }: IncomingMessage): void {
    const orderNumber = String(data['orderNumber']);
    const asked = { OrderPlaced: 'before', ParcelShipped: 'after' }[type];
    if (!asked || !this.orders.follows(orderNumber)) return;
    if (this.context.behaviour.choice({ question: 'ask-where', subject: orderNumber }) === asked) void this.ask(orderNumber, time);
  }

  private async ask(orderNumber: string, since: string): Promise<void> {
    await this.context.wait(this.context.behaviour.hours({ question: 'ask-where', subject: orderNumber }), { since, orderNumber });
    const data = { orderNumber, text: 'where is my parcel?' };
    const id = `where-${orderNumber}`;
    await this.context.send({ topic: storefrontOrders, key: orderNumber, id, source: 'storefront', type: 'TrackingRequested', data });
  }
}
