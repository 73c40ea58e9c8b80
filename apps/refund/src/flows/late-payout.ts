import { effects, defineFlow, narrowInput } from '@orderloom/flows';
import { methodOf, policies } from '../policies.js';

interface LatePayout {
  orderNumber: string;
  payer: string;
  providerReference: string;
  refundId: string;
  amount: number;
  currency: string;
  method: string;
  /** How far the refund was when this payment was heard of. */
  was: string;
  excess: number;
  reference: string;
}

type Input =
  | ({ type: 'LatePayoutReported' } & Omit<LatePayout, 'reference'>)
  | { type: 'RefundPaid' | 'RefundBounced' | 'LatePayoutReturned'; refundId: string; providerReference: string }
  | { type: 'RefundRejected'; refundId: string }
  | { type: 'PayoutReclaimed'; reference: string }
  | { type: 'PayoutCounts' | 'PayoutNotFound' | 'PayoutNoticeIgnored' | 'LatePayoutKept' };

const { ask, inform, remind, send, tell } = effects<LatePayout>();
const ids = ({ orderNumber, refundId }: LatePayout) => ({ orderNumber, refundId });
const sum = (c: LatePayout) => ({ ...ids(c), amount: c.amount, currency: c.currency });
const found = (c: LatePayout) => ({ ...sum(c), providerReference: c.providerReference, was: c.was, excess: c.excess });
const paidLate = tell('REF-05', 'refund-paid-late', (c: LatePayout) => ({ ...sum(c), postingTime: methodOf(c.method).postingTime }));
const nothingToDecide = ['paid', 'rejected', 'bounced'];

const flow = defineFlow<LatePayout, Input>()({
  service: 'refund',
  policies,
  startedBy: {
    PayoutCameLate: ({ orderNumber, payer, providerReference }: LatePayout) => ({
      ...{ orderNumber, payer, providerReference },
      ...{ refundId: '', amount: 0, currency: '', method: '', was: '', excess: 0, reference: '' },
    }),
  },
  listensTo: ['RefundPaid', 'RefundRejected', 'RefundBounced', 'LatePayoutReturned'],
  guards: {
    stillOpen: (_, input) => !nothingToDecide.includes(narrowInput(input, 'LatePayoutReported').was),
    thisRefund: ({ refundId }, input) => narrowInput(input, 'RefundPaid', 'RefundRejected').refundId === refundId,
    thisPayout: ({ refundId, providerReference }, input) => {
      const said = narrowInput(input, 'RefundPaid', 'RefundBounced', 'LatePayoutReturned');
      return said.refundId === refundId && said.providerReference === providerReference;
    },
  },
  notes: {
    noteRefund: (_, input) => {
      const { refundId, amount, currency, method, was, excess } = narrowInput(input, 'LatePayoutReported');
      return { refundId, amount, currency, method, was, excess };
    },
    noteRejected: () => ({ was: 'rejected' }),
    notePaidOtherwise: ({ amount }) => ({ was: 'paid', excess: amount }),
    noteReference: (_, input) => ({ reference: narrowInput(input, 'PayoutReclaimed').reference }),
    noteNotFound: () => ({ reference: 'not found' }),
  },
});

/** REF-05 迟到付款: the provider pays what it had refused, or pays it twice. Finance says whether it counts, or is got back. */
export const latePayout = flow.chart({
  id: 'late-payout',
  version: '1',
  initial: 'matching',
  states: {
    matching: {
      description: 'REF-05',
      entry: send('refund', 'RecordLatePayout', ({ orderNumber, payer, providerReference }) => ({ orderNumber, payer, providerReference })),
      on: {
        LatePayoutReported: [
          { guard: 'stillOpen', target: 'awaiting', actions: 'noteRefund' },
          { target: 'deciding', actions: 'noteRefund' },
        ],
        PayoutNoticeIgnored: 'known',
      },
    },
    /** The refund is not decided yet: its own flow hears of this payment, and counts it as what was asked for. */
    awaiting: {
      description: 'REF-05',
      on: {
        RefundPaid: [
          { guard: 'thisPayout', target: 'counted' },
          { guard: 'thisRefund', target: 'deciding', actions: 'notePaidOtherwise' },
        ],
        RefundRejected: { guard: 'thisRefund', target: 'deciding', actions: 'noteRejected' },
        RefundBounced: { guard: 'thisPayout', target: 'returned' },
        LatePayoutReturned: { guard: 'thisPayout', target: 'returned' },
      },
      after: { refundAlert: { actions: inform('finance', 'late-payout-undecided', found) } },
    },
    deciding: {
      description: 'REF-05',
      entry: ask('finance', 'decide-late-payout', found),
      on: {
        PayoutCounts: 'keeping',
        PayoutReclaimed: { target: 'reclaiming', actions: 'noteReference' },
        PayoutNotFound: { target: 'correcting', actions: 'noteNotFound' },
        LatePayoutReturned: { guard: 'thisPayout', target: 'returned' },
      },
      after: { financeAnswer: { actions: remind('finance') } },
    },
    keeping: {
      description: 'REF-05',
      entry: send('refund', 'KeepLatePayout', (c) => ({ ...ids(c), providerReference: c.providerReference })),
      on: { RefundPaid: { guard: 'thisPayout', target: 'kept' }, LatePayoutKept: 'kept', PayoutNoticeIgnored: 'returned' },
    },
    reclaiming: {
      description: 'REF-05',
      entry: send('refund', 'RecordPayoutReturned', (c) => ({
        ...ids(c),
        providerReference: c.providerReference,
        reference: c.reference,
      })),
      on: { LatePayoutReturned: { guard: 'thisPayout', target: 'reclaimed' }, PayoutNoticeIgnored: 'returned' },
    },
    correcting: {
      description: 'REF-05',
      entry: send('refund', 'RecordPayoutReturned', (c) => ({
        ...ids(c),
        providerReference: c.providerReference,
        reference: c.reference,
      })),
      on: { LatePayoutReturned: { guard: 'thisPayout', target: 'returned' }, PayoutNoticeIgnored: 'returned' },
    },
    known: { type: 'final', description: 'REF-05' },
    counted: { type: 'final', description: 'REF-05', entry: inform('finance', 'late-payout-counted', found) },
    kept: { type: 'final', description: 'REF-05', entry: paidLate },
    reclaimed: { type: 'final', description: 'REF-05', entry: tell('REF-05', 'refund-reclaimed', sum) },
    /** Finance is told by `bounced-refund`, if the provider took it back. */
    returned: { type: 'final', description: 'REF-05' },
  },
});
