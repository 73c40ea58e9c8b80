import { defineFlow, end, type FactOf, notation, starts } from '@orderloom/flows';
import { defaultStorefrontSettings, paymentMethodSettings, policies, type StorefrontSettings } from '../policies.js';
import type { RefundCommand } from '../refund-facts.js';

interface LatePayout extends FactOf<'PayoutCameLate'> {
  readonly refundId: string;
  readonly amount: number;
  readonly currency: string;
  readonly method: string;
  /** Status of the refund when this payment was reported. */
  readonly was: string;
  readonly excess: number;
  readonly reference: string;
  /** REF-04, by the settings at the start; absent in cases that began before they were kept. */
  readonly paymentMethods?: StorefrontSettings['storefront']['paymentMethods'];
}

const { asking, inform, keep, send, set, tell } = notation<LatePayout, { refund: RefundCommand }>();

/** REF-05 迟到付款: the provider pays what it had refused, or pays it twice. Finance says whether it counts, or is got back. */
export const latePayout = defineFlow<LatePayout>()({
  service: 'refund',
  policies,
  startedBy: {
    PayoutCameLate: (fact, { storefront: { paymentMethods } }: StorefrontSettings = defaultStorefrontSettings) => ({
      ...starts({ refundId: '', amount: 0, currency: '', method: '', was: '', excess: 0, reference: '' })(fact),
      paymentMethods,
    }),
  },
  listensTo: ['RefundPaid', 'RefundRejected', 'RefundBounced', 'LatePayoutReturned'],
}).chart({
  id: 'late-payout',
  version: '1',
  initial: 'matching',
  states: {
    matching: {
      description: 'REF-05',
      entry: send('refund', 'RecordLatePayout', ({ orderNumber, payer, providerReference }) => ({ orderNumber, payer, providerReference })),
      on: {
        LatePayoutReported: [
          { guard: stillOpen, target: 'awaiting', actions: keep('refundId', 'amount', 'currency', 'method', 'was', 'excess') },
          { target: 'deciding', actions: keep('refundId', 'amount', 'currency', 'method', 'was', 'excess') },
        ],
        PayoutNoticeIgnored: 'known',
      },
    },
    /** The refund is not decided yet: its own flow hears of this payment, and counts it as what was asked for. */
    awaiting: {
      description: 'REF-05',
      on: {
        RefundPaid: [
          { guard: thisPayout, target: 'counted' },
          { guard: thisRefund, target: 'deciding', actions: notePaidOtherwise },
        ],
        RefundRejected: { guard: thisRefund, target: 'deciding', actions: set({ was: 'rejected' }) },
        RefundBounced: { guard: thisPayout, target: 'returned' },
        LatePayoutReturned: { guard: thisPayout, target: 'returned' },
      },
      after: { refundAlert: { actions: inform('finance', 'late-payout-undecided', found) } },
    },
    deciding: asking('REF-05', 'decide-late-payout', found, {
      on: {
        PayoutCounts: 'keeping',
        PayoutReclaimed: { target: 'reclaiming', actions: keep('reference') },
        PayoutNotFound: { target: 'correcting', actions: set({ reference: 'not found' }) },
        LatePayoutReturned: { guard: thisPayout, target: 'returned' },
      },
      remindedAfter: 'financeAnswer',
    }),
    keeping: {
      description: 'REF-05',
      entry: send('refund', 'KeepLatePayout', payout),
      on: { RefundPaid: { guard: thisPayout, target: 'kept' }, LatePayoutKept: 'kept', PayoutNoticeIgnored: 'returned' },
    },
    reclaiming: {
      description: 'REF-05',
      entry: send('refund', 'RecordPayoutReturned', reclaimed),
      on: { LatePayoutReturned: { guard: thisPayout, target: 'reclaimed' }, PayoutNoticeIgnored: 'returned' },
    },
    correcting: {
      description: 'REF-05',
      entry: send('refund', 'RecordPayoutReturned', reclaimed),
      on: { LatePayoutReturned: { guard: thisPayout, target: 'returned' }, PayoutNoticeIgnored: 'returned' },
    },
    known: end('REF-05'),
    counted: end('REF-05', inform('finance', 'late-payout-counted', found)),
    kept: end('REF-05', tell('REF-05', 'refund-paid-late', posting)),
    reclaimed: end('REF-05', tell('REF-05', 'refund-reclaimed', sum)),
    /** Finance is told by `bounced-refund`, if the provider took it back. */
    returned: end('REF-05'),
  },
});

function ids({ orderNumber, refundId }: LatePayout) {
  return { orderNumber, refundId };
}
function sum(c: LatePayout) {
  return { ...ids(c), amount: c.amount, currency: c.currency };
}
function posting(c: LatePayout) {
  const { paymentMethods } = { ...defaultStorefrontSettings.storefront, ...c };
  return { ...sum(c), postingTime: paymentMethodSettings(paymentMethods, c.method).postingTime };
}
function found(c: LatePayout) {
  return { ...sum(c), providerReference: c.providerReference, was: c.was, excess: c.excess };
}
function payout(c: LatePayout) {
  return { ...ids(c), providerReference: c.providerReference };
}
function reclaimed(c: LatePayout) {
  return { ...payout(c), reference: c.reference };
}

function stillOpen(_: LatePayout, { was }: FactOf<'LatePayoutReported'>) {
  return !['paid', 'rejected', 'bounced', 'settled'].includes(was);
}
function thisRefund({ refundId }: LatePayout, input: { readonly refundId: string }) {
  return input.refundId === refundId;
}
function thisPayout(c: LatePayout, input: { readonly refundId: string; readonly providerReference: string }) {
  return thisRefund(c, input) && input.providerReference === c.providerReference;
}

function notePaidOtherwise({ amount }: LatePayout) {
  return { was: 'paid', excess: amount };
}
