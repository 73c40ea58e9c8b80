import {
  answersOf,
  courierScans,
  partsOf,
  paymentsNotices,
  referenceOf,
  storefrontOrders,
  type Team,
  warehouseReports,
} from '@orderloom/contracts';
import { type Heard, type Task, taskOf } from '../messaging/heard.js';
import type { Order } from './orders.js';
import type { TestLog } from '../messaging/test-log.js';
import { type Saying, Wire } from '../messaging/wire.js';

type Given = Partial<Pick<Saying, 'id' | 'source' | 'key' | 'headers'>>;
type Said<Required> = Required & Readonly<Record<string, unknown>>;

/** The storefront, the teams, the courier and the payment provider, played by the stories over Kafka. */
export class Partners {
  private constructor(
    readonly wire: Wire,
    private readonly now: () => Date,
  ) {}

  static async connect(log: TestLog, name: string, now: () => Date): Promise<Partners> {
    return new Partners(await Wire.connect(log, `partners-${name}`, now), now);
  }

  /** The storefront says something of an order: `OrderPlaced`, `CancellationRequested`, `AddressChangeRequested`. */
  storefront(type: string, data: Said<{ readonly orderNumber: string; readonly storefront?: unknown }>, given: Given = {}): Promise<void> {
    const { storefront, number } = partsOf(data.orderNumber);
    const key = referenceOf(typeof data.storefront === 'string' ? data.storefront : storefront, number);
    return this.wire.say({ topic: storefrontOrders, key, type, data, ...given });
  }

  places(order: Order, given: Given = {}): Promise<void> {
    return this.storefront('OrderPlaced', order, given);
  }

  /** The warehouse reports `ParcelPicked`, `ParcelPacked` or `ParcelShipped`. */
  warehouse(orderNumber: string, type: string, more: object = {}): Promise<void> {
    const data = { orderNumber, at: this.now().toISOString(), ...more };
    return this.wire.say({ topic: warehouseReports, key: orderNumber, type, data, source: '/warehouse' });
  }

  courier(orderNumber: string, scan: string, at = this.now().toISOString(), trackingNumber = `RM${orderNumber}`): Promise<void> {
    const data = { orderNumber, trackingNumber, scan, at };
    return this.wire.say({ topic: courierScans, key: trackingNumber, type: 'ParcelScanned', data, source: '/courier' });
  }

  /** The `nth` task of this question about an order. */
  task(orderNumber: string, question: string, nth = 1): Promise<Task> {
    const what = `${question} is asked${nth > 1 ? ` for the ${nth}. time` : ''} about ${orderNumber}`;
    return this.wire.until(what, () => this.tasks(orderNumber, question)[nth - 1], orderNumber);
  }

  tasks(orderNumber: string, question: string): Task[] {
    return this.said(orderNumber, 'TaskAsked', '.tasks.')
      .map(taskOf)
      .filter((task) => task.question === question);
  }

  answer(
    { taskId, team, subject }: Pick<Task, 'taskId' | 'team' | 'subject'>,
    answer: Said<{ readonly type: string }>,
    by = `${team}-1`,
    given: Given = {},
  ): Promise<void> {
    const say = (topic: string, type: string, data: object) =>
      this.wire.say({ topic, key: subject, type, data, source: `/${team}`, ...given });
    if (team === 'customer') return say(storefrontOrders, 'CustomerAnswered', { taskId, answer });
    return say(team === 'payments' ? paymentsNotices : answersOf(team as Team), 'TaskAnswered', { taskId, answer, by });
  }

  /** Waits for a task and answers it. */
  async answers(orderNumber: string, question: string, answer: Said<{ readonly type: string }>, by?: string): Promise<Task> {
    const task = await this.task(orderNumber, question, this.answered(orderNumber, question) + 1);
    await this.answer(task, answer, by);
    await this.wire.until(`the answer ${answer.type} counts`, () => this.isClosed(task), orderNumber);
    return task;
  }

  /** A task is withdrawn; resolves with the reason. */
  async withdrawn({ taskId, subject, question }: Task): Promise<string> {
    const withdrawal = () => this.said(subject, 'TaskWithdrawn', '.tasks.').find(({ data }) => data.taskId === taskId);
    return (await this.wire.until(`${question} is withdrawn`, withdrawal, subject)).data.reason as string;
  }

  /** Templates that the customer of an order was told, in the order of arrival. */
  templates(orderNumber: string): string[] {
    return this.said(orderNumber, 'CustomerTold', 'customer.messages').map(({ data }) => data.template as string);
  }

  /** A published fact about an order; the first one, or the first one that fits. */
  fact(orderNumber: string, type: string, fits: (heard: Heard) => boolean = () => true): Promise<Heard> {
    return this.wire.until(`${type} of ${orderNumber}`, () => this.said(orderNumber, type, '.events').find(fits), orderNumber);
  }

  /** Types of the facts about an order that services have published. */
  facts(orderNumber: string): string[] {
    return this.wire.of(orderNumber).flatMap(({ topic, type }) => (topic.endsWith('.events') ? [type] : []));
  }

  /** The customer is told a template. */
  told(orderNumber: string, template: string): Promise<Heard> {
    const what = `the customer of ${orderNumber} is told ${template}`;
    return this.wire.until(
      what,
      () => this.said(orderNumber, 'CustomerTold', 'customer.messages').find((m) => m.data.template === template),
      orderNumber,
    );
  }

  /** A team gets a notice. */
  informed(orderNumber: string, team: Team, notice: string): Promise<Heard> {
    const notices = () => this.said(orderNumber, 'TeamInformed', `tasks.${team}`);
    return this.wire.until(`${team} is told ${notice}`, () => notices().find((m) => m.data.notice === notice), orderNumber);
  }

  /** The outcome of the `nth` flow of this kind about an order. */
  async outcome(orderNumber: string, flow: string, nth = 1): Promise<string> {
    const ended = () => this.said(orderNumber, 'FlowEnded', '.flows').filter((m) => m.data.flow === flow);
    const heard = await this.wire.until(`${flow} of ${orderNumber} ends`, () => ended()[nth - 1], orderNumber);
    return heard.data.outcome as string;
  }

  /** Messages of one type about an order, on topics that have `topic` in their name. */
  said(orderNumber: string, type: string, topic: string): Heard[] {
    return this.wire.of(orderNumber).filter((message) => message.type === type && message.topic.includes(topic));
  }

  close(): Promise<void> {
    return this.wire.close();
  }

  private isClosed({ taskId, subject }: Task): boolean {
    return this.said(subject, 'TaskClosed', '.flows').some((m) => m.data.taskId === taskId);
  }

  private answered(orderNumber: string, question: string): number {
    return this.said(orderNumber, 'TaskClosed', '.flows').filter((m) => m.data.question === question).length;
  }
}
