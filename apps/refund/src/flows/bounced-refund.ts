import { effects, defineFlow, narrowInput } from '@orderloom/flows';
import { isOther } from '../segregation-of-duties.js';
import { policies } from '../policies.js';

interface Bounced {
  orderNumber: string;
  payer: string;
  providerReference: string | undefined;
  refundId: string;
  amount: number;
  currency: string;
  cause: string;
  caseId: string | undefined;
  /** Why the provider took it back; then why finance gave it up, or why it can't be paid again. */
  reason: string;
  filers: readonly string[];
  filedBy: string;
  paidBy: string;
}

type Known = Pick<Bounced, 'refundId' | 'amount' | 'currency'> & {
  cause?: string;
  caseId?: string;
  filers?: readonly string[];
  providerReference: string;
};

type Input =
  | ({ type: 'RefundBounced' | 'LatePayoutReturned' } & Known)
  | { type: 'PayAgain' | 'RefundFiledAgain'; by: string }
  | { type: 'PaidOtherwise' | 'RefundPaidOtherwise' | 'PayoutStands'; reference: string; by: string }
  | { type: 'RejectionUpheld'; explanation: string }
  | { type: 'PayoutGivenUp' | 'RefundApplicationRefused' | 'PayoutNoticeIgnored'; reason: string }
  | { type: 'RefundRequested' | 'RefundPaid' | 'RefundRejected' | 'RefundSettledByHand' };

const { ask, inform, remind, send, tell } = effects<Bounced>();
const ids = ({ orderNumber, refundId }: Bounced) => ({ orderNumber, refundId });
const sum = (c: Bounced) => ({ ...ids(c), amount: c.amount, currency: c.currency });
const why = (c: Bounced) => ({ ...sum(c), reason: c.reason });
const rejection = (c: Bounced) => ({ ...why(c), cause: c.cause, ...(c.caseId === undefined ? {} : { caseId: c.caseId }) });
const payout = (c: Bounced) => ({ ...ids(c), providerReference: c.paidBy });

const flow = defineFlow<Bounced, Input>()({
  service: 'refund',
  policies,
  startedBy: {
    PayoutCameBack: ({ orderNumber, payer, providerReference, reason }: Bounced) => ({
      ...{ orderNumber, payer, providerReference, reason },
      ...{ refundId: '', amount: 0, currency: '', cause: 'other', caseId: undefined, filers: [], filedBy: '', paidBy: '' },
    }),
  },
  guards: { notWhoFiled: ({ filers }, input) => isOther(narrowInput(input, 'RefundPaidOtherwise').by, ...filers) },
  notes: {
    noteRefund: (_, input) => {
      const {
        refundId,
        amount,
        currency,
        cause = 'other',
        caseId,
        filers = [],
        providerReference,
      } = narrowInput(input, 'RefundBounced', 'LatePayoutReturned');
      return { refundId, amount, currency, cause, caseId, filers, providerReference };
    },
    noteFiler: (_, input) => ({ filedBy: narrowInput(input, 'PayAgain', 'RefundFiledAgain').by }),
    notePaid: (_, input) => ({ paidBy: narrowInput(input, 'PaidOtherwise', 'RefundPaidOtherwise', 'PayoutStands').reference }),
    noteExplanation: (_, input) => ({ reason: narrowInput(input, 'RejectionUpheld').explanation }),
    noteReason: (_, input) => ({ reason: narrowInput(input, 'PayoutGivenUp', 'RefundApplicationRefused').reason }),
  },
});

/** REF-05 退款退回: a payment that the provider had reported as made came back. The sum is free again, and finance decides. */
export const bouncedRefund = flow.chart({
  id: 'bounced-refund',
  version: '1',
  initial: 'matching',
  states: {
    matching: {
      description: 'REF-05',
      entry: send('refund', 'RecordPayoutBack', ({ orderNumber, payer, providerReference, reason }) => ({
        ...{ orderNumber, payer, reason },
        ...(providerReference === undefined ? {} : { providerReference }),
      })),
      on: {
        RefundBounced: { target: 'deciding', actions: 'noteRefund' },
        LatePayoutReturned: { target: 'lateReturned', actions: 'noteRefund' },
        PayoutNoticeIgnored: 'ignored',
      },
    },
    deciding: {
      description: 'REF-05',
      entry: ask('finance', 'decide-bounced-refund', (c) => ({ ...rejection(c), providerReference: c.providerReference })),
      on: {
        PayAgain: { target: 'filing', actions: 'noteFiler' },
        PaidOtherwise: { target: 'recording', actions: 'notePaid' },
        PayoutStands: { target: 'confirming', actions: 'notePaid' },
        PayoutGivenUp: { target: 'decidingRejection', actions: 'noteReason' },
      },
      after: { financeAnswer: { actions: remind('finance') } },
    },
    decidingRejection: {
      description: 'REF-05',
      entry: ask('supervisor', 'decide-rejected-refund', rejection),
      on: {
        RefundFiledAgain: { target: 'filing', actions: 'noteFiler' },
        RefundPaidOtherwise: { guard: 'notWhoFiled', target: 'recording', actions: 'notePaid' },
        RejectionUpheld: { target: 'rejecting', actions: 'noteExplanation' },
      },
      after: { supervisorAnswer: { actions: remind('supervisor') } },
    },
    filing: {
      description: 'REF-01',
      entry: send('refund', 'FileRefundAgain', (c) => ({ ...ids(c), filedBy: c.filedBy })),
      on: { RefundRequested: 'filed', RefundApplicationRefused: { target: 'settling', actions: 'noteReason' } },
    },
    recording: {
      description: 'REF-05',
      entry: send('refund', 'RecordRefundPaid', payout),
      on: { RefundPaid: 'paidOtherwise', RefundApplicationRefused: { target: 'settling', actions: 'noteReason' } },
    },
    confirming: {
      description: 'REF-05',
      entry: send('refund', 'RecordRefundPaid', payout),
      on: { RefundPaid: 'stands', RefundApplicationRefused: { target: 'settling', actions: 'noteReason' } },
    },
    rejecting: {
      description: 'REF-05',
      entry: send('refund', 'RejectRefund', (c) => ({ ...ids(c), reason: c.reason })),
      on: { RefundRejected: 'givenUp' },
    },
    settling: {
      description: 'REF-03',
      entry: ask('supervisor', 'settle-refund', ({ orderNumber, amount, currency, reason }) => ({ orderNumber, amount, currency, reason })),
      on: { RefundSettledByHand: 'settled' },
      after: { supervisorAnswer: { actions: remind('supervisor') } },
    },
    /** From here on a refund of its own, approved and paid as any other. */
    filed: { type: 'final', description: 'REF-05', entry: tell('REF-05', 'refund-came-back', sum) },
    paidOtherwise: {
      type: 'final',
      description: 'REF-05',
      entry: tell('REF-05', 'refund-paid-otherwise', (c) => ({ ...sum(c), reference: c.paidBy })),
    },
    stands: {
      type: 'final',
      description: 'REF-05',
      entry: tell('REF-05', 'refund-confirmed', (c) => ({ ...sum(c), reference: c.paidBy })),
    },
    settled: { type: 'final', description: 'REF-05', entry: tell('REF-05', 'refund-settled', sum) },
    givenUp: {
      type: 'final',
      description: 'REF-05',
      entry: [inform('service', 'refund-rejected', why), tell('REF-05', 'refund-rejected', why)],
    },
    /** It was one too many: who had to decide about it hears that it is gone. */
    lateReturned: {
      type: 'final',
      description: 'REF-05',
      entry: inform('finance', 'late-payout-returned', (c) => ({ ...why(c), providerReference: c.providerReference })),
    },
    ignored: {
      type: 'final',
      description: 'REF-05',
      entry: inform('finance', 'payout-failed-late', ({ orderNumber, payer, reason }) => ({ orderNumber, payer, reason })),
    },
  },
});
