import { execFile } from 'node:child_process';
import { forgotten, storefrontOrders } from '@orderloom/contracts';
import { inDatabases, inLogs, onTopics, occurrencesOf } from '../support/tools/everything.js';
import { anOrder, type Order } from '../support/scenario/orders.js';
import { useScenario } from '../support/scenario/scenario.js';

const scenario = useScenario({ withConsole: true });
const began = Date.now();

/** Somebody whose every word holds a text that stands nowhere else. */
interface Buyer {
  readonly mark: string;
  readonly id: string | null;
  readonly name: string;
  readonly email: string;
  readonly phone: string;
}

const buyer = (mark: string, id: string | null, digits: string): Buyer => {
  const own = String(parseInt(scenario.stack.id.slice(1), 16) % 10_000).padStart(4, '0');
  return { mark, id, name: `Zora ${mark}`, email: `${mark}@Example.test`, phone: `+44 77 0${digits} ${own}` };
};

const addressOf = ({ mark, name }: Buyer, street: string) => ({
  ...{ recipient: name, street: `${street} ${mark} Lane`, city: `${mark} upon Tyne`, postcode: mark.slice(-9), country: 'GB' },
});

const orderOf = (who: Buyer, change: Partial<Order> = {}): Order => {
  const { id, name, email, phone, mark } = who;
  return scenario.order({ customer: { id, name, email, phone }, address: addressOf(who, '1'), notes: `ring twice, ${mark}`, ...change });
};

/** All places where the marks and phones of these buyers can be read, allowed or not. */
async function readableIn(...buyers: Buyer[]): Promise<string[]> {
  const server = process.env['TEST_DATABASE_URL'] ?? '';
  const written = [
    ...(await inDatabases(server, scenario.stack.databases)),
    ...(await onTopics(scenario.stack.log, began, `${scenario.stack.id}-everything-${Date.now()}`)),
    ...inLogs(scenario.stack.logs),
  ];
  const needles = buyers.flatMap(({ mark, phone }) => [mark, phone, phone.replace(/\D/g, ''), phone.replace(/\D/g, '').slice(-9)]);
  return occurrencesOf(written, needles);
}

const forget = (whom: string): Promise<{ code: number; out: string }> =>
  new Promise((resolve) => {
    const env = { PATH: process.env['PATH'], ...scenario.stack.keyRing };
    execFile(process.execPath, ['dist/apps/cli/src/main.js', 'forget', whom], { env }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out: out + err }),
    );
  });

type Found = { orders: { number?: string; orderNumber?: string; email: string; name: string }[] };
const search = async (
  service: 'order' | 'console',
  query: { email?: string; name?: string; phone?: string },
): Promise<(string | undefined)[]> => {
  const { body } = await scenario.stack.at(service, 'service:anna').get<Found>(`/orders?${new URLSearchParams({ ...query }).toString()}`);
  return body.orders.map((order) => order.number ?? order.orderNumber);
};
const timeline = async ({ orderNumber }: Order): Promise<string> =>
  JSON.stringify((await scenario.stack.at('console', 'service:anna').get(`/orders/${orderNumber}/timeline`)).body);

/** Reviewed (it has notes), confirmed and with the warehouse. */
async function released(order: Order): Promise<void> {
  await scenario.partners.waitAndAnswer(order.orderNumber, 'review-order', { type: 'ReviewPassed' });
  await scenario.partners.waitAndAnswer(order.orderNumber, 'confirm-stock', { type: 'StockConfirmed' });
  await scenario.partners.task(order.orderNumber, 'ship-order');
}

interface CaseShown {
  readonly caseId: string;
  readonly text: string;
  readonly evidence: readonly string[];
  readonly handOvers: readonly object[];
}

describe('forgetting a customer during a cancellation with an open refund (I12)', () => {
  let zora: Buyer;
  let guest: Buyer;
  let order: Order;
  let other: Order;
  let bad: Order;

  const parked = async () => {
    const all = (await scenario.stack.at('order', 'operator:olga').parked()) as unknown as readonly {
      id: string;
      key: string;
      record: { text?: string };
    }[];
    return all.filter(({ key }) => key === bad.orderNumber);
  };

  const cases = async (): Promise<readonly CaseShown[]> =>
    (await scenario.stack.at('after-sales', 'service:anna').get<{ cases: CaseShown[] }>(`/cases?orderNumber=${order.orderNumber}`)).body
      .cases;

  /** The buyer reports a problem and shows it; a person hands the case over. */
  async function complains(): Promise<void> {
    const { orderNumber } = order;
    await scenario.partners.storefront('ProblemReported', { orderNumber, kind: 'quality', text: `${zora.mark} sees scratches` });
    await scenario.partners.waitAndAnswer(orderNumber, 'give-evidence', { type: 'EvidenceGiven', items: [`a photo of ${zora.mark}`] });
    await scenario.partners.fact(orderNumber, 'EvidenceRecorded');
    const [opened] = await cases();
    const note = { to: null, problem: `${zora.mark} is angry`, promised: 'an answer', open: 'all' };
    expect((await scenario.stack.at('after-sales', 'service:anna').post(`/cases/${opened?.caseId}/hand-over`, note)).status).toBe(200);
    await scenario.partners.fact(orderNumber, 'CaseHandedOver');
  }

  beforeAll(async () => {
    zora = buyer(`zorawinter${scenario.stack.id.toLowerCase()}`, `Z-${scenario.stack.id}`, '123');
    guest = buyer(`guestsummer${scenario.stack.id.toLowerCase()}`, null, '987');
    order = orderOf(zora);
    other = orderOf(guest);
    bad = orderOf(zora, { total: 1 });
  });

  it('personal data stand in clear only on the storefront’s own topic, before the customer is forgotten', async () => {
    await scenario.partners.places(order);
    await scenario.partners.places(bad);
    await scenario.partners.messages.send({
      topic: storefrontOrders,
      key: bad.orderNumber,
      type: 'OrderPlaced',
      value: `<xml>${JSON.stringify(order)}`,
    });
    const storefront = scenario.stack.at('order', 'storefront:web');
    expect((await storefront.post('/orders', other)).status).toBe(201);
    expect((await storefront.post('/orders', { ...other, customer: zora, total: 1 })).status).toBe(400);
    await released(other);
    await released(order);

    await scenario.partners.storefront('AddressChangeRequested', { orderNumber: order.orderNumber, address: addressOf(zora, '2') });
    const label = await scenario.partners.task(order.orderNumber, 'change-label');
    expect(await scenario.aboutInClear(label)).toMatchObject({ address: addressOf(zora, '2') });
    await scenario.partners.answer(label, { type: 'LabelConfirmed' });
    await scenario.partners.fact(order.orderNumber, 'AddressChanged');
    expect((await scenario.label(order)).body).toMatchObject({ address: addressOf(zora, '2') });

    const { orderNumber } = order;
    await scenario.partners.storefront('CancellationRequested', { orderNumber, reason: `${zora.mark} wants it no more` });
    await scenario.partners.waitAndAnswer(orderNumber, 'hold-order', { type: 'HoldConfirmed' });
    await scenario.partners.waitAndAnswer(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
    await scenario.partners.task(orderNumber, 'approve-refund');
    const { body } = await scenario.stack
      .at('order', 'service:anna')
      .post(`/orders/${other.orderNumber}/cancellation`, { reason: `${guest.mark} as well` });
    expect(body).toMatchObject({ changeId: expect.any(String) });
    await scenario.partners.task(other.orderNumber, 'hold-order');
    await scenario.partners.messages.until('the second bad record waits', async () => (await parked()).length === 2);
    // of each order: the console reads their partitions independently
    for (const [whose, question] of [
      [order, 'approve-refund'],
      [other, 'hold-order'],
    ] as const)
      await scenario.partners.messages.until(
        'the console has the timeline',
        async () => (await timeline(whose)).includes(question),
        whose.orderNumber,
      );

    await complains();
    expect(await readableIn(zora, guest)).toEqual([storefrontOrders]);
  });

  it('the customer is found by e-mail, name and phone, and shown only to roles with permission', async () => {
    for (const service of ['order', 'console'] as const) {
      for (const query of [{ email: zora.email.toUpperCase() }, { name: `${zora.mark} ZORA` }, { phone: zora.phone.replace('+44 ', '0') }])
        expect([service, query, await search(service, query)]).toEqual([
          service,
          query,
          // the console also finds the order of a parked record by the e-mail in it (ORD-06)
          service === 'console' && 'email' in query ? [order.orderNumber, bad.orderNumber] : [order.orderNumber],
        ]);
      expect([service, await search(service, { email: guest.email })]).toEqual([service, [other.orderNumber]]);
    }
    expect((await scenario.stack.at('order', 'service:anna').get(`/orders/${order.orderNumber}`)).body).toMatchObject({
      name: zora.name,
      email: zora.email,
    });
    const shown = await timeline(order);
    for (const text of [zora.name, `2 ${zora.mark} Lane`, `${zora.mark} wants it no more`]) expect(shown).toContain(text);
    expect(await cases()).toEqual([
      expect.objectContaining({
        ...{ text: `${zora.mark} sees scratches`, evidence: [`a photo of ${zora.mark}`] },
        handOvers: [expect.objectContaining({ problem: `${zora.mark} is angry`, promised: 'an answer', open: 'all' })],
      }),
    ]);
    expect((await parked()).map(({ record }) => record.text)).toEqual([JSON.stringify(bad), `<xml>${JSON.stringify(order)}`]);
  });

  it('one command forgets the customer and reports it, also when repeated and for an unknown customer', async () => {
    expect(await forget(zora.id ?? '')).toEqual({ code: 0, out: expect.stringMatching(/^Forgotten: [1-9]\d* keys? w/) });
    expect(await forget(zora.id ?? '')).toEqual({ code: 0, out: expect.stringContaining('Already forgotten') });
    expect(await forget('nobody@example.test')).toEqual({ code: 1, out: expect.stringContaining('Unknown customer') });
  });

  it('shows a placeholder everywhere and finds the customer no more; other customers are unchanged', async () => {
    await scenario.partners.messages.until('it shows', async () => !(await timeline(order)).includes(zora.mark), order.orderNumber);
    expect(await timeline(order)).toContain(`the customer asked to cancel the order: ${forgotten}`);
    const row = async () => (await scenario.stack.at('order', 'service:anna').get(`/orders/${order.orderNumber}`)).body;
    await scenario.partners.messages.until('it shows', async () => (await row())['name'] === forgotten);
    expect(await row()).toMatchObject({ email: forgotten, phone: forgotten });
    for (const service of ['order', 'console'] as const) {
      for (const query of [{ email: zora.email }, { name: zora.name }, { phone: zora.phone }])
        expect(await search(service, query)).toEqual([]);
      expect([service, await search(service, { email: guest.email })]).toEqual([service, [other.orderNumber]]);
    }
    await scenario.partners.messages.until('it shows', async () => (await cases())[0]?.text === forgotten);
    expect(await cases()).toEqual([
      expect.objectContaining({ evidence: [forgotten], handOvers: [expect.objectContaining({ problem: forgotten, promised: forgotten })] }),
    ]);
    await scenario.partners.messages.until('it shows', async () => (await scenario.label(order)).status === 410);
    expect((await scenario.label(order)).body.detail).toContain('was forgotten');
    expect((await scenario.stack.at('console', 'analyst:ada').get('/summary')).status).toBe(200);
  });

  it('still pays the refund and closes the case: both flows run to their end', async () => {
    await scenario.refunds(order);
    await scenario.partners.waitAndAnswer(order.orderNumber, 'work-case', {
      type: 'CaseWorked',
      outcome: 'explained',
      cause: 'none',
      note: 'told',
    });
    expect(await scenario.flowOutcomes(order)).toEqual(
      expect.arrayContaining(['cancel-order: cancelled', 'finance-refund: told', 'fulfil-order: cancelled', 'work-case: closed']),
    );
    expect((await scenario.register(order)).refunds).toMatchObject([{ amount: 2547, status: 'paid', cause: 'cancelled' }]);
  });

  it('leaves parked records that show the placeholder and can only be dismissed', async () => {
    const operator = scenario.stack.at('order', 'operator:olga');
    for (const left of [2, 1]) {
      const [first] = await parked();
      expect(first?.record.text).toBe(forgotten);
      expect((await operator.post(`/parked/${first?.id}/redrive`, {})).body).toMatchObject({ handled: 0 });
      const again = (await parked())[0] as unknown as { reason: string };
      expect(again.reason).toContain('the customer was forgotten');
      expect((await operator.post(`/parked/${first?.id}/dismissal`, { reason: 'forgotten' })).status).toBe(200);
      expect(await parked()).toHaveLength(left - 1);
    }
  });

  it('the same customer may order again; forgotten data stay forgotten', async () => {
    const again = orderOf(zora);
    await scenario.partners.places(again);
    await released(again);
    await scenario.partners.messages.until('it is found', async () => (await search('console', { email: zora.email })).length > 0);
    for (const service of ['order', 'console'] as const) expect(await search(service, { email: zora.email })).toEqual([again.orderNumber]);
    expect(await timeline(order)).not.toContain(zora.mark);
    await scenario.ships(again);
    await scenario.partners.waitAndAnswer(other.orderNumber, 'hold-order', { type: 'HoldDenied', reason: 'picked' });
    await scenario.ships(other);
    for (const one of [again, other]) await scenario.flowOutcomes(one);
    expect(await readableIn(zora, guest)).toEqual([storefrontOrders]);
  });

  it('sealed data of another customer cannot be read by copying it into a new record', async () => {
    const sealed = scenario.partners.received(other.orderNumber, 'OrderPlaced', 'order.events')[0]?.data.customer.name as string;
    const forged = anOrder(scenario.stack.nextNumber(), { customer: { id: null, name: sealed, email: 'eve@example.test' } });
    await scenario.partners.places(forged);
    const found = await scenario.partners.messages.until('it is parked', async () =>
      (await scenario.stack.at('order', 'operator:olga').parked()).find((p) => p.key === forged.orderNumber),
    );
    expect(found.errors).toEqual([{ field: 'customer.name', message: 'must be clear text, but it is sealed' }]);
    await scenario.stack.at('order', 'operator:olga').post(`/parked/${found.id}/dismissal`, { reason: 'forged' });
  });
});
