import { given } from '@orderloom/event-sourcing';
import { deriveId } from '@orderloom/kernel';
import { contractFaults, orderNumber, requested } from './refunds.fixture.js';
import type { RefundEvent } from './refund-facts.js';
import { refunds } from './refunds.js';

const captured = (method: string, reference: string): RefundEvent => ({
  type: 'PaymentCaptured',
  data: { orderNumber, currency: 'GBP', method, captured: 1000, reference },
});
const part = (refundId: string, amount: number, reference: string): RefundEvent => ({
  type: 'RefundRequested',
  data: {
    ...{ ...requested(amount), refundId, reference, caseId: 'case-1' },
    ...(refundId === 'first' ? { flow: 'return-1' } : { flow: undefined, partOf: 'first' }),
  },
});
const approved = (refundId: string): RefundEvent => ({
  type: 'RefundApproved',
  data: { orderNumber, refundId, approvedBy: ['finance:li'], flow: `finance-refund-${refundId}` },
});
const paid = (refundId: string, amount: number): RefundEvent => ({
  type: 'RefundPaid',
  data: { orderNumber, refundId, amount, currency: 'GBP', providerReference: `psp-${refundId}`, flow: `finance-refund-${refundId}` },
});
const rejected = (refundId: string): RefundEvent => ({
  type: 'RefundRejected',
  data: { orderNumber, refundId, reason: 'not owed', flow: `finance-refund-${refundId}` },
});
const pay = (refundId: string) =>
  ({ type: 'RecordRefundPaid', orderNumber, refundId, providerReference: `psp-${refundId}`, flow: `finance-refund-${refundId}` }) as const;
const reject = (refundId: string) =>
  ({ type: 'RejectRefund', orderNumber, refundId, reason: 'not owed', flow: `finance-refund-${refundId}` }) as const;
const settled = (sums: {
  paid: number;
  byHand?: number;
  rejected: number;
  reason?: string;
  again?: true;
  filers?: string[];
}): RefundEvent => ({
  type: 'RefundApplicationSettled',
  data: {
    ...{ orderNumber, refundId: 'first', currency: 'GBP', caseId: 'case-1', flow: 'return-1' },
    ...(sums.rejected > 0 && { filers: ['flow:cancel-order-1'] }),
    ...sums,
  },
});
const bounced: RefundEvent = {
  type: 'RefundBounced',
  data: {
    ...{ orderNumber, refundId: 'first', amount: 600, currency: 'GBP', providerReference: 'psp-first', reason: 'closed' },
    ...{ cause: 'cancelled', filers: [], flow: 'bounced-refund-1' },
  },
};
const filed = [
  ...[captured('voucher', 'gift-1'), captured('card', 'pay-1'), part('first', 600, 'gift-1'), part('second', 400, 'pay-1')],
  ...[approved('first'), approved('second')],
];

describe('an application over several payments (REF-05)', () => {
  it('the application has no outcome while one of its refunds has none', () => {
    given(refunds, ...filed)
      .when(pay('first'))
      .then(paid('first', 600));
    given(refunds, ...filed)
      .when(reject('second'))
      .then(rejected('second'));
  });

  it('the application is settled with its last refund, with the paid and the rejected amounts', () => {
    given(refunds, ...filed, paid('first', 600))
      .when(pay('second'))
      .then(paid('second', 400), settled({ paid: 1000, rejected: 0 }));
    given(refunds, ...filed, rejected('second'))
      .when(pay('first'))
      .then(paid('first', 600), settled({ paid: 600, rejected: 400, reason: 'not owed' }));
    given(refunds, ...filed, rejected('first'))
      .when(reject('second'))
      .then(rejected('second'), settled({ paid: 0, rejected: 1000, reason: 'not owed' }));
  });

  it('the application waits for a refund that replaces a returned payment', () => {
    const again: RefundEvent = {
      type: 'RefundRequested',
      data: { ...requested(600), refundId: 'again', reference: 'gift-1', partOf: 'first', insteadOf: 'first', flow: 'bounced-refund-1' },
    };
    const back = [...filed, paid('first', 600), bounced];
    given(refunds, ...back)
      .when(pay('second'))
      .then(paid('second', 400));
    given(refunds, ...back, again, approved('again'))
      .when(pay('second'))
      .then(paid('second', 400));
    given(refunds, ...back, again, approved('again'), paid('second', 400))
      .when(reject('again'))
      .then(rejected('again'), settled({ paid: 400, rejected: 600, reason: 'not owed' }));
  });

  it('after a rejection the outcome names the filers of all refunds, who may not approve a replacement (REF-02)', () => {
    const filers = { filedBy: 'finance:chen', alsoFiledBy: ['flow:cancel-order-1', 'service:anna'] };
    const again: RefundEvent = {
      type: 'RefundRequested',
      data: {
        ...{ ...requested(600), refundId: 'again', reference: 'gift-1', ...filers },
        ...{ partOf: 'first', insteadOf: 'first', flow: 'bounced-refund-1' },
      },
    };
    const refiled: RefundEvent = { type: 'RefundRefiled', data: { orderNumber, refundId: 'again', filedBy: 'supervisor:hao' } };
    const before = [...filed, paid('first', 600), bounced, again, approved('again'), paid('second', 400)];
    const people = ['flow:cancel-order-1', 'finance:chen', 'service:anna'];
    given(refunds, ...before)
      .when(reject('again'))
      .then(rejected('again'), settled({ paid: 400, rejected: 600, reason: 'not owed', filers: people }));
    given(refunds, ...before, refiled)
      .when(reject('again'))
      .then(rejected('again'), settled({ paid: 400, rejected: 600, reason: 'not owed', filers: [...people, 'supervisor:hao'] }));
  });

  it('a returned part is filed again on another payment if its own has no amount left', () => {
    const flow = 'bounced-refund-1';
    const files = { type: 'FileRefundAgain', orderNumber, refundId: 'first', filedBy: 'finance:li', flow } as const;
    const taken = (amount: number, reference: string): RefundEvent => ({
      type: 'RefundRequested',
      data: { ...requested(amount), refundId: `other-${reference}`, reference },
    });
    const back = [...filed, paid('first', 600), paid('second', 400), bounced, taken(401, 'gift-1')];
    const id = deriveId('refund', 'first', flow);
    given(refunds, ...back)
      .when(files)
      .then({
        type: 'RefundRequested',
        data: {
          ...{ ...requested(600), refundId: id, caseId: 'case-1', method: 'card', reference: 'pay-1', flow },
          ...{ filedBy: 'finance:li', alsoFiledBy: ['flow:cancel-order-1'], partOf: 'first', insteadOf: 'first' },
        },
      });
    given(refunds, ...back, taken(1, 'pay-1'))
      .when(files)
      .then({
        type: 'RefundApplicationRefused',
        data: {
          ...{ orderNumber, refundId: id, amount: 600, flow },
          reason: '6.00 GBP is more than the 5.99 GBP that are left since the payment came back',
        },
      });
  });

  it('a returned refund that is settled by hand counts as paid', () => {
    const byHand: RefundEvent = {
      type: 'BouncedRefundSettled',
      data: { orderNumber, refundId: 'first', amount: 600, currency: 'GBP', flow: 'bounced-refund-1' },
    };
    const taken: RefundEvent = { type: 'RefundRequested', data: { ...requested(1000), refundId: 'other', reference: 'gift-1' } };
    const settles = { type: 'RecordRefundSettled', orderNumber, refundId: 'first', flow: 'bounced-refund-1' } as const;
    const back = [...filed, paid('first', 600), bounced, taken];
    given(refunds, ...back)
      .when(settles)
      .then(byHand);
    given(refunds, ...back, byHand)
      .when(pay('second'))
      .then(paid('second', 400), settled({ paid: 1000, byHand: 600, rejected: 0 }));
    given(refunds, ...back, paid('second', 400))
      .when(settles)
      .then(byHand, settled({ paid: 1000, byHand: 600, rejected: 0 }));
    given(refunds, ...back, rejected('second'))
      .when(settles)
      .then(byHand, settled({ paid: 600, byHand: 600, rejected: 400, reason: 'not owed' }));
    given(refunds, ...back, byHand)
      .when(settles)
      .thenNothing();
    given(refunds, ...filed, paid('first', 600))
      .when(settles)
      .thenNothing();
    expect(contractFaults(byHand, settled({ paid: 1000, byHand: 600, rejected: 0 }))).toEqual([]);
  });

  describe('a returned part that was filed again', () => {
    const again: RefundEvent = {
      type: 'RefundRequested',
      data: { ...requested(600), refundId: 'again', reference: 'gift-1', partOf: 'first', insteadOf: 'first', flow: 'bounced-refund-1' },
    };
    const replaced = [...filed, paid('first', 600), paid('second', 400), bounced, again];
    const late: RefundEvent = {
      type: 'LatePayoutReported',
      data: {
        ...{ orderNumber, refundId: 'first', amount: 600, currency: 'GBP', providerReference: 'psp-late', method: 'card' },
        ...{ was: 'bounced', excess: 0, flow: 'late-payout-1' },
      },
    };
    const keeps = { type: 'KeepLatePayout', orderNumber, refundId: 'first', providerReference: 'psp-late', flow: 'late-payout-1' } as const;

    it('a late payment of the first refund is kept by the customer and not counted as the refund', () => {
      const { method: _method, was: _was, excess: _excess, ...payout } = late.data;
      const enough: RefundEvent = {
        type: 'PaymentCaptured',
        data: { orderNumber, currency: 'GBP', method: 'voucher', captured: 1200, reference: 'gift-1' },
      };
      given(refunds, ...replaced, enough, late)
        .when(keeps)
        .then({ type: 'LatePayoutKept', data: payout });
    });

    it('the first refund is neither filed nor paid again', () => {
      const refused = (id: string, flow: string): RefundEvent => ({
        type: 'RefundApplicationRefused',
        data: { orderNumber, refundId: id, amount: 600, reason: 'the refund is filed again', flow },
      });
      const flow = 'bounced-refund-2';
      given(refunds, ...replaced)
        .when({ type: 'FileRefundAgain', orderNumber, refundId: 'first', filedBy: 'finance:li', flow })
        .then(refused(deriveId('refund', 'first', flow), flow));
      given(refunds, ...replaced)
        .when({ type: 'RecordRefundPaid', orderNumber, refundId: 'first', providerReference: 'bank-1', flow })
        .then(refused('first', flow));
    });
  });

  it('a changed outcome is marked with `again`', () => {
    given(refunds, ...filed, paid('first', 600), paid('second', 400), settled({ paid: 1000, rejected: 0 }), bounced)
      .when(reject('first'))
      .then(rejected('first'), settled({ paid: 400, rejected: 600, reason: 'not owed', again: true }));
  });

  it('the outcome satisfies its contract', () => {
    expect(contractFaults(settled({ paid: 600, rejected: 400, reason: 'not owed' }))).toEqual([]);
  });
});
