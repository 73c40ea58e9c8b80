import type { Order } from '../support/scenario/orders.js';
import { useScenario } from '../support/scenario/scenario.js';
import { Partners } from '../support/scenario/partners.js';

const scenario = useScenario();
const orders = 200;
const atOnce = 40;

describe('a hold and a pick at the same moment (LOG-09)', () => {
  let stopper: Partners;
  beforeAll(
    async () => void (stopper = await Partners.connect(scenario.stack.log, `${scenario.stack.id}-stopper`, () => scenario.stack.now())),
  );
  afterAll(() => stopper.close());

  const results: { order: Order; won: 'pick' | 'hold' }[] = [];

  it(`have exactly one winner in each of ${orders} races: the order ships, or it is cancelled, refunded and never picked`, async () => {
    for (let done = 0; done < orders; done += atOnce) {
      results.push(...(await Promise.all(Array.from({ length: atOnce }, (_, i) => race(i % 2 === 0)))));
    }
    expect(results).toHaveLength(orders);
    for (const { order, won } of results) {
      const facts = scenario.partners.facts(order.orderNumber);
      expect(facts.includes('ParcelPicked')).toBe(won === 'pick');
      expect(facts.includes('ParcelShipped')).toBe(won === 'pick');
      expect(facts.includes('CancellationRefused')).toBe(won === 'pick');
      expect(facts.includes('ShipmentHeld')).toBe(won === 'hold');
      expect(facts.includes('OrderCancelled')).toBe(won === 'hold');
      expect(facts.filter((type) => type === 'RefundPaid')).toHaveLength(won === 'hold' ? 1 : 0);
    }
  }, 300_000);

  it('each win at least one of these races', () => {
    expect(new Set(results.map(({ won }) => won)).size).toBe(2);
  });

  /** Two people of the warehouse, each with a line of their own, do not know of each other. */
  async function race(pickerIsQuick: boolean): Promise<{ order: Order; won: 'pick' | 'hold' }> {
    const order = await scenario.released();
    const { orderNumber } = order;
    const { partners } = scenario;
    await partners.storefront('CancellationRequested', { orderNumber, reason: 'ordered twice' });
    const hold = await partners.task(orderNumber, 'hold-order');
    const picks = () => partners.warehouse(orderNumber, 'ParcelPicked');
    const holds = () => stopper.answer(hold, { type: 'HoldConfirmed' });
    await Promise.all((pickerIsQuick ? [picks, holds] : [holds, picks]).map((says) => says()));

    const decided = () => partners.facts(orderNumber).find((type) => type === 'ShipmentHeld' || type === 'CancellationRefused');
    const won = (await partners.messages.until('hold or pick wins', decided, orderNumber)) === 'ShipmentHeld' ? 'hold' : 'pick';
    if (won === 'pick') {
      const parcel = { carrier: 'Royal Mail', method: 'Tracked 48', trackingNumber: `RM${orderNumber}` };
      await partners.warehouse(orderNumber, 'ParcelShipped', parcel);
      await partners.fact(orderNumber, 'OrderDispatched');
    } else {
      await partners.waitAndAnswer(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
      await scenario.refunds(order);
    }
    await scenario.flowOutcomes(order);
    return { order, won };
  }
});
