import { eventsTopicOf } from '@orderloom/contracts';
import { given } from '@orderloom/event-sourcing';
import { messageFaults } from '@orderloom/flows';
import { orderNumber } from './refunds.fixture.js';
import { type PayoutEvent, payouts } from './payouts.js';

const payer = 'finance-refund-1';
const ids = { orderNumber, payer };
const succeeded = (providerReference = 'psp-1', taskId = `${payer}.7`): PayoutEvent => ({
  type: 'PayoutSucceeded',
  data: { ...ids, taskId, providerReference },
});
const failed = (taskId = `${payer}.7`): PayoutEvent => ({ type: 'PayoutFailed', data: { ...ids, taskId, reason: 'account closed' } });
const cameBack: PayoutEvent = { type: 'PayoutCameBack', data: { ...ids, providerReference: 'psp-1', reason: 'account closed' } };
const cameLate = (providerReference = 'psp-1'): PayoutEvent => ({ type: 'PayoutCameLate', data: { ...ids, providerReference } });
const hear = (said: { providerReference: string } | { reason: string }, taskId = `${payer}.7`, wasOver = false) =>
  ({ type: 'HearProvider', ...ids, taskId, said, wasOver }) as const;
const success = hear({ providerReference: 'psp-1' });
const failure = hear({ reason: 'account closed' });

describe('a report of the provider about a payment (REF-05)', () => {
  it("the first report is only recorded, since the refund's own flow handles it", () => {
    given(payouts).when(success).then(succeeded());
    given(payouts).when(failure).then(failed());
  });

  it('a repeated report changes nothing, even for another task of the same payment', () => {
    given(payouts, succeeded()).when(success).thenNothing();
    given(payouts, failed()).when(failure).thenNothing();
    given(payouts, failed(), succeeded('psp-1', `${payer}.12`))
      .when(success)
      .then(succeeded());
  });

  it('a failure after a success is a returned payment', () => {
    given(payouts, succeeded()).when(failure).then(failed(), cameBack);
    given(payouts, succeeded(), failed(), cameBack).when(failure).thenNothing();
  });

  it('a success after a failure is a late payment', () => {
    given(payouts, failed()).when(success).then(succeeded(), cameLate());
    given(payouts, succeeded(), failed(), cameBack).when(success).then(succeeded(), cameLate());
  });

  it('a success under a second reference is a second payment', () => {
    given(payouts, succeeded())
      .when(hear({ providerReference: 'psp-2' }))
      .then(succeeded('psp-2'), cameLate('psp-2'));
    given(payouts, failed(), succeeded('psp-1', `${payer}.12`))
      .when(hear({ providerReference: 'psp-2' }))
      .then(succeeded('psp-2'), cameLate('psp-2'));
  });

  it('a failure of another task than the paid one changes nothing', () => {
    given(payouts, failed(), succeeded('psp-1', `${payer}.12`))
      .when(failure)
      .thenNothing();
  });

  it('a first report after the end of the flow is compared with the outcome of the flow', () => {
    given(payouts)
      .when(hear({ reason: 'account closed' }, `${payer}.7`, true))
      .then(failed(), { type: 'PayoutCameBack', data: { ...ids, reason: 'account closed' } });
    given(payouts)
      .when(hear({ providerReference: 'psp-1' }, `${payer}.7`, true))
      .then(succeeded(), cameLate());
  });

  it('the messages about payments satisfy their contracts', () => {
    for (const { type, data } of [cameBack, cameLate()]) expect(messageFaults(eventsTopicOf('refund'), type, data)).toEqual([]);
  });
});
