import { given } from '@orderloom/event-sourcing';
import { deriveId } from '@orderloom/kernel';
import { invariants } from './invariants.js';
import type { RefundEvent } from './refund-facts.js';
import { contractFaults, ids, orderNumber, payment, refundId, requested } from './refunds.fixture.js';
import { refunds } from './refunds.js';

const payer = 'finance-refund-1';
const captured: RefundEvent = { type: 'PaymentCaptured', data: { orderNumber, currency: 'GBP', ...payment } };
const filed = (amount = 10_000): RefundEvent => ({ type: 'RefundRequested', data: requested(amount) });
const approved: RefundEvent = { type: 'RefundApproved', data: { ...ids, approvedBy: ['finance:li'], flow: payer } };
const executing: RefundEvent = { type: 'RefundExecutionStarted', data: { ...ids, idempotencyKey: refundId } };
const failed: RefundEvent = { type: 'RefundFailed', data: { ...ids, reason: 'account closed' } };
const rejected: RefundEvent = { type: 'RefundRejected', data: { ...ids, reason: 'given up', flow: payer } };
const sum = { ...ids, amount: 10_000, currency: 'GBP' };
const paid = (providerReference = 'psp-1', flow = payer): RefundEvent => ({
  type: 'RefundPaid',
  data: { ...sum, providerReference, flow },
});
const bounced: RefundEvent = {
  type: 'RefundBounced',
  data: {
    ...{ ...sum, providerReference: 'psp-1', reason: 'account closed', cause: 'cancelled' },
    ...{ filers: ['flow:cancel-order-1'], flow: 'bounced-refund-1' },
  },
};
const late = (was: string, excess = 0): RefundEvent => ({
  type: 'LatePayoutReported',
  data: { ...sum, providerReference: 'psp-1', method: 'card', was, excess, flow: 'late-payout-1' },
});
const settled = (repaid: number, reason?: string): RefundEvent => ({
  type: 'RefundApplicationSettled',
  data: {
    ...{ ...ids, paid: repaid, rejected: 10_000 - repaid, currency: 'GBP' },
    ...(reason !== undefined && { reason }),
    flow: 'cancel-order-1',
  },
});
const ignored = (reason: string, flow: string): RefundEvent => ({
  type: 'PayoutNoticeIgnored',
  data: { orderNumber, payer, reason, flow },
});
const taken: RefundEvent = { type: 'RefundRequested', data: { ...requested(25_000), refundId: 'refund-2' } };

const cameBack = {
  type: 'RecordPayoutBack',
  ...{ orderNumber, payer, providerReference: 'psp-1', reason: 'account closed', flow: 'bounced-refund-1' },
} as const;
const cameLate = { type: 'RecordLatePayout', orderNumber, payer, providerReference: 'psp-1', flow: 'late-payout-1' } as const;
const another = (amount: number) =>
  ({
    ...({ type: 'RequestRefund', orderNumber, refundId: 'refund-3', cause: 'cancelled', amount, currency: 'GBP' } as const),
    parts: [{ kind: 'goods', amount }],
  }) as const;
const begun = [captured, filed(), approved, executing];

/** The amount that can still be refunded after `events`, to the last minor unit. */
function expectLeft(left: number, ...events: RefundEvent[]): void {
  given(refunds, ...events)
    .when(another(left + 1))
    .thenRefused('refund-exceeds-captured');
  const state = events.reduce(refunds.evolve, refunds.initial);
  expect(refunds.decide({ ...another(left), now: '', by: 'service:anna' }, state)).toHaveLength(1);
  expect(invariants.flatMap((rule) => rule.broken(events.reduce(rule.decider.evolve, rule.decider.initial) as never) ?? [])).toEqual([]);
}

describe('a returned payment (REF-05)', () => {
  it('the refund is not paid any more, and its amount is free again', () => {
    given(refunds, ...begun, paid())
      .when(cameBack)
      .then(bounced);
    expectLeft(20_000, ...begun, paid());
    expectLeft(30_000, ...begun, paid(), bounced);
  });

  it('a payment is returned once, and not if the refund was paid otherwise', () => {
    given(refunds, ...begun, paid(), bounced)
      .when(cameBack)
      .then(ignored('the refund is bounced, and not by this payment', 'bounced-refund-1'));
    given(refunds, ...begun, failed, paid('bank-1'))
      .when(cameBack)
      .then(ignored('the refund is paid, and not by this payment', 'bounced-refund-1'));
  });

  it('a return without payment reference matches a refund stored before such references', () => {
    const { providerReference: _none, ...unnamed } = cameBack;
    given(refunds, ...begun, paid())
      .when(unnamed)
      .then(bounced);
    given(refunds, ...begun, failed, executing, paid())
      .when(unnamed)
      .then(ignored('the refund is paid, and not by this payment', 'bounced-refund-1'));
  });

  it('the return counts even if the provider reports it before the payment is recorded', () => {
    given(refunds, ...begun)
      .when(cameBack)
      .then(bounced);
    expectLeft(30_000, ...begun, bounced, paid());
  });

  it('a return of an unknown payment is ignored', () => {
    given(refunds, captured, filed()).when(cameBack).then(ignored('no refund of this order is paid by it', 'bounced-refund-1'));
  });
});

describe('the decision of finance about a returned payment (REF-05)', () => {
  const flow = 'bounced-refund-1';
  const back = [...begun, paid(), bounced];
  const again = { type: 'FileRefundAgain', ...ids, filedBy: 'finance:li', flow } as const;
  const pay = (providerReference: string) => ({ type: 'RecordRefundPaid', ...ids, providerReference, flow }) as const;
  const refiled = deriveId('refund', refundId, flow);

  it('the amount is paid again by a new application that none of its filers may approve', () => {
    const data = { ...requested(), refundId: refiled, filedBy: 'finance:li', alsoFiledBy: ['flow:cancel-order-1'], flow };
    const instead = { ...data, partOf: refundId, insteadOf: refundId };
    given(refunds, ...back)
      .when(again)
      .then({ type: 'RefundRequested', data: instead });
    expectLeft(20_000, ...back, { type: 'RefundRequested', data: instead });
  });

  it('pays again by an application that who had filed the first one again does not approve either (REF-02)', () => {
    const refiledBy: RefundEvent = { type: 'RefundRefiled', data: { ...ids, filedBy: 'supervisor:zhou' } };
    const filers = ['flow:cancel-order-1', 'supervisor:zhou'];
    const cameBackOf: RefundEvent = { type: 'RefundBounced', data: { ...bounced.data, filers } };
    const before = [captured, filed(), refiledBy, approved, executing, paid()];
    given(refunds, ...before)
      .when(cameBack)
      .then(cameBackOf);
    const data = { ...requested(), refundId: refiled, filedBy: 'finance:li', alsoFiledBy: filers, flow };
    const instead: RefundEvent = { type: 'RefundRequested', data: { ...data, partOf: refundId, insteadOf: refundId } };
    given(refunds, ...before, cameBackOf)
      .when(again)
      .then(instead);
    given(refunds, ...before, cameBackOf, instead)
      .when({ type: 'ApproveRefund', orderNumber, refundId: refiled, approvedBy: ['finance:zhou'], flow: 'finance-refund-2' })
      .thenRefused('own-refund');
  });

  it('a payment otherwise, or a confirmed one, counts as paid', () => {
    for (const reference of ['bank-1', 'psp-1']) {
      given(refunds, ...back)
        .when(pay(reference))
        .then(paid(reference, flow), settled(10_000));
      expectLeft(20_000, ...back, paid(reference, flow));
    }
  });

  it('both are refused if the amount was used meanwhile', () => {
    const refused = (id: string): RefundEvent => ({
      type: 'RefundApplicationRefused',
      data: {
        orderNumber,
        refundId: id,
        amount: 10_000,
        reason: '100.00 GBP is more than the 50.00 GBP that are left since the payment came back',
        flow,
      },
    });
    given(refunds, ...back, taken)
      .when(again)
      .then(refused(refiled));
    given(refunds, ...back, taken)
      .when(pay('bank-1'))
      .then(refused(refundId));
  });

  it('a given-up refund is rejected, and its amount stays free', () => {
    const givenUp: RefundEvent = { type: 'RefundRejected', data: { ...ids, reason: 'given up', flow } };
    given(refunds, ...back)
      .when({ type: 'RejectRefund', ...ids, reason: 'given up', flow })
      .then(givenUp, settled(0, 'given up'));
    expectLeft(30_000, ...back, givenUp);
  });
});

describe('an unexpected late payment (REF-05)', () => {
  const dead = [...begun, failed, rejected];

  it('a late payment of a rejected refund reserves its amount again and is reported', () => {
    given(refunds, ...dead)
      .when(cameLate)
      .then(late('rejected'));
    expectLeft(30_000, ...dead);
    expectLeft(20_000, ...dead, late('rejected'));
  });

  it('the report names the excess over the free amount', () => {
    given(refunds, ...dead, taken)
      .when(cameLate)
      .then(late('rejected', 5000));
  });

  it('a late payment beside one by other means is reported as a second payment', () => {
    given(refunds, ...begun, failed, paid('bank-1'))
      .when(cameLate)
      .then(late('paid'));
    expectLeft(10_000, ...begun, failed, paid('bank-1'), late('paid'));
  });

  it('a late payment of an undecided refund reserves nothing more, and becomes its payment once recorded', () => {
    given(refunds, ...begun, failed)
      .when(cameLate)
      .then(late('failed'));
    expectLeft(20_000, ...begun, failed, late('failed'));
    expectLeft(20_000, ...begun, failed, late('failed'), paid());
    expectLeft(10_000, ...begun, failed, late('failed'), paid('bank-1'));
    expectLeft(20_000, ...begun, failed, late('failed'), rejected);
  });

  it('the payment that is recorded already is not a late payment', () => {
    given(refunds, ...begun, paid())
      .when(cameLate)
      .then(ignored('it is known', 'late-payout-1'));
  });
});

describe('the decision of finance about a late payment (REF-05)', () => {
  const flow = 'late-payout-1';
  const known = [...begun, failed, rejected, late('rejected')];
  const keep = { type: 'KeepLatePayout', ...ids, providerReference: 'psp-1', flow } as const;
  const reclaim = { type: 'RecordPayoutReturned', ...ids, providerReference: 'psp-1', reference: 'claim-1', flow } as const;
  const kept: RefundEvent = { type: 'LatePayoutKept', data: { ...sum, providerReference: 'psp-1', flow } };
  const returned = (reference: string, by = flow): RefundEvent => ({
    type: 'LatePayoutReturned',
    data: { ...sum, providerReference: 'psp-1', reference, flow: by },
  });

  it('the payment counts as the refund if the cap allows it', () => {
    given(refunds, ...known)
      .when(keep)
      .then(paid('psp-1', flow), settled(10_000));
    expectLeft(20_000, ...known, paid('psp-1', flow));
  });

  it('otherwise the customer keeps more than is owed, and nothing more is refunded', () => {
    const over = [...begun, failed, rejected, taken, late('rejected', 5000)];
    given(refunds, ...over)
      .when(keep)
      .then(kept);
    const twice = [...begun, failed, paid('bank-1'), late('paid')];
    given(refunds, ...twice)
      .when(keep)
      .then(kept);
    expectLeft(10_000, ...twice, kept);
    // settled by hand, the customer has it already
    const byHand: RefundEvent = { type: 'BouncedRefundSettled', data: { ...sum, flow: 'bounced-refund-1' } };
    const again = [...begun, paid(), bounced, byHand, late('settled')];
    given(refunds, ...again)
      .when(keep)
      .then(kept);
  });

  it('the amount is free again once the payment is reclaimed or returned', () => {
    given(refunds, ...known)
      .when(reclaim)
      .then(returned('claim-1'));
    given(refunds, ...known)
      .when(cameBack)
      .then(returned('account closed', 'bounced-refund-1'));
    expectLeft(30_000, ...known, returned('claim-1'));
  });

  it('a decision after the return changes nothing', () => {
    given(refunds, ...known, returned('account closed'))
      .when(keep)
      .then(ignored('it came back', flow));
  });

  it('the events of late outcomes satisfy their contracts', () => {
    expect(contractFaults(bounced, late('rejected'), returned('claim-1'), kept, ignored('x', flow))).toEqual([]);
  });
});
