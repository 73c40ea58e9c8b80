import { KafkaLog } from '@orderloom/messaging';
import { withClient } from '@orderloom/dev-services';
import type { ServiceName } from '../../support/stack/test-stack.js';
import { useScenario } from '../../support/scenario/scenario.js';
import { eventually } from '../support/eventually.js';
import { GroupOffsets } from '../support/kafka/group-offsets.js';
import { KafkaProxy } from '../support/kafka/kafka-proxy.js';
import { describeOnKafka } from '../support/kafka/on-kafka.js';
import { OrderMix } from '../support/ways.js';

const brokers = (process.env['TEST_KAFKA_BROKERS'] ?? '').split(',');

describeOnKafka('fault 19: duplicated, delayed, reordered delivery across topics', () => {
  const scenario = useScenario({ only: ['order', 'logistics', 'refund'] });
  const ways = new OrderMix(scenario);
  /** Milliseconds that each service's messages take, in either direction. */
  const delays = { order: 0, logistics: 20, refund: 60 } as const;
  const proxies = new Map<ServiceName, KafkaProxy>();
  let offsets: GroupOffsets;
  let log: KafkaLog;

  beforeAll(async () => {
    offsets = await GroupOffsets.now(brokers);
    log = new KafkaLog({ brokers, clientId: 'delivery' });
    for (const [name, delayMs] of Object.entries(delays)) {
      const proxy = await KafkaProxy.inFrontOf(brokers[0] ?? '');
      proxy.delayMs = delayMs;
      proxies.set(name as ServiceName, proxy);
    }
  });
  afterAll(async () => {
    await Promise.all([offsets.close(), log.close(), ...[...proxies.values()].map((proxy) => proxy.close())]);
  });

  /** Has `topics` said to the service again from the beginning: late, and in another order to what came on other topics. */
  async function again(name: ServiceName, topics: (topic: string) => boolean): Promise<void> {
    await scenario.stack.stop(name);
    await offsets.rewind(`orderloom.${name}`, topics);
    await scenario.stack.start(name, { KAFKA_BROKERS: proxies.get(name)?.address });
  }

  async function heardAll(): Promise<void> {
    for (const name of scenario.stack.services)
      await eventually(`${name} has heard all`, async () => {
        const behind = Object.values(await log.lag(`orderloom.${name}`, await offsets.topicsOf(`orderloom.${name}`)));
        return behind.every((records) => records === 0);
      });
  }

  const events = (): Promise<number[]> =>
    Promise.all(
      scenario.stack.services.map((name) =>
        withClient(scenario.stack.databaseOf(name), async (client) => {
          const { rows } = await client.query<{ n: number }>('select count(*)::int as n from events');
          return rows[0]?.n ?? 0;
        }),
      ),
    );

  it('each order ends as with ordered delivery, and repeated messages have no effect (I4, I6)', async () => {
    const orders = Array.from({ length: 12 }, () => scenario.order());
    const all = Promise.all(orders.map(ways.run));
    for (let round = 0; round < 3; round += 1) {
      await Promise.all(scenario.stack.services.map((name) => again(name, (topic) => topic.length % 3 === round)));
      await heardAll();
    }
    await all;
    await ways.expectOutcomes(orders);
    await heardAll();
    const before = await events();

    await Promise.all(scenario.stack.services.map((name) => again(name, () => true)));
    await heardAll();
    expect(await events()).toEqual(before);
    await ways.expectOutcomes(orders);
    expect(await scenario.stack.audit()).toEqual([]);
  });
});
