import { partitionOf } from '@orderloom/messaging';
import { Clients, inTypeScript, pythonRunner, type Runner } from '../support/tools/clients.js';
import { anyRecords } from '../support/tools/any-records.js';
import { anOrder, type Order } from '../support/scenario/orders.js';
import { useScenario } from '../support/scenario/scenario.js';
import { onKafka, testLog } from '../support/messaging/test-log.js';

const scenario = useScenario();
const python = await pythonRunner();
if ('missing' in python) console.warn(`the Python clients are not run: ${python.missing}`);
const languages: (readonly [string, Runner])[] = [
  ['TypeScript', inTypeScript],
  ...('run' in python ? [['Python', python.run] as const] : []),
];

const teams = { purchasing: 'tasks.purchasing', warehouse: 'tasks.warehouse', finance: 'tasks.finance', courier: 'logistics.events' };

/** The records that the services could not read. */
async function dismissAll(): Promise<void> {
  for (const name of scenario.stack.services) {
    const http = scenario.stack.at(name, 'operator:olga');
    for (let parked = await http.parked(); parked.length > 0; parked = await http.parked())
      for (const { id } of parked) await http.post(`/parked/${id}/dismissal`, { reason: 'nonsense' });
  }
}

const why = onKafka ? '' : ' (skipped: they speak Kafka, and the tests run on the embedded log)';
(onKafka ? describe : describe.skip).each(languages)(
  `the published clients in %s, which know nothing but deploy/contracts,${why}`,
  (language, runner) => {
    let clients: Clients;
    const theOrder = (): Order => anOrder(scenario.stack.nextNumber());

    beforeAll(async () => {
      clients = new Clients('brokers' in testLog ? testLog.brokers : [], `${scenario.stack.id}-${language}`, runner);
      for (const [client, topic] of Object.entries(teams)) await clients.readsFromNow(client, `orderloom.${topic}`);
    });
    afterAll(() => clients.stop());

    it('they place, confirm, pick, pack, ship and deliver one order, and cancel and refund another', async () => {
      const [delivered, cancelled] = [theOrder(), theOrder()];
      for (const { orderNumber } of [delivered, cancelled]) await clients.run('storefront', 'place', orderNumber);
      await scenario.partners.task(cancelled.orderNumber, 'confirm-stock');
      await clients.run('storefront', 'cancel', cancelled.orderNumber);
      await scenario.partners.task(cancelled.orderNumber, 'loss-on-bought-goods');
      for (const client of Object.keys(teams)) clients.start(client);

      for (const fact of ['ParcelDelivered', 'OrderDispatched']) await scenario.partners.fact(delivered.orderNumber, fact);
      expect((await scenario.orderState(delivered)).status).toBe('dispatched');
      const shipment = await scenario.stack.at('logistics', 'service:mia').get(`/shipments/${delivered.orderNumber}`);
      expect(shipment.body).toMatchObject({ stage: 'delivered', lastScan: 'delivered' });

      const paid = { type: 'RefundSucceeded', providerReference: 'psp-1' };
      await scenario.partners.waitAndAnswer(cancelled.orderNumber, 'pay-refund', paid);
      await scenario.flowOutcomes(cancelled);
      await scenario.flowOutcomes(delivered);
      expect((await scenario.orderState(cancelled)).status).toBe('cancelled');
      expect((await scenario.register(cancelled)).refunds).toMatchObject([{ amount: 1530, status: 'paid', cause: 'cancelled' }]);
      expect((await scenario.register(delivered)).refunds).toEqual([]);
    });

    it('they continue after any record on the topics that they read', async () => {
      const order = theOrder();
      await clients.stop();
      for (const client of Object.keys(teams)) clients.start(client, { quiet: true });
      for (const topic of Object.values(teams)) await scenario.partners.messages.send(...anyRecords(`orderloom.${topic}`));
      await clients.run('storefront', 'place', order.orderNumber);
      await scenario.partners.fact(order.orderNumber, 'ParcelDelivered');
      await scenario.flowOutcomes(order);
      expect(clients.ended).toBe(0);
      await dismissAll();
    });

    it('they answer for the customer', async () => {
      const order = theOrder();
      await clients.stop();
      await clients.run('storefront', 'place', order.orderNumber);
      await scenario.partners.waitAndAnswer(order.orderNumber, 'confirm-stock', { type: 'StockNotToBeHad', lines: [1] });
      const { taskId } = await scenario.partners.task(order.orderNumber, 'choose-without-missing');
      await clients.run('storefront', 'answer', taskId, 'OrderGivenUp', order.orderNumber);
      await scenario.partners.fact(order.orderNumber, 'OrderCancelled');
      await scenario.refunds(order);
      await scenario.flowOutcomes(order);
    });

    it('they choose the same partition for a key as Java and kafkajs', async () => {
      const numbers = Array.from({ length: 5 }, () => scenario.stack.nextNumber());
      await Promise.all(numbers.map((number) => clients.run('storefront', 'place', number)));
      const placed = await Promise.all(
        numbers.map((number) =>
          scenario.partners.messages.until(
            `${number} is placed`,
            () => scenario.partners.received(number, 'OrderPlaced', 'storefront.orders')[0],
            number,
          ),
        ),
      );
      expect(placed.map(({ key, partition }) => [key, partition])).toEqual(numbers.map((number) => [number, partitionOf(number, 3)]));
      await Promise.all(numbers.map((number) => scenario.partners.fact(number, 'OrderPlaced')));
    });
  },
);
