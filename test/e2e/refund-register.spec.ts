import { parse } from 'csv-parse/sync';
import { useScenario } from '../support/scenario/scenario.js';

const scenario = useScenario();

describe('the refund register (REF-06)', () => {
  it('lists each refund with its cause and status, and finance gets it as JSON, page by page, and as CSV', async () => {
    const [paid, open] = [await scenario.placed(), await scenario.placed()];
    for (const { orderNumber } of [paid, open]) {
      await scenario.partners.storefront('CancellationRequested', { orderNumber, reason: 'ordered twice', declaredCause: 'out-of-stock' });
      await scenario.partners.waitAndAnswer(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
      await scenario.partners.task(orderNumber, 'approve-refund');
    }
    await scenario.refunds(paid);
    await scenario.flowOutcomes(paid);

    type Page = { readonly refunds: readonly Record<string, unknown>[] };
    const finance = scenario.stack.at('refund', 'finance:li');
    const list = async (query: string) => (await finance.get<Page>(`/refunds${query}`)).body.refunds;
    const ofPaid = { orderNumber: paid.orderNumber, cause: 'cancelled', declaredCause: 'out-of-stock', status: 'paid', open: false };
    expect(await list(`?orderNumber=${paid.orderNumber}`)).toMatchObject([{ ...ofPaid, amount: paid['total'], ageDays: 0 }]);
    expect(await list('?open=true')).toMatchObject([{ orderNumber: open.orderNumber, status: 'requested' }]);
    const [first] = await list('?limit=1');
    const [second] = await list(`?limit=1&after=${String(first?.['refundId'])}`);
    expect(new Set([first, second].map((refund) => refund?.['orderNumber']))).toEqual(new Set([paid.orderNumber, open.orderNumber]));

    const csv = await finance.text('/refunds?status=paid', 'text/csv');
    expect(csv.status).toBe(200);
    expect(parse(csv.body, { columns: true })).toMatchObject([{ ...ofPaid, open: 'false', amount: String(paid['total']) }]);

    const { body } = await finance.get<{ causes: object[] }>('/refund-causes');
    expect(body.causes).toMatchObject([{ cause: 'cancelled', declaredCause: 'out-of-stock', refunds: 2, mismatches: 2, verified: 0 }]);
  });

  it.each([
    ['a parameter that does not exist', 'finance:li', '?state=paid', 400, 'state'],
    ['a status that does not exist', 'finance:li', '?status=lost', 400, 'status'],
    ['a date that is none', 'finance:li', '?from=2026-02-30', 400, 'from'],
    ['a page of more than 500', 'finance:li', '?limit=501', 400, 'limit'],
    ['a storefront', 'storefront:web', '', 403, 'role storefront'],
  ])('%s is refused, and the error names it', async (_, who, query, status, named) => {
    const refused = await scenario.stack.at('refund', who).get(`/refunds${query}`);
    expect([refused.status, JSON.stringify(refused.body)]).toEqual([status, expect.stringContaining(named)]);
  });
});
