import { jest } from '@jest/globals';
import { eventsTopicOf } from '@orderloom/contracts';
import kafkajs from 'kafkajs';
import { publishSnappyRecord } from '../../../libs/messaging/src/kafka/kafka.fixture.js';
import { TestStack } from '../../support/stack/test-stack.js';
import { anOrder } from '../../support/scenario/orders.js';
import { eventually } from '../support/eventually.js';
import { describeOnOwnKafka, OwnKafka } from '../support/kafka/own-kafka.js';

jest.setTimeout(240_000);

let kafka: OwnKafka;
let stack: TestStack;

beforeAll(async () => {
  kafka = await OwnKafka.start();
  stack = await TestStack.open({ only: ['order'], log: { brokers: kafka.brokers } });
});
afterAll(async () => {
  await stack?.close();
  await kafka?.stop();
});

const operator = () => stack.at('order', 'operator:kim');
const lag = async (): Promise<number | undefined> => (await operator().metrics()).get('orderloom_relay_lag_events');

/** Places an order over HTTP. */
async function placed(): Promise<string> {
  const order = anOrder(stack.nextNumber());
  expect(await stack.at('order', 'storefront:main').post('/orders', order)).toMatchObject({ status: 201 });
  return order.orderNumber;
}

/** Cancels it; two facts of one stream. */
async function cancelled(): Promise<string> {
  const orderNumber = await placed();
  const answer = await stack.at('order', 'service:mia').post(`/orders/${orderNumber}/cancellation`, { reason: 'ordered twice' });
  expect(answer.status).toBe(202);
  return orderNumber;
}

/** Waits until the flows of each order were begun, of which its service hears over Kafka; then all is said. */
async function goneOn(orders: readonly string[], flow: string): Promise<void> {
  for (const orderNumber of orders)
    await eventually(`${flow} of ${orderNumber}`, async () => (await operator().flows(orderNumber)).some((f) => f.flow === flow), {
      timeoutMs: 90_000,
    });
  await eventually('all is said', async () => (await lag()) === 0);
  expect(await stack.audit()).toEqual([]);
}

const seconds = process.env['FAULTS_LONG'] ? 60 : 35;
const how = process.env['FAULTS_LONG'] ? '' : ' (35 s here, longer than the clients’ own retries; 60 s with FAULTS_LONG=1)';

describeOnOwnKafka(`fault 17: broker down for 60 s${how}`, () => {
  it('commands are accepted meanwhile; afterwards all events are published in order and flows continue (I1, I3, I11)', async () => {
    const before = await placed();
    await goneOn([before], 'fulfil-order');
    await kafka.kill();
    const began = performance.now();
    const orders = [await placed(), await placed(), await placed()];
    const changed = [await cancelled(), await cancelled()];
    expect(await lag()).toBeGreaterThan(0);
    await eventually('the outage has lasted', () => performance.now() - began > seconds * 1000, { timeoutMs: seconds * 2000 });
    orders.push(await placed());
    changed.push(await cancelled());

    await kafka.startAgain();
    await goneOn([...orders, ...changed], 'fulfil-order');
    await goneOn(changed, 'cancel-order');
    expect(await operator().parked()).toEqual([]);
  });
});

describeOnOwnKafka('fault 22: the Kafka client crashes for good', () => {
  // nobody else writes it here
  const topic = eventsTopicOf('refund');

  it('readiness fails and the process ends, also after a restart; without the record it works again (I11)', async () => {
    expect(await stack.at('order').isReady()).toBe(true);
    await publishSnappyRecord(topic, kafka.brokers);
    expect(await stack.ended('order')).toBe('exit code 1');
    expect(await stack.at('order').isReady()).toBe(false);
    await stack.start('order').catch(() => undefined);
    expect(await stack.ended('order')).toBe('exit code 1');

    const admin = new kafkajs.Kafka({ brokers: [...kafka.brokers], logLevel: kafkajs.logLevel.NOTHING }).admin();
    await admin.connect();
    expect(await admin.fetchTopicOffsets(topic)).toContainEqual(expect.objectContaining({ partition: 0, high: '1' }));
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '1' }] });
    await admin.disconnect();
    await stack.start('order');
    await goneOn([await placed(), await placed()], 'fulfil-order');
  });
});
