import type { Order } from '../support/orders.js';
import { stage } from '../support/story.js';

const play = stage();
const lantern = [{ line: 2, quantity: 1 }];

/** Shipped and delivered. */
async function delivered(change: Partial<Order> = {}): Promise<Order> {
  const order = await play.released(change);
  await play.ships(order);
  await play.partners.courier(order.orderNumber, 'delivered');
  await play.partners.fact(order.orderNumber, 'ParcelDelivered');
  return order;
}

const wants = (order: Order, lines: readonly object[], more: object = {}) =>
  play.partners.storefront('ReturnRequested', { orderNumber: order.orderNumber, lines, reason: 'as the customer says', ...more });
const sent = { type: 'ReturnSent', carrier: 'Royal Mail', trackingNumber: 'RM-back', freight: { amount: 1450, proof: 'receipt 7' } };
const inspected = (accepted: number, rejected = 0, found = 'none') => ({
  ...{ type: 'ReturnInspected', lines: [{ line: 2, accepted, rejected, stock: accepted > 0 ? 'sellable' : 'scrap' }], found },
  photos: rejected > 0 ? ['scratches.jpg'] : [],
});
const caseOf = async ({ orderNumber }: Order) => {
  type Case = { caseId: string; status: string; outcome: string; outcomeCause: string; cause: string; found: string; inspected: object[] };
  return (await play.house.at('after-sales').get<{ cases: Case[] }>(`/cases?orderNumber=${orderNumber}`)).body.cases;
};
const shipped = ['fulfil-order: dispatched', 'ship-order: shipped'];

describe('goods that come back', () => {
  it('within 7 days need no reason: sent at the buyer’s cost, inspected, refunded (AFT-30..32)', async () => {
    const order = await delivered();
    const { orderNumber } = order;
    await wants(order, lantern);
    const { about, dueAt } = await play.partners.answers(orderNumber, 'send-back', sent);
    expect(about).toMatchObject({ freightBy: 'customer', returnAddress: { city: 'Coventry' } });
    expect(Date.parse(dueAt ?? '') - play.house.now().getTime()).toBeGreaterThan(13 * 86_400_000);
    expect(play.partners.facts(orderNumber)).not.toContain('RefundRequested');
    await play.partners.answers(orderNumber, 'inspect-return', inspected(1));
    await play.refunds(order);

    expect(await play.over(order)).toEqual(
      ['finance-refund: told', 'gather-evidence: notNeeded', 'return-with-refund: refunded', ...shipped].sort(),
    );
    expect((await play.register(order)).refunds).toMatchObject([{ amount: 339, status: 'paid', cause: 'returned' }]);
    expect(await caseOf(order)).toMatchObject([{ status: 'closed', outcome: 'refunded', found: 'none' }]);
  });
});
