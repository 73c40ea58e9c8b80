import { withClient } from '@orderloom/dev-services';
import { instant } from '@orderloom/kernel';
import type { ReceivedMessage } from '../support/messaging/received-message.js';
import { anOrder, london, type Order } from '../support/scenario/orders.js';
import { useScenario } from '../support/scenario/scenario.js';

const scenario = useScenario({ only: ['order', 'settings'] });
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const date = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const year = (ms: number): number => new Date(ms).getUTCFullYear();
const address = { recipient: 'Returns', street: '1 Quay', city: 'Shanghai', country: 'CN' };

/** A week of seven working days in UTC; tomorrow and the day after are off, and one year more than this is known. */
const calendar = (now: number) => {
  const off = [1, 2].map((n) => now + n * dayMs);
  const years: Record<string, { holidays: Record<string, string> }> = {};
  for (let y = year(now); y <= year(now) + 1; y += 1)
    years[y] = { holidays: Object.fromEntries(off.filter((at) => year(at) === y).map((at) => [date(at), date(at)])) };
  return { timeZone: 'UTC', workingDays: [1, 2, 3, 4, 5, 6, 7], source: 'this spec', years };
};

/** A shop that promises by hours, and one that promises by working days of its own calendar. */
const twoShops = () => ({
  calendars: { 'shop-days': calendar(scenario.stack.now().getTime()) },
  storefronts: {
    'shop-gb': {
      ...{ country: 'GB', currency: 'GBP', languages: ['en'], calendar: 'shop-days' },
      ...{ dispatch: { domestic: { hours: 6 } }, returns: { address } },
    },
    'shop-cn': {
      ...{ country: 'CN', currency: 'CNY', languages: ['zh-CN'], calendar: 'shop-days' },
      ...{ dispatch: { domestic: { workingDays: 1 } }, undeliverable: ['GB'], returns: { address } },
    },
  },
});

interface Waiting {
  readonly subject: string;
  readonly dueAt: string;
}

const http = () => scenario.stack.at('settings', 'operations:olga');
const latest = async () => Number((await http().get('/settings')).body.latest);

/** Applies settings, and waits until the order service has its copy of them. */
async function apply(document: object, more: object = {}): Promise<number> {
  const answer = await http().post('/settings', { expected: await latest(), document, ...more });
  expect(answer).toMatchObject({ status: 200 });
  const version = Number(answer.body.version);
  const sql = 'select 1 from settings where key = $1';
  const copied = () =>
    withClient(scenario.stack.databaseOf('order'), async (client) => (await client.query(sql, [`version-${version}`])).rowCount);
  await scenario.partners.messages.until(`the order service has version ${version}`, async () => (await copied()) === 1);
  // a copy is read again after a second of the service's clock
  await scenario.stack.advanceClock({ minutes: 1 });
  return version;
}

/** An order of a shop that is placed by HTTP; resolves with what was said of it. */
async function placed(storefront: string, change: Partial<Order> = {}): Promise<ReceivedMessage> {
  const number = scenario.stack.nextNumber();
  const order = { ...anOrder(number, change), storefront };
  expect(await scenario.stack.at('order', 'storefront:web').post('/orders', order)).toMatchObject({ status: 201 });
  return scenario.partners.fact(storefront === 'main' ? number : `${storefront}:${number}`, 'OrderPlaced');
}

const inChina = { address: { ...london, city: 'Shanghai', country: 'CN' } };
const hoursFrom = (from: string, at: string): number => (Date.parse(at) - Date.parse(from)) / hourMs;
const acceptedAt = async ({ data }: ReceivedMessage): Promise<string> => {
  const { orderNumber } = data as { orderNumber: string };
  const sql = "select recorded_at from events where subject = $1 and type = 'OrderPlaced'";
  const { rows } = await withClient(scenario.stack.databaseOf('order'), (client) =>
    client.query<{ recorded_at: Date }>(sql, [orderNumber]),
  );
  return instant(rows[0]?.recorded_at ?? '');
};
const promise = async (order: ReceivedMessage): Promise<number> =>
  hoursFrom(await acceptedAt(order), (order.data as { promisedDispatchBy: string }).promisedDispatchBy);

/** Hours that purchasing has for its answer about an order. */
async function purchasingHours({ data }: ReceivedMessage): Promise<number> {
  const task = await scenario.partners.task((data as { orderNumber: string }).orderNumber, 'confirm-stock');
  return hoursFrom(await acceptedAt({ data } as ReceivedMessage), task.dueAt ?? '');
}

describe('the settings of an installation (CS-02)', () => {
  it('are the defaults of the release until a version is applied', async () => {
    expect((await http().get('/settings')).body).toMatchObject({ version: 0, latest: 0, effectiveFrom: null });
    const order = await placed('shop-cn');
    expect([Math.round(await promise(order)), order.policyVersion]).toEqual([24, 'defaults']);
  });

  it('give two storefronts different promises, calendars and countries', async () => {
    const version = await apply(twoShops());
    const [gb, cn] = [await placed('shop-gb'), await placed('shop-cn', inChina)];
    expect(Math.round(await promise(gb))).toBe(6);
    // tomorrow and the day after are off
    expect(Math.round(await promise(cn))).toBe(72);
    expect([gb.policyVersion, cn.policyVersion]).toEqual([`settings-${version}`, `settings-${version}`]);
    expect((await placed('shop-cn')).data).toMatchObject({ concerns: ['address-not-deliverable', 'currency-not-of-storefront'] });
  });

  it('leave the defaults to a storefront that they do not list', async () => {
    expect(Math.round(await promise(await placed('shop-fr')))).toBe(24);
  });

  it('change new deadlines only', async () => {
    const hours = (n: number) => ({ ...twoShops(), deadlines: { order: { purchasingAnswer: { hours: n } } } });
    await apply(hours(9));
    const waiting = await placed('shop-gb');
    expect(Math.round(await purchasingHours(waiting))).toBe(9);
    await apply(hours(30));
    expect(Math.round(await purchasingHours(await placed('shop-gb')))).toBe(30);
    const { orderNumber } = waiting.data as { orderNumber: string };
    await scenario.stack.advanceClock({ hours: 9 });
    await scenario.partners.messages.until('purchasing is reminded by the first settings', () =>
      scenario.partners.received(orderNumber, 'TaskReminded', '.tasks.purchasing').at(0),
    );
  });

  it('recount open deadlines when applied with recompute: the team is informed, and an elapsed deadline fires at once', async () => {
    const hours = (n: number) => ({ ...twoShops(), deadlines: { order: { purchasingAnswer: { hours: n } } } });
    await apply(hours(30));
    const first = await placed('shop-gb');
    const two = [first, await placed('shop-gb')];
    for (const order of two) expect(Math.round(await purchasingHours(order))).toBe(30);
    await apply(hours(2), { recompute: true });
    for (const order of two) {
      const { orderNumber } = order.data as { orderNumber: string };
      const said = (type: string) => scenario.partners.received(orderNumber, type, '.tasks.purchasing').at(0);
      const changed = await scenario.partners.messages.until('purchasing is told of the new due time', () => said('TaskDueChanged'));
      expect(Math.round(hoursFrom(await acceptedAt(order), (changed.data as { dueAt: string }).dueAt))).toBe(2);
      const tasks = (await scenario.stack.at('order', 'purchasing:li').get<Waiting[]>('/tasks?limit=500')).body;
      expect(tasks.find(({ subject }) => subject === orderNumber)?.dueAt).toBe((changed.data as { dueAt: string }).dueAt);
      expect(said('TaskReminded')).toBeUndefined();
    }
    await scenario.stack.advanceClock({ hours: 2 });
    const { orderNumber } = first.data as { orderNumber: string };
    await scenario.partners.messages.until('purchasing is reminded by the new settings', () =>
      scenario.partners.received(orderNumber, 'TaskReminded', '.tasks.purchasing').at(0),
    );

    await apply(hours(30));
    const late = await placed('shop-gb');
    await purchasingHours(late);
    await scenario.stack.advanceClock({ hours: 3 });
    await apply(hours(1), { recompute: true });
    await scenario.partners.messages.until('purchasing is reminded of what is over', () =>
      scenario.partners.received((late.data as { orderNumber: string }).orderNumber, 'TaskReminded', '.tasks.purchasing').at(0),
    );
    await apply(hours(30));
  });

  it('take effect at their instant and not before', async () => {
    const effectiveFrom = new Date(scenario.stack.now().getTime() + 3 * hourMs).toISOString();
    const soon = { ...twoShops(), deadlines: { order: { purchasingAnswer: { hours: 4 } } } };
    await apply(soon, { effectiveFrom });
    expect(Math.round(await purchasingHours(await placed('shop-gb')))).toBe(30);
    await scenario.stack.advanceClock({ hours: 4 });
    expect(Math.round(await purchasingHours(await placed('shop-gb')))).toBe(4);
  });

  it('with an invalid field are refused with field and rule, and create no version', async () => {
    const before = await latest();
    const wrong = {
      storefronts: { 'shop-cn': { ...twoShops().storefronts['shop-cn'], calendar: 'moon' } },
      deadlines: { order: { typo: {} } },
    };
    const answer = await http().post('/settings', { expected: before, document: wrong });
    expect(answer).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'deadlines.order.typo' }, { field: 'storefronts.shop-cn.calendar' }] },
    });
    expect((await http().post('/settings', { expected: before + 1, document: twoShops() })).status).toBe(409);
    expect((await scenario.stack.at('settings', 'service:mia').post('/settings', { expected: before, document: {} })).status).toBe(403);
    expect(await latest()).toBe(before);
  });

  it('are published once per version and copied by every service (I1 to I9)', async () => {
    expect(await scenario.stack.audit()).toEqual([]);
  });

  it('survive a restart of a service', async () => {
    await scenario.stack.stop('order');
    await scenario.stack.start('order');
    expect(Math.round(await purchasingHours(await placed('shop-gb')))).toBe(4);
  });
});
