import { jest } from '@jest/globals';
import { messageFaults } from '@orderloom/flows';
import type { Heard, Task } from '../messaging/heard.js';
import { House, type HouseOptions, type ServiceName } from '../stack/test-stack.js';
import { type Order, anOrder } from './orders.js';
import { Partners } from './partners.js';

/** What a story plays with; there from `beforeAll` to `afterAll`. */
export class Stage {
  house: House;
  partners: Partners;

  /** An order that nobody has placed yet. */
  order(change: Partial<Order> = {}): Order {
    return anOrder(this.house.nextNumber(), change);
  }

  /** Placed, approved, confirmed by purchasing, released and with the warehouse. */
  async released(change: Partial<Order> = {}): Promise<Order> {
    const order = await this.placed(change);
    await this.partners.answers(order.orderNumber, 'confirm-stock', { type: 'StockConfirmed' });
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
  async ships({ orderNumber }: Order): Promise<Heard> {
    const { partners } = this;
    await partners.task(orderNumber, 'ship-order');
    await partners.warehouse(orderNumber, 'ParcelPicked');
    await partners.warehouse(orderNumber, 'ParcelPacked');
    const tracking = { carrier: 'Royal Mail', method: 'Tracked 48', trackingNumber: `RM${orderNumber}` };
    await partners.warehouse(orderNumber, 'ParcelShipped', tracking);
    return partners.fact(orderNumber, 'OrderDispatched');
  }

  /** Finance approves the `nth` refund and the provider pays it; resolves with the payment. */
  async refunds({ orderNumber }: Order, nth = 1): Promise<Heard> {
    const { partners } = this;
    const providerReference = `psp-${orderNumber}-${nth}`;
    await partners.answers(orderNumber, 'approve-refund', { type: 'ApprovalGiven' }, 'li');
    await partners.answers(orderNumber, 'pay-refund', { type: 'RefundSucceeded', providerReference });
    return partners.fact(orderNumber, 'RefundPaid', ({ data }) => data.providerReference === providerReference);
  }

  /** Templates that the customer of an order was told, in their order. */
  templates({ orderNumber }: Order): string[] {
    return this.partners.said(orderNumber, 'CustomerTold', 'customer.messages').map(({ data }) => data.template as string);
  }

  /** The refund register of an order (REF-06). */
  async register({ orderNumber }: Order) {
    type Register = { captured: number; refunds: { amount: number; status: string; cause: string; filedBy: string; refundId: string }[] };
    return (await this.house.at('refund', 'finance:li').get<Register>(`/refunds/${orderNumber}`)).body;
  }

  /** What a task of the warehouse (or of another team and service) is about, in clear: the team's worklist by HTTP. */
  async clear({ taskId, team }: Pick<Task, 'taskId' | 'team'>, service: ServiceName = 'logistics'): Promise<Task['about']> {
    const desk = this.house.at(service, `${team}:wang`);
    const { body } = await desk.get<readonly Task[]>(`/tasks?team=${team}&limit=500`);
    return body.find((task) => task.taskId === taskId)?.about ?? {};
  }

  /** The label of an order's parcel, by HTTP. */
  label({ orderNumber }: Order) {
    return this.house.at('logistics', 'warehouse:wang').get<{ address: object; detail?: string }>(`/shipments/${orderNumber}/label`);
  }

  /** Where the order stands, by HTTP. */
  async standing({ orderNumber }: Order) {
    return (await this.house.at('order', 'service:mia').get<{ status: string; openChange: string | null }>(`/orders/${orderNumber}`)).body;
  }

  /** Resolves once every flow of the order has ended, in all services; with the outcomes by flow, sorted. */
  async over({ orderNumber }: Order): Promise<string[]> {
    const heard = () => this.partners.said(orderNumber, 'FlowEnded', '.flows');
    return this.partners.wire.until(
      `every flow of ${orderNumber} ends`,
      async () => {
        const flows = (await Promise.all(this.house.services.map((name) => this.house.at(name, 'operator:kim').flows(orderNumber)))).flat();
        const ended = flows.length > 0 && flows.every((f) => f.status === 'ended') && flows.length === heard().length;
        return ended && flows.map((f) => `${f.flow}: ${f.outcome}`).sort();
      },
      orderNumber,
    );
  }
}

/**
 * Opens the house for a spec file, and at its end looks that no flow and no message was parked on the way, that services said
 * nothing but what their contracts have (a producer's schema is closed), and that every task that was withdrawn says why.
 */
export function stage(options: HouseOptions = {}): Stage {
  jest.setTimeout(120_000); // longer than any single wait, which can say what it waited for
  const play = new Stage();
  beforeAll(async () => {
    play.house = await House.open(options);
    play.partners = await Partners.connect(play.house.log, play.house.id, () => play.house.now());
  }, 900_000);
  afterAll(async () => {
    if (!play.partners) return;
    const parked = await Promise.all(
      play.house.services.map(async (name) => {
        const desk = play.house.at(name, 'operator:kim');
        return { service: name, flows: await desk.parkedFlows(), messages: await desk.parked() };
      }),
    );
    const ours = play.partners.wire.all().filter(({ source }) => source.startsWith('/orderloom/'));
    const undeclared = new Set(ours.flatMap(({ topic, type, data }) => messageFaults(topic, type, data as object)));
    const withdrawals = ours
      .filter(({ type }) => type === 'TaskWithdrawn')
      .map(({ data }) => data as { question: string; reason?: string });
    await play.partners.close();
    await play.house.close();
    expect(parked.filter(({ flows, messages }) => flows.length + messages.length > 0)).toEqual([]);
    expect([...undeclared]).toEqual([]);
    expect(withdrawals.filter(({ reason }) => reason === undefined)).toEqual([]);
  }, 60_000);
  return play;
}
