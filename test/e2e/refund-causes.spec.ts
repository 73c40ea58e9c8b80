import { useScenario } from '../support/scenario/scenario.js';

const scenario = useScenario();

describe('a refund with the reason that the customer declared to the marketplace (REF-07)', () => {
  it('carries it from the request to the register; a verification changes the cause, never what was declared', async () => {
    const order = await scenario.placed();
    const { orderNumber } = order;
    const declaredCause = 'out-of-stock';
    await scenario.partners.storefront('CancellationRequested', { orderNumber, reason: 'it never came', declaredCause });
    await scenario.partners.waitAndAnswer(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
    expect((await scenario.partners.task(orderNumber, 'approve-refund')).about).toMatchObject({ cause: 'cancelled', declaredCause });
    await scenario.refunds(order);
    await scenario.flowOutcomes(order);
    const [refund] = (await scenario.register(order)).refunds;
    expect(refund).toMatchObject({ cause: 'cancelled', declaredCause, flagged: true, mismatch: true });

    const service = scenario.stack.at('refund', 'service:mia');
    const path = `/refunds/${orderNumber}/${refund?.refundId}/cause`;
    const unknown = await service.post(path, { cause: 'moonlight', note: 'x' });
    expect([unknown.status, JSON.stringify(unknown.body)]).toEqual([400, expect.stringContaining('cause')]);
    expect((await service.post(path, { cause: 'not-to-be-had', note: 'the supplier had none' })).status).toBe(200);
    const verified = await scenario.partners.fact(orderNumber, 'RefundCauseVerified');
    expect(verified.data).toMatchObject({ cause: 'not-to-be-had', declaredCause, verifiedBy: 'service:mia' });
    expect((await scenario.register(order)).refunds).toMatchObject([
      { cause: 'cancelled', verifiedCause: 'not-to-be-had', declaredCause, flagged: true, mismatch: false },
    ]);
  });
});
