import { withClient } from '@orderloom/dev-services';
import type { Order } from '../support/scenario/orders.js';
import { useScenario } from '../support/scenario/scenario.js';

const scenario = useScenario({ only: ['order', 'logistics', 'refund'] });

const http = (who = 'operator:olga') => scenario.stack.at('order', who);
const repairsOf = async (flowId: string) =>
  (await http().get<readonly { of: string }[]>('/repairs')).body.filter(({ of }) => of === flowId);

/** Sets where the order's fulfilment stands in its row to what no chart knows, or back; its id. */
async function misplace({ orderNumber }: Order, state: string): Promise<string> {
  const flow = (await http().flows(orderNumber)).find((f) => f.flow === 'fulfil-order');
  if (!flow) throw new Error(`nothing fulfils ${orderNumber}`);
  await withClient(scenario.stack.databaseOf('order'), (client) =>
    client.query(`update flows set row = jsonb_set(row, '{snapshot,value}', $2::jsonb) where key = $1`, [flow.flowId, state]),
  );
  return flow.flowId;
}

/** An order whose fulfilment is parked at the answer of purchasing. */
async function parkedAtAnswer() {
  const order = await scenario.placed();
  const flowId = await misplace(order, '"nowhere"');
  await scenario.partners.answer(await scenario.partners.task(order.orderNumber, 'confirm-stock'), { type: 'StockConfirmed' });
  const [said] = await scenario.partners.messages.until(
    'it says that it is parked',
    () => {
      const found = scenario.partners.received(order.orderNumber, 'FlowParked', '.flows');
      return found.length > 0 && found;
    },
    order.orderNumber,
  );
  expect(said?.data).toMatchObject({ flowId, input: { type: 'StockConfirmed' } });
  expect((await http().parkedFlows()).map((f) => f.flowId)).toContain(flowId);
  return { order, flowId };
}

describe('a parked flow', () => {
  it('stays parked when redriven before its cause is fixed, continues afterwards, and records who acted', async () => {
    const order = await scenario.placed();
    const [flow] = (await http().flows(order.orderNumber)).filter((f) => f.flow === 'fulfil-order');
    const { order: parked, flowId } = await parkedAtAnswer();
    expect((await http('operator:kim').post(`/flows/${flowId}/redrive`, {})).body).toMatchObject({ result: 'parked' });
    await misplace(parked, JSON.stringify((flow as unknown as { state: unknown }).state));
    expect((await http('supervisor:wang').post(`/flows/${flowId}/redrive`, {})).body).toMatchObject({ result: 'moved' });
    await scenario.ships(parked);
    expect(await scenario.flowOutcomes(parked)).toEqual(['fulfil-order: dispatched', 'ship-order: shipped']);
    expect(await repairsOf(flowId)).toMatchObject([
      { what: 'flow', did: 'redriven', by: 'supervisor:wang', type: 'StockConfirmed', key: parked.orderNumber },
      { what: 'flow', did: 'tried', by: 'operator:kim' },
    ]);
  });

  it('ends as dismissed with the reason and the operator; other roles may not dismiss it', async () => {
    const { order, flowId } = await parkedAtAnswer();
    const dismissal = { reason: 'shipped from the shop' };
    expect((await http('service:anna').post(`/flows/${flowId}/dismissal`, dismissal)).status).toBe(403);
    expect((await http().post(`/flows/${flowId}/dismissal`, {})).body).toMatchObject({ status: 400, errors: [{ field: 'reason' }] });
    expect((await http().post(`/flows/${flowId}/dismissal`, { ...dismissal, ticket: 'T-7' })).body).toEqual({ flowId, dismissed: true });
    const kept = await scenario.partners.fact(order.orderNumber, 'FieldsKept');
    expect(kept.data).toMatchObject({ of: 'DismissFlow', on: 'http', fields: [{ field: 'ticket' }] });
    expect((await http().post(`/flows/${flowId}/dismissal`, dismissal)).status).toBe(409);
    await scenario.partners.messages.until(
      'it says so',
      () => scenario.partners.received(order.orderNumber, 'FlowDismissed', '.flows').length === 1,
      order.orderNumber,
    );
    expect((await http().flows(order.orderNumber)).find((f) => f.flowId === flowId)).toMatchObject({
      status: 'ended',
      outcome: 'dismissed',
    });
    expect(await repairsOf(flowId)).toMatchObject([{ did: 'dismissed', by: 'operator:olga', ...dismissal }]);
    expect(await scenario.stack.audit()).toEqual([]);
  });
});
