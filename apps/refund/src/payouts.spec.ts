import { eventsOf } from '@orderloom/contracts';
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

describe('what a provider says of a payment (REF-05)', () => {
  it('is the paying flow’s alone the first time', () => {
    given(payouts).when(success).then(succeeded());
    given(payouts).when(failure).then(failed());
  });

  it('is nothing new the second time, also for the task by which the same payment was asked for again', () => {
    given(payouts, succeeded()).when(success).thenNothing();
    given(payouts, failed()).when(failure).thenNothing();
    given(payouts, failed(), succeeded('psp-1', `${payer}.12`))
      .when(success)
      .then(succeeded());
  });

  it('that it failed after all is a payment that came back', () => {
    given(payouts, succeeded()).when(failure).then(failed(), cameBack);
    given(payouts, succeeded(), failed(), cameBack).when(failure).thenNothing();
  });

  it('that it was made after all is a late payment', () => {
    given(payouts, failed()).when(success).then(succeeded(), cameLate());
    given(payouts, succeeded(), failed(), cameBack).when(success).then(succeeded(), cameLate());
  });

  it('under a second reference is a second payment', () => {
    given(payouts, succeeded())
      .when(hear({ providerReference: 'psp-2' }))
      .then(succeeded('psp-2'), cameLate('psp-2'));
    given(payouts, failed(), succeeded('psp-1', `${payer}.12`))
      .when(hear({ providerReference: 'psp-2' }))
      .then(succeeded('psp-2'), cameLate('psp-2'));
  });

  it('of a failure is none of a payment where another task had paid', () => {
    given(payouts, failed(), succeeded('psp-1', `${payer}.12`))
      .when(failure)
      .thenNothing();
  });

  it('for the first time after the flow had ended contradicts what that flow had heard', () => {
    given(payouts)
      .when(hear({ reason: 'account closed' }, `${payer}.7`, true))
      .then(failed(), { type: 'PayoutCameBack', data: { ...ids, reason: 'account closed' } });
    given(payouts)
      .when(hear({ providerReference: 'psp-1' }, `${payer}.7`, true))
      .then(succeeded(), cameLate());
  });

  it('is as its contract says', () => {
    for (const { type, data } of [cameBack, cameLate()]) expect(messageFaults(eventsOf('refund'), type, data)).toEqual([]);
  });
});
