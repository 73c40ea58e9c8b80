import type { IncomingMessage } from '../messaging/message.js';
import { storefrontOrders } from '../messaging/topics.js';
import type { PartnerContext } from '../behaviour/partner-context.js';
import type { FollowedOrders } from './followed-orders.js';

/** Customers who find items missing in a parcel. */
export class Problems {
  constructor(
    private readonly world: PartnerContext,
    private readonly orders: FollowedOrders,
  ) {}

  hear({ type, time, data }: IncomingMessage): void {
    if (type !== 'ParcelDelivered') return;
    const orderNumber = String(data['orderNumber']);
    const draw = { what: 'report-problem', subject: orderNumber };
    if (this.orders.follows(orderNumber) && this.world.manners.choice(draw) === 'missing-items') void this.report(orderNumber, time);
  }

  private async report(orderNumber: string, heard: string): Promise<void> {
    const draw = { what: 'report-problem', subject: orderNumber };
    const id = `problem-${orderNumber}`;
    this.orders.expectCase(orderNumber, id);
    await this.world.pass(this.world.manners.hours(draw), { heard, whose: orderNumber });
    const lines = [{ line: this.orders.someLine(orderNumber), quantity: 1 }];
    const data = { orderNumber, kind: 'missing-items', lines, text: 'one was not in the parcel' };
    await this.world.say({ topic: storefrontOrders, key: orderNumber, id, source: 'storefront', type: 'ProblemReported', data });
  }
}
