import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { forgotten } from '@orderloom/contracts';
import { withClient } from '@orderloom/dev-services';
import { useScenario } from '../../support/scenario/story.js';
import { eventually } from '../support/eventually.js';
import { GroupOffsets } from '../support/kafka/group-offsets.js';
import { describeOnKafka } from '../support/kafka/on-kafka.js';

const brokers = (process.env['TEST_KAFKA_BROKERS'] ?? '').split(',');

describeOnKafka('fault 31: a customer is forgotten during a rebuild and in a running flow', () => {
  const play = useScenario({ only: ['order', 'logistics', 'refund'], withConsole: true });
  let offsets: GroupOffsets;
  beforeAll(async () => void (offsets = await GroupOffsets.now(brokers)));
  afterAll(() => offsets.close());

  const timeline = async (orderNumber: string): Promise<string> =>
    JSON.stringify((await play.stack.at('console', 'service:anna').get(`/orders/${orderNumber}/timeline`)).body);
  const inConsole = (sql: string) => withClient(play.stack.databaseOf('console'), (client) => client.query<{ n: number }>(sql));
  const shown = async (): Promise<number> => (await inConsole('select count(*)::int as n from timeline')).rows[0]?.n ?? 0;

  it('nothing crashes, the placeholder is shown everywhere, and the flow ends (I12)', async () => {
    const email = `${play.stack.id.toLowerCase()}@example.test`;
    const customer = { id: null, name: 'Zora Neale', email, phone: '+44 20 7946 0001' };
    const orders = await Promise.all(Array.from({ length: 10 }, () => play.released({ customer })));
    const [order] = orders as [(typeof orders)[number]];
    const { orderNumber } = order;
    await play.partners.storefront('CancellationRequested', { orderNumber, reason: 'ordered twice' });
    const hold = await play.partners.task(orderNumber, 'hold-order');
    await eventually('the console shows it', async () => (await timeline(orderNumber)).includes('Zora'));

    const all = await shown();
    await play.stack.stop('console');
    await inConsole('truncate timeline, orders, entries, flows, tasks');
    await offsets.rewind('orderloom.console', () => true);
    await play.stack.start('console');
    await eventually('it is half rebuilt', async () => (await shown()) > 0);
    play.stack.pause('console');
    expect(await shown()).toBeLessThan(all);
    const env = { PATH: process.env['PATH'], ...play.stack.keyRing };
    await promisify(execFile)(process.execPath, ['dist/apps/cli/src/main.js', 'forget', email], { env });
    play.stack.resume('console');

    await play.partners.answer(hold, { type: 'HoldConfirmed' });
    await play.partners.answers(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
    await play.refunds(order);
    expect(await play.flowOutcomes(order)).toContain('cancel-order: cancelled');
    for (const one of orders)
      await eventually(
        async () => `a placeholder in ${one.orderNumber}: ${await timeline(one.orderNumber)} of ${await shown()} of ${all}`,
        async () => {
          const text = await timeline(one.orderNumber);
          return text.includes(forgotten) && !text.includes('Zora') && !text.includes(email);
        },
        { timeoutMs: 20_000 },
      );
    const { body } = await play.stack.at('console', 'service:anna').get<{ orders: object[] }>(`/orders?email=${encodeURIComponent(email)}`);
    expect(body.orders).toEqual([]);
    await Promise.all(orders.slice(1).map((one) => play.ships(one)));
    for (const one of orders.slice(1)) await play.flowOutcomes(one);
    for (const name of [...play.stack.services, 'console'] as const) expect(await play.stack.at(name).isReady()).toBe(true);
    expect(await play.stack.audit()).toEqual([]);
  });
});
