import { randomUUID } from 'node:crypto';
import type { IncomingMessage, OutgoingMessage } from './message.js';
import { rawTopic } from './raw-topic.fixture.js';
import { MessageClient } from './message-client.js';
import { ShopTimeSource } from '../time/shop-time-source.js';
import { QuiescenceDetector } from '../time/quiescence.js';
import { ShopClock } from '../time/shop-clock.js';

const { TEST_KAFKA_BROKERS = '', TEST_LOG_URL } = process.env;
const log = TEST_LOG_URL || TEST_KAFKA_BROKERS.split(',');
const topic = `partners-spec.${randomUUID()}`;
const group = `partners-spec-${randomUUID()}`;
const fail = (error: Error): never => {
  throw error;
};
const saying = (id: string): OutgoingMessage => ({
  topic,
  key: '536365',
  id,
  source: 'storefront',
  type: 'OrderPlaced',
  data: { orderNumber: '536365', id },
});

const raw = rawTopic(log, topic);
beforeAll(() => raw.create());
afterAll(() => raw.remove());

/** Everything the group hears up to `id`; `care` says which messages are dealt with. */
async function hearUpTo(id: string, care: (message: IncomingMessage) => Promise<void>): Promise<string[]> {
  const client = await MessageClient.connect(log, new ShopTimeSource(new ShopClock(1)), new QuiescenceDetector(), fail);
  const heard: string[] = [];
  await new Promise<void>((resolve, reject) => {
    const hear = (message: IncomingMessage): Promise<void> => {
      heard.push(message.id);
      if (message.id === id) resolve();
      return care(message);
    };
    client.subscribe({ group, topics: [topic], handle: hear }).catch(reject);
  });
  await client.close();
  return heard;
}

describe('the message client on a real log', () => {
  it('messages are sent as CloudEvents in binary mode, keyed by the subject', async () => {
    const client = await MessageClient.connect(log, new ShopTimeSource(new ShopClock(1)), new QuiescenceDetector(), fail);
    await client.send(saying('1'), { ...saying('2'), time: '2010-12-01T08:26:00Z' }, saying('3'));
    await client.close();
    const second = await raw.at(1);
    expect(second.key).toBe('536365');
    expect(second.headers).toEqual({
      ce_specversion: '1.0',
      ce_id: '2',
      ce_source: '/partners/storefront',
      ce_type: 'OrderPlaced',
      ce_subject: '536365',
      ce_time: '2010-12-01T08:26:00Z',
      'content-type': 'application/json',
    });
    expect(JSON.parse(second.value ?? '')).toEqual({ orderNumber: '536365', id: '2' });
  }, 30_000);

  it('unprocessed messages are received again after a restart, oldest first', async () => {
    const never = new Promise<void>(() => undefined);
    expect(await hearUpTo('3', ({ id }) => (id === '2' ? never : Promise.resolve()))).toEqual(['1', '2', '3']);
    expect(await hearUpTo('3', () => Promise.resolve())).toEqual(['2', '3']);
  }, 60_000);
});
