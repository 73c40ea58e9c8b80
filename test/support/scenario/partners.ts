import {
  answersTopicOf,
  courierScans,
  partsOf,
  paymentsNotices,
  referenceOf,
  storefrontOrders,
  type Team,
  warehouseReports,
} from '@orderloom/contracts';
import { type ReceivedMessage, type Task, taskOf } from '../messaging/received-message.js';
import type { Order } from './orders.js';
import type { TestLog } from '../messaging/test-log.js';
import { type OutgoingMessage, MessageClient } from '../messaging/message-client.js';

type MessageOverrides = Partial<Pick<OutgoingMessage, 'id' | 'source' | 'key' | 'headers'>>;
type WithFields<Required> = Required & Readonly<Record<string, unknown>>;

/** Storefront, teams, courier and payment provider, simulated by a scenario over Kafka. */
export class Partners {
  private constructor(
    readonly messages: MessageClient,
    private readonly now: () => Date,
  ) {}

  static async connect(log: TestLog, name: string, now: () => Date): Promise<Partners> {
    return new Partners(await MessageClient.connect(log, `partners-${name}`, now), now);
  }

  /** The storefront publishes a message about an order: `OrderPlaced`, `CancellationRequested`, `AddressChangeRequested`. */
  storefront(
    type: string,
    data: WithFields<{ readonly orderNumber: string; readonly storefront?: unknown }>,
    given: MessageOverrides = {},
  ): Promise<void> {
    const { storefront, number } = partsOf(data.orderNumber);
    const key = referenceOf(typeof data.storefront === 'string' ? data.storefront : storefront, number);
    return this.messages.send({ topic: storefrontOrders, key, type, data, ...given });
  }

  places(order: Order, given: MessageOverrides = {}): Promise<void> {
    return this.storefront('OrderPlaced', order, given);
  }

  /** The warehouse reports `ParcelPicked`, `ParcelPacked` or `ParcelShipped`. */
  warehouse(orderNumber: string, type: string, more: object = {}): Promise<void> {
    const data = { orderNumber, at: this.now().toISOString(), ...more };
    return this.messages.send({ topic: warehouseReports, key: orderNumber, type, data, source: '/warehouse' });
  }

  courier(orderNumber: string, scan: string, at = this.now().toISOString(), trackingNumber = `RM${orderNumber}`): Promise<void> {
    const data = { orderNumber, trackingNumber, scan, at };
    return this.messages.send({ topic: courierScans, key: trackingNumber, type: 'ParcelScanned', data, source: '/courier' });
  }

  /** The `nth` task of this question about an order. */
  task(orderNumber: string, question: string, nth = 1): Promise<Task> {
    const what = `${question} is asked${nth > 1 ? ` for the ${nth}. time` : ''} about ${orderNumber}`;
    return this.messages.until(what, () => this.tasks(orderNumber, question)[nth - 1], orderNumber);
  }

  tasks(orderNumber: string, question: string): Task[] {
    return this.received(orderNumber, 'TaskAsked', '.tasks.')
      .map(taskOf)
      .filter((task) => task.question === question);
  }

  answer(
    { taskId, team, subject }: Pick<Task, 'taskId' | 'team' | 'subject'>,
    answer: WithFields<{ readonly type: string }>,
    by = `${team}-1`,
    given: MessageOverrides = {},
  ): Promise<void> {
    const send = (topic: string, type: string, data: object) =>
      this.messages.send({ topic, key: subject, type, data, source: `/${team}`, ...given });
    if (team === 'customer') return send(storefrontOrders, 'CustomerAnswered', { taskId, answer });
    return send(team === 'payments' ? paymentsNotices : answersTopicOf(team as Team), 'TaskAnswered', { taskId, answer, by });
  }

  /** Waits for a task and answers it. */
  async waitAndAnswer(orderNumber: string, question: string, answer: WithFields<{ readonly type: string }>, by?: string): Promise<Task> {
    const task = await this.task(orderNumber, question, this.answered(orderNumber, question) + 1);
    await this.answer(task, answer, by);
    await this.messages.until(`the answer ${answer.type} counts`, () => this.isClosed(task), orderNumber);
    return task;
  }

  /** A task is withdrawn; resolves with the reason. */
  async withdrawn({ taskId, subject, question }: Task): Promise<string> {
    const withdrawal = () => this.received(subject, 'TaskWithdrawn', '.tasks.').find(({ data }) => data.taskId === taskId);
    return (await this.messages.until(`${question} is withdrawn`, withdrawal, subject)).data.reason as string;
  }

  /** Templates of the messages to the customer of an order, in the order of arrival. */
  customerTemplates(orderNumber: string): string[] {
    return this.received(orderNumber, 'CustomerTold', 'customer.messages').map(({ data }) => data.template as string);
  }

  /** A published fact about an order; the first one, or the first one that fits. */
  fact(orderNumber: string, type: string, fits: (message: ReceivedMessage) => boolean = () => true): Promise<ReceivedMessage> {
    return this.messages.until(`${type} of ${orderNumber}`, () => this.received(orderNumber, type, '.events').find(fits), orderNumber);
  }

  /** Types of the facts about an order that services have published. */
  facts(orderNumber: string): string[] {
    return this.messages.of(orderNumber).flatMap(({ topic, type }) => (topic.endsWith('.events') ? [type] : []));
  }

  /** The message to the customer with this template. */
  customerMessage(orderNumber: string, template: string): Promise<ReceivedMessage> {
    const what = `message ${template} to the customer of ${orderNumber}`;
    return this.messages.until(
      what,
      () => this.received(orderNumber, 'CustomerTold', 'customer.messages').find((m) => m.data.template === template),
      orderNumber,
    );
  }

  /** A team gets a notice. */
  informed(orderNumber: string, team: Team, notice: string): Promise<ReceivedMessage> {
    const notices = () => this.received(orderNumber, 'TeamInformed', `tasks.${team}`);
    return this.messages.until(`notice ${notice} to ${team}`, () => notices().find((m) => m.data.notice === notice), orderNumber);
  }

  /** The outcome of the `nth` flow of this kind about an order. */
  async outcome(orderNumber: string, flow: string, nth = 1): Promise<string> {
    const ended = () => this.received(orderNumber, 'FlowEnded', '.flows').filter((m) => m.data.flow === flow);
    const message = await this.messages.until(`${flow} of ${orderNumber} ends`, () => ended()[nth - 1], orderNumber);
    return message.data.outcome as string;
  }

  /** Messages of one type about an order, on topics that have `topic` in their name. */
  received(orderNumber: string, type: string, topic: string): ReceivedMessage[] {
    return this.messages.of(orderNumber).filter((message) => message.type === type && message.topic.includes(topic));
  }

  close(): Promise<void> {
    return this.messages.close();
  }

  private isClosed({ taskId, subject }: Task): boolean {
    return this.received(subject, 'TaskClosed', '.flows').some((m) => m.data.taskId === taskId);
  }

  private answered(orderNumber: string, question: string): number {
    return this.received(orderNumber, 'TaskClosed', '.flows').filter((m) => m.data.question === question).length;
  }
}
