import { jest } from '@jest/globals';
import { messageFaults } from '@orderloom/flows';
import type { ReceivedMessage, Task } from '../messaging/received-message.js';
import { TestStack, type TestStackOptions, type ServiceName } from '../stack/test-stack.js';
import { type Order, anOrder } from './orders.js';
import { Partners } from './partners.js';

/** Flows that go on beside the order, whatever becomes of it. */
const besideTheOrder = ['watch-parcels', 'confirm-order'];

/** Running services and simulated partners of a spec file; available from `beforeAll` to `afterAll`. */
export class Scenario {
  stack: TestStack;
  partners: Partners;

  /** A new order that is not placed yet. */
  order(change: Partial<Order> = {}): Order {
    return anOrder(this.stack.nextNumber(), change);
  }

  /** Placed, approved, confirmed by purchasing, released and with the warehouse. */
  async released(change: Partial<Order> = {}): Promise<Order> {
    const order = await this.placed(change);
    await this.partners.waitAndAnswer(order.orderNumber, 'confirm-stock', { type: 'StockConfirmed' });
    await this.partners.task(order.orderNumber, 'ship-order');
    return order;
  }

  /** Placed and approved: purchasing is asked. */
  async placed(change: Partial<Order> = {}): Promise<Order> {
    const order = this.order(change);
    await this.partners.places(order);
    await this.partners.task(order.orderNumber, 'confirm-stock');
    return order;
  }

  /** The warehouse picks, packs and ships what it was asked to; resolves with the dispatch. */
  async ships({ orderNumber }: Order): Promise<ReceivedMessage> {
    const { partners } = this;
    await partners.task(orderNumber, 'ship-order');
    await partners.warehouse(orderNumber, 'ParcelPicked');
    await partners.warehouse(orderNumber, 'ParcelPacked');
    const tracking = { carrier: 'Royal Mail', method: 'Tracked 48', trackingNumber: `RM${orderNumber}` };
    await partners.warehouse(orderNumber, 'ParcelShipped', tracking);
    return partners.fact(orderNumber, 'OrderDispatched');
  }

  /** Finance approves the `nth` refund and the provider pays it; resolves with the payment. */
  async refunds({ orderNumber }: Order, nth = 1): Promise<ReceivedMessage> {
    const { partners } = this;
    const providerReference = `psp-${orderNumber}-${nth}`;
    await partners.waitAndAnswer(orderNumber, 'approve-refund', { type: 'ApprovalGiven' }, 'li');
    await partners.waitAndAnswer(orderNumber, 'pay-refund', { type: 'RefundSucceeded', providerReference });
    return partners.fact(orderNumber, 'RefundPaid', ({ data }) => data.providerReference === providerReference);
  }

  /** Templates of the messages to the customer of an order, in the order of arrival. */
  customerTemplates({ orderNumber }: Order): string[] {
    return this.partners.received(orderNumber, 'CustomerTold', 'customer.messages').map(({ data }) => data.template as string);
  }

  /** The refund register of an order (REF-06). */
  async register({ orderNumber }: Order) {
    type Register = { captured: number; refunds: { amount: number; status: string; cause: string; filedBy: string; refundId: string }[] };
    return (await this.stack.at('refund', 'finance:li').get<Register>(`/refunds/${orderNumber}`)).body;
  }

  /** The unsealed content of a task, from the team's worklist over HTTP. */
  async aboutInClear({ taskId, team }: Pick<Task, 'taskId' | 'team'>, service: ServiceName = 'logistics'): Promise<Task['about']> {
    // service asks the customer
    const client = this.stack.at(service, team === 'customer' ? 'service:wang' : `${team}:wang`);
    const { body } = await client.get<readonly Task[]>(`/tasks?team=${team}&limit=500`);
    return body.find((task) => task.taskId === taskId)?.about ?? {};
  }

  /** The label of an order's parcel, by HTTP. */
  label({ orderNumber }: Order) {
    return this.stack.at('logistics', 'warehouse:wang').get<{ address: object; detail?: string }>(`/shipments/${orderNumber}/label`);
  }

  /** State of the order over HTTP. */
  async orderState({ orderNumber }: Order) {
    return (await this.stack.at('order', 'service:mia').get<{ status: string; openChange: string | null }>(`/orders/${orderNumber}`)).body;
  }

  /**
   * Resolves once every flow of the order has ended, in all services; with the outcomes by flow, sorted. `watch-parcels` is left out: it goes
   * on while a parcel is on its way (LOG-11). So is `confirm-order`, which every order has (ORD-02).
   */
  async flowOutcomes({ orderNumber }: Order): Promise<string[]> {
    const endings = () =>
      this.partners
        .received(orderNumber, 'FlowEnded', '.flows')
        .filter(({ data }) => !besideTheOrder.some((flow) => String(data.flow).startsWith(flow)));
    return this.partners.messages.until(
      `every flow of ${orderNumber} ends`,
      async () => {
        const flows = (await Promise.all(this.stack.services.map((name) => this.stack.at(name, 'operator:kim').flows(orderNumber))))
          .flat()
          .filter(({ flow }) => !besideTheOrder.includes(flow));
        const ended = flows.length > 0 && flows.every((f) => f.status === 'ended') && flows.length === endings().length;
        return ended && flows.map((f) => `${f.flow}: ${f.outcome}`).sort();
      },
      orderNumber,
    );
  }
}

/**
 * Starts the stack for a spec file. At its end expects that no flow or message is parked, that the services published only what their
 * contracts declare (a producer's schema is closed), and that every withdrawn task has a reason.
 */
export function useScenario(options: TestStackOptions = {}): Scenario {
  jest.setTimeout(120_000); // longer than any single wait, whose error names its condition
  const scenario = new Scenario();
  beforeAll(async () => {
    scenario.stack = await TestStack.open(options);
    scenario.partners = await Partners.connect(scenario.stack.log, scenario.stack.id, () => scenario.stack.now());
  }, 900_000);
  afterAll(async () => {
    if (!scenario.partners) return;
    const parked = await Promise.all(
      scenario.stack.services.map(async (name) => {
        const client = scenario.stack.at(name, 'operator:kim');
        return { service: name, flows: await client.parkedFlows(), messages: await client.parked() };
      }),
    );
    const ours = scenario.partners.messages.all().filter(({ source }) => source.startsWith('/orderloom/'));
    const undeclared = new Set(ours.flatMap(({ topic, type, data }) => messageFaults(topic, type, data as object)));
    const withdrawals = ours
      .filter(({ type }) => type === 'TaskWithdrawn')
      .map(({ data }) => data as { question: string; reason?: string });
    await scenario.partners.close();
    await scenario.stack.close();
    expect(parked.filter(({ flows, messages }) => flows.length + messages.length > 0)).toEqual([]);
    expect([...undeclared]).toEqual([]);
    expect(withdrawals.filter(({ reason }) => reason === undefined)).toEqual([]);
  }, 60_000);
  return scenario;
}
