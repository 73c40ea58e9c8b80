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

describe('an application that several payments bear (REF-05)', () => {
  it('has no outcome as long as one of its refunds has none', () => {
    given(refunds, ...filed)
      .when(pay('first'))
      .then(paid('first', 600));
    given(refunds, ...filed)
      .when(reject('second'))
      .then(rejected('second'));
  });

  it('is settled with the last of them, whichever that is, with what was paid and what was rejected', () => {
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

  it('waits for what is filed anew since a payment came back', () => {
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

  it('names who filed any of its refunds, where one is rejected: they approve none that takes its place (REF-02)', () => {
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

  it('of which a part came back has that part filed again at another payment, where its own has no room any more', () => {
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

  it('waits for what is settled by hand, since a payment came back and its sum was taken: that counts as paid', () => {
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

  describe('of which a part came back and was filed again', () => {
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

    it('is not paid by the first payment as well, where the provider makes it after all', () => {
      const { method: _method, was: _was, excess: _excess, ...payout } = late.data;
      const enough: RefundEvent = {
        type: 'PaymentCaptured',
        data: { orderNumber, currency: 'GBP', method: 'voucher', captured: 1200, reference: 'gift-1' },
      };
      given(refunds, ...replaced, enough, late)
        .when(keeps)
        .then({ type: 'LatePayoutKept', data: payout });
    });

    it('is neither filed nor paid once more', () => {
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

  it('says so where it had another outcome before', () => {
    given(refunds, ...filed, paid('first', 600), paid('second', 400), settled({ paid: 1000, rejected: 0 }), bounced)
      .when(reject('first'))
      .then(rejected('first'), settled({ paid: 400, rejected: 600, reason: 'not owed', again: true }));
  });

  it('is as its contract says', () => {
    expect(contractFaults(settled({ paid: 600, rejected: 400, reason: 'not owed' }))).toEqual([]);
  });
});
