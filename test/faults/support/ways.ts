import type { Order } from '../../support/scenario/orders.js';
import type { Scenario } from '../../support/scenario/scenario.js';

/** Half of the orders ship. The others are cancelled after their release, with hold and refund. */
const ships = (order: Order): boolean => Number(order.orderNumber.slice(-1)) % 2 === 0;

/** Orders that run to completion regardless of faults of the services. */
export class OrderMix {
  constructor(private readonly scenario: Scenario) {}

  /** Runs one order; partners answer each question whenever it arrives. */
  run = async (order: Order): Promise<void> => {
    const { orderNumber } = order;
    const { partners } = this.scenario;
    await partners.places(order);
    await partners.waitAndAnswer(orderNumber, 'confirm-stock', { type: 'StockConfirmed' });
    if (ships(order)) return void (await this.scenario.ships(order));
    await partners.task(orderNumber, 'ship-order');
    await partners.storefront('CancellationRequested', { orderNumber, reason: 'ordered twice' });
    await partners.waitAndAnswer(orderNumber, 'hold-order', { type: 'HoldConfirmed' });
    await partners.waitAndAnswer(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
    await this.scenario.refunds(order);
  };

  /** Expected final state of every order. */
  async expectOutcomes(orders: readonly Order[]): Promise<void> {
    for (const order of orders) {
      const facts = this.scenario.partners.facts(order.orderNumber);
      const count = (type: string): number => facts.filter((fact) => fact === type).length;
      const flows = await this.scenario.flowOutcomes(order);
      const { refunds } = await this.scenario.register(order);
      const { status } = await this.scenario.orderState(order);
      if (ships(order)) {
        expect(flows).toEqual(['fulfil-order: dispatched', 'ship-order: shipped']);
        expect([status, refunds]).toEqual(['dispatched', []]);
      } else {
        expect(flows).toEqual([
          'cancel-order: cancelled',
          'finance-refund: told',
          'fulfil-order: cancelled',
          'hold-shipment: held',
          'ship-order: cancelled',
        ]);
        expect([status, refunds]).toMatchObject(['cancelled', [{ amount: 2547, status: 'paid' }]]);
      }
      expect([count('OrderPlaced'), count('ShipmentPrepared')]).toEqual([1, 1]);
      expect(count('RefundPaid')).toBe(ships(order) ? 0 : 1);
    }
  }
}
