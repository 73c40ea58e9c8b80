import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { forgotten } from '@orderloom/contracts';
import { withClient } from '@orderloom/dev-services';
import { useScenario } from '../../support/scenario/scenario.js';
import { eventually } from '../support/eventually.js';
import { GroupOffsets } from '../support/kafka/group-offsets.js';
import { describeOnKafka } from '../support/kafka/on-kafka.js';

const brokers = (process.env['TEST_KAFKA_BROKERS'] ?? '').split(',');

describeOnKafka('fault 31: a customer is forgotten during a rebuild and in a running flow', () => {
  const scenario = useScenario({ only: ['order', 'logistics', 'refund'], withConsole: true });
  let offsets: GroupOffsets;
  beforeAll(async () => void (offsets = await GroupOffsets.now(brokers)));
  afterAll(() => offsets.close());

  const timeline = async (orderNumber: string): Promise<string> =>
    JSON.stringify((await scenario.stack.at('console', 'service:anna').get(`/orders/${orderNumber}/timeline`)).body);
  const inConsole = (sql: string) => withClient(scenario.stack.databaseOf('console'), (client) => client.query<{ n: number }>(sql));
  const shown = async (): Promise<number> => (await inConsole('select count(*)::int as n from timeline')).rows[0]?.n ?? 0;

  it('nothing crashes, the placeholder is shown everywhere, and the flow ends (I12)', async () => {
    const email = `${scenario.stack.id.toLowerCase()}@example.test`;
    const customer = { id: null, name: 'Zora Neale', email, phone: '+44 20 7946 0001' };
    const orders = await Promise.all(Array.from({ length: 10 }, () => scenario.released({ customer })));
    const [order] = orders as [(typeof orders)[number]];
    const { orderNumber } = order;
    await scenario.partners.storefront('CancellationRequested', { orderNumber, reason: 'ordered twice' });
    const hold = await scenario.partners.task(orderNumber, 'hold-order');
    await eventually('the console shows it', async () => (await timeline(orderNumber)).includes('Zora'));

    const all = await shown();
    await scenario.stack.stop('console');
    await inConsole('truncate timeline, orders, entries, flows, tasks');
    await offsets.rewind('orderloom.console', () => true);
    await scenario.stack.start('console');
    await eventually('it is half rebuilt', async () => (await shown()) > 0);
    scenario.stack.pause('console');
    expect(await shown()).toBeLessThan(all);
    const env = { PATH: process.env['PATH'], ...scenario.stack.keyRing };
    await promisify(execFile)(process.execPath, ['dist/apps/cli/src/main.js', 'forget', email], { env });
    scenario.stack.resume('console');

    await scenario.partners.answer(hold, { type: 'HoldConfirmed' });
    await scenario.partners.waitAndAnswer(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
    await scenario.refunds(order);
    expect(await scenario.flowOutcomes(order)).toContain('cancel-order: cancelled');
    for (const one of orders)
      await eventually(
        async () => `a placeholder in ${one.orderNumber}: ${await timeline(one.orderNumber)} of ${await shown()} of ${all}`,
        async () => {
          const text = await timeline(one.orderNumber);
          return text.includes(forgotten) && !text.includes('Zora') && !text.includes(email);
        },
        { timeoutMs: 20_000 },
      );
    const { body } = await scenario.stack
      .at('console', 'service:anna')
      .get<{ orders: object[] }>(`/orders?email=${encodeURIComponent(email)}`);
    expect(body.orders).toEqual([]);
    await Promise.all(orders.slice(1).map((one) => scenario.ships(one)));
    for (const one of orders.slice(1)) await scenario.flowOutcomes(one);
    for (const name of [...scenario.stack.services, 'console'] as const) expect(await scenario.stack.at(name).isReady()).toBe(true);
    expect(await scenario.stack.audit()).toEqual([]);
  });
});
