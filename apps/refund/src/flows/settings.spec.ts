import { completeSettings } from '@orderloom/contracts';
import { givenFlow } from '@orderloom/flows';
import { StorefrontSettings } from '@orderloom/settings';
import { ids, orderNumber, requested } from '../refunds.fixture.js';
import { financeRefund } from './finance-refund.js';
import { latePayout } from './late-payout.js';

const address = { recipient: 'Returns', street: '1 Quay', city: 'Shanghai', country: 'CN' };
const paymentMethods = {
  alipay: { mailByItself: true, postingTime: 'at once' },
  card: { mailByItself: true, postingTime: '3-5 working days' },
};
const settings = StorefrontSettings.of(
  {
    ...{ version: 3, effectiveFrom: '2010-01-01T00:00:00.000000Z', by: 'operations:olga' },
    document: completeSettings({
      storefronts: {
        main: { country: 'CN', currency: 'CNY', languages: ['zh-CN'], calendar: 'CN', paymentMethods, returns: { address } },
      },
    }),
  },
  'main',
);
const now = undefined;

describe('a refund under the settings at its start (REF-04)', () => {
  const recording = (method: string) =>
    givenFlow(financeRefund, { type: 'RefundRequested', ...requested(10_000, 'service:anna'), method }, now, settings)
      .answered('approve-refund', 'ApprovalGiven', {}, 'finance:li')
      .when('RefundApproved')
      .answered('pay-refund', 'RefundSucceeded', { providerReference: 'psp-1' })
      .when('RefundPaid', { providerReference: 'psp-1' });

  it('finance writes to the customer only for payment methods that require it', () => {
    expect(() => recording('card').task('send-refund-mail')).toThrow('is not asked');
    expect(recording('card').last('CustomerTold').fields).toMatchObject({ postingTime: '3-5 working days' });
    expect(recording('cheque').task('send-refund-mail').about).toMatchObject({ postingTime: '20-30 working days' });
  });

  it('the message about a late payment names the posting time of its method', () => {
    const reported = { ...ids, amount: 10_000, currency: 'CNY', providerReference: 'psp-1', method: 'alipay', was: 'rejected', excess: 0 };
    const flow = givenFlow(
      latePayout,
      { type: 'PayoutCameLate', orderNumber, payer: 'finance-refund-1', providerReference: 'psp-1' },
      now,
      settings,
    )
      .when('LatePayoutReported', reported)
      .answered('decide-late-payout', 'PayoutCounts')
      .when('LatePayoutKept');
    expect(flow.last('CustomerTold', 'refund-paid-late').fields).toMatchObject({ postingTime: 'at once' });
  });
});
