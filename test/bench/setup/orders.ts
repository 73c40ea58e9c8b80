import { randomUUID } from 'node:crypto';
import kafkajs, { type Kafka, type Producer } from 'kafkajs';
import published from 'kafkajs-published';
import { createDatabase, dropDatabases } from '@orderloom/dev-services';
import { answersTopicOf, storefrontOrders, warehouseReports } from '@orderloom/contracts';
import { checkout, discard, type Installation, started } from './installation.js';
import { type Figure, interleaved, rate } from './rounds.js';
import { barePool, type Surroundings } from './surroundings.js';
import { benchTopic } from './topics.js';

const steps = 5;
/** Until then the services' code is being compiled. */
const warmUp = 300;

/** P5: whole orders through all services of an installation of its own, against a chain of consumers that insert a row a step. */
export async function wholeOrders({ rounds, share, starts }: Surroundings): Promise<Figure[]> {
  // fewer would not fill the services
  const count = Math.max(150, Math.round(share * 600));
  const dir = checkout();
  const installation = await started(dir, { ORDERLOOM_LOG: 'java' });
  starts.push(installation.readySeconds);
  try {
    const partners = await Partners.join(installation);
    const chain = await Chain.join(installation);
    await partners.orders('W', warmUp);
    const compared = await interleaved(
      rounds,
      (round) => rate(count, () => partners.orders(`${round}`, count)),
      () => rate(count, () => chain.pass(count)),
    );
    await Promise.all([partners.leave(), chain.leave()]);
    const what = `whole orders, ${count} at once, by a chain of ${steps} inserts`;
    const note = `after ${warmUp} orders of warm-up`;
    return [{ ...{ id: 'P5', what, unit: 'orders/s', ...compared }, ...{ goal: '>= 100/s', met: compared.ours >= 100, note } }];
  } finally {
    await installation.stop();
    discard(dir);
  }
}

const kafkaOf = ({ brokers }: Installation, clientId: string, { Kafka, logLevel } = kafkajs): Kafka =>
  new Kafka({ clientId, brokers: [...brokers], logLevel: logLevel.NOTHING });

/** Counts down to nothing. */
class Awaited {
  private left = 0;
  private over: () => void = () => undefined;

  all(count: number): Promise<void> {
    this.left = count;
    return new Promise((resolve) => (this.over = resolve));
  }

  one(): void {
    this.left -= 1;
    if (this.left === 0) this.over();
  }
}

interface Said {
  readonly taskId: string;
  readonly subject: string;
  readonly question: string;
  readonly flow: string;
  readonly outcome: string;
}

/** The storefront, and the teams, which answer at once. */
class Partners {
  private readonly awaited = new Awaited();

  private constructor(
    private readonly producer: Producer,
    readonly leave: () => Promise<void>,
  ) {}

  static async join(installation: Installation): Promise<Partners> {
    const kafka = kafkaOf(installation, 'bench-partners');
    const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
    const consumer = kafka.consumer({ groupId: `bench-partners-${randomUUID()}`, maxWaitTimeInMs: 50 });
    await Promise.all([producer.connect(), consumer.connect()]);
    const partners = new Partners(producer, async () => void (await Promise.all([producer.disconnect(), consumer.disconnect()])));
    await consumer.subscribe({
      topics: ['tasks.purchasing', 'tasks.warehouse', 'order.flows'].map((t) => `orderloom.${t}`),
      fromBeginning: true,
    });
    await consumer.run({
      partitionsConsumedConcurrently: 9,
      eachBatch: async ({ batch }) => {
        const said = batch.messages.map(({ headers, value }) => ({
          type: headers?.['ce_type']?.toString(),
          data: JSON.parse(String(value)) as Said,
        }));
        const asked = said.flatMap(({ type, data }) => (type === 'TaskAsked' && batch.topic.includes('.tasks.') ? [data] : []));
        await partners.confirm(asked.filter(({ question }) => question === 'confirm-stock'));
        await partners.ship(asked.filter(({ question }) => question === 'ship-order'));
        for (const { type, data } of said) if (type === 'FlowEnded' && data.flow === 'fulfil-order') partners.ended(data);
      },
    });
    return partners;
  }

  /** Places `count` orders at once; resolves when all are dispatched. */
  async orders(round: string, count: number): Promise<void> {
    const done = this.awaited.all(count);
    const orders = Array.from({ length: count }, (_, n) => this.record(`B${round}-${n}`, 'OrderPlaced', anOrder(`B${round}-${n}`)));
    await this.producer.send({ topic: storefrontOrders, acks: -1, messages: orders });
    await done;
  }

  private async confirm(tasks: readonly Said[]): Promise<void> {
    if (tasks.length === 0) return;
    const answer = { type: 'StockConfirmed' };
    const messages = tasks.map(({ taskId, subject }) => this.record(subject, 'TaskAnswered', { taskId, answer, by: 'bench' }));
    await this.producer.send({ topic: answersTopicOf('purchasing'), acks: -1, messages });
  }

  private async ship(tasks: readonly Said[]): Promise<void> {
    if (tasks.length === 0) return;
    const at = new Date().toISOString();
    const messages = tasks.flatMap(({ subject: orderNumber }) => [
      this.record(orderNumber, 'ParcelPicked', { orderNumber, at }),
      this.record(orderNumber, 'ParcelPacked', { orderNumber, at }),
      this.record(orderNumber, 'ParcelShipped', {
        orderNumber,
        at,
        carrier: 'Royal Mail',
        method: '48',
        trackingNumber: `RM${orderNumber}`,
      }),
    ]);
    await this.producer.send({ topic: warehouseReports, acks: -1, messages });
  }

  private ended({ outcome }: Said): void {
    if (outcome !== 'dispatched') throw new Error(`an order ended as ${outcome}`);
    this.awaited.one();
  }

  private record(key: string, type: string, data: object) {
    const of = { ce_specversion: '1.0', ce_id: randomUUID(), ce_source: '/bench', ce_type: type, 'content-type': 'application/json' };
    return { key, headers: of, value: JSON.stringify(data) };
  }
}

const anOrder = (orderNumber: string): object => ({
  orderNumber,
  placedAt: new Date().toISOString(),
  customer: { id: null, name: 'Ada Lovelace', email: 'ada@example.test' },
  address: { recipient: 'Ada Lovelace', street: '12 St James Square', city: 'London', country: 'GB' },
  lines: [{ line: 1, sku: '85123A', quantity: 6, unitPrice: 255 }],
  currency: 'GBP',
  total: 1530,
  payment: { method: 'card', captured: 1530, reference: `pay-${orderNumber}` },
});

/** Consumers that each insert a row of what they hear and say it to the next one. */
class Chain {
  private readonly awaited = new Awaited();

  private constructor(
    private readonly producer: Producer,
    private readonly first: string,
    readonly leave: () => Promise<void>,
  ) {}

  static async join(installation: Installation): Promise<Chain> {
    const kafka = kafkaOf(installation, 'bench-chain', published);
    const topics = await Promise.all(Array.from({ length: steps }, (_, n) => benchTopic(installation.brokers, `step${n}`)));
    await dropDatabases(installation.postgres, ['bench_p5']);
    const pool = barePool(await createDatabase(installation.postgres, 'bench_p5'), 3 * steps);
    await pool.query(
      'create table said (position bigint generated always as identity primary key, step int not null, data jsonb not null)',
    );
    const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
    const consumers = topics.map(({ topic }) => kafka.consumer({ groupId: topic, maxWaitTimeInMs: 50 }));
    await Promise.all([producer, ...consumers].map((one) => one.connect()));
    const leave = async (): Promise<void> => {
      await Promise.all([producer, ...consumers].map((one) => one.disconnect()));
      await Promise.all(topics.map(({ log }) => log.close()));
      await pool.end();
    };
    const chain = new Chain(producer, topics[0]?.topic ?? '', leave);
    const insert = { name: 'said', text: 'insert into said (step, data) values ($1, $2)' };
    for (const [step, consumer] of consumers.entries()) {
      await consumer.subscribe({ topic: topics[step]?.topic ?? '', fromBeginning: true });
      await consumer.run({
        partitionsConsumedConcurrently: 3,
        eachMessage: async ({ message: { key, value } }) => {
          await pool.query({ ...insert, values: [step, String(value)] });
          const next = topics[step + 1];
          if (next) await producer.send({ topic: next.topic, acks: -1, messages: [{ key, value }] });
          else chain.awaited.one();
        },
      });
    }
    return chain;
  }

  async pass(count: number): Promise<void> {
    const done = this.awaited.all(count);
    const messages = Array.from({ length: count }, () => ({ key: randomUUID(), value: JSON.stringify(anOrder(randomUUID())) }));
    await this.producer.send({ topic: this.first, acks: -1, messages });
    await done;
  }
}
