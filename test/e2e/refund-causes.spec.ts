import { useScenario } from '../support/scenario/story.js';

const play = useScenario();

describe('a refund with the reason that the customer declared to the marketplace (REF-07)', () => {
  it('carries it from the request to the register; a verification changes the cause, never what was declared', async () => {
    const order = await play.placed();
    const { orderNumber } = order;
    const declaredCause = 'out-of-stock';
    await play.partners.storefront('CancellationRequested', { orderNumber, reason: 'it never came', declaredCause });
    await play.partners.answers(orderNumber, 'loss-on-bought-goods', { type: 'LossAssessed', loss: 0 });
    expect((await play.partners.task(orderNumber, 'approve-refund')).about).toMatchObject({ cause: 'cancelled', declaredCause });
    await play.refunds(order);
    await play.flowOutcomes(order);
    const [refund] = (await play.register(order)).refunds;
    expect(refund).toMatchObject({ cause: 'cancelled', declaredCause, flagged: true, mismatch: true });

    const service = play.stack.at('refund', 'service:mia');
    const path = `/refunds/${orderNumber}/${refund?.refundId}/cause`;
    const unknown = await service.post(path, { cause: 'moonlight', note: 'x' });
    expect([unknown.status, JSON.stringify(unknown.body)]).toEqual([400, expect.stringContaining('cause')]);
    expect((await service.post(path, { cause: 'not-to-be-had', note: 'the supplier had none' })).status).toBe(200);
    const verified = await play.partners.fact(orderNumber, 'RefundCauseVerified');
    expect(verified.data).toMatchObject({ cause: 'not-to-be-had', declaredCause, verifiedBy: 'service:mia' });
    expect((await play.register(order)).refunds).toMatchObject([
      { cause: 'cancelled', verifiedCause: 'not-to-be-had', declaredCause, flagged: true, mismatch: false },
    ]);
  });
});
