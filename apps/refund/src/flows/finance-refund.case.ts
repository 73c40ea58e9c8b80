import { effects, defineFlow, narrowInput } from '@orderloom/flows';
import { isOther } from '../segregation-of-duties.js';
import { methodOf, policies } from '../policies.js';

interface Refund {
  orderNumber: string;
  refundId: string;
  amount: number;
  currency: string;
  cause: string;
  filedBy: string;
  alsoFiledBy: readonly string[];
  caseId: string | undefined;
  twoApprovals: boolean;
  method: string;
  reference: string;
  approvedBy: readonly string[];
  question: string;
  answer: string | null;
  reason: string;
  providerReference: string;
}

type Input =
  | { type: 'ApprovalGiven'; by: string }
  | { type: 'ApprovalDenied' | 'RefundFailed' | 'PayoutGivenUp'; reason: string }
  | { type: 'QuestionAsked'; question: string }
  | { type: 'QuestionAnswered'; answer: string }
  | { type: 'RefundSucceeded'; providerReference: string }
  | { type: 'LatePayoutReported'; refundId: string; providerReference: string }
  | { type: 'RefundBounced'; refundId: string }
  | { type: 'PaidOtherwise' | 'RefundPaidOtherwise'; reference: string; by: string }
  | { type: 'RefundFiledAgain'; note: string; by: string }
  | { type: 'RejectionUpheld'; explanation: string }
  | { type: 'RefundApproved' | 'RefundPaid' | 'RefundRejected' | 'PayAgain' | 'RefundMailSent' };

export const { ask, inform, remind, send, tell } = effects<Refund>();
export const ids = ({ orderNumber, refundId }: Refund) => ({ orderNumber, refundId });
export const sum = (c: Refund) => ({ ...ids(c), amount: c.amount, currency: c.currency });
export const approval = (c: Refund) => ({
  ...sum(c),
  cause: c.cause,
  filedBy: c.filedBy,
  ...(c.alsoFiledBy.length > 0 ? { alsoFiledBy: c.alsoFiledBy } : {}),
  approvedBy: c.approvedBy[0] ?? null,
  answer: c.answer,
});
export const rejection = (c: Refund) => ({
  ...sum(c),
  reason: c.reason,
  cause: c.cause,
  ...(c.caseId === undefined ? {} : { caseId: c.caseId }),
});
export const payout = (c: Refund) => ({ ...sum(c), idempotencyKey: c.refundId, method: c.method, reference: c.reference });
export const posting = (c: Refund) => ({ ...sum(c), postingTime: methodOf(c.method).postingTime });

const filers = ({ filedBy, alsoFiledBy }: Refund): readonly string[] => [filedBy, ...alsoFiledBy];

export const flow = defineFlow<Refund, Input>()({
  service: 'refund',
  policies,
  startedBy: {
    RefundRequested: ({ alsoFiledBy, ...r }: Omit<Refund, 'alsoFiledBy'> & { alsoFiledBy?: readonly string[] }) => ({
      ...{ orderNumber: r.orderNumber, refundId: r.refundId, amount: r.amount, currency: r.currency, cause: r.cause, caseId: r.caseId },
      ...{ filedBy: r.filedBy, alsoFiledBy: alsoFiledBy ?? [], twoApprovals: r.twoApprovals, method: r.method, reference: r.reference },
      ...{ approvedBy: [], question: '', answer: null, reason: '', providerReference: '' },
    }),
  },
  listensTo: ['LatePayoutReported', 'RefundBounced'],
  guards: {
    thisRefund: ({ refundId }, input) => narrowInput(input, 'LatePayoutReported', 'RefundBounced').refundId === refundId,
    firstOfTwo: (c, input) => c.twoApprovals && isOther(narrowInput(input, 'ApprovalGiven').by, ...filers(c)),
    notWhoFiled: (c, input) => isOther(narrowInput(input, 'ApprovalGiven', 'RefundPaidOtherwise').by, ...filers(c)),
    somebodyElse: (c, input) => isOther(narrowInput(input, 'ApprovalGiven').by, ...filers(c), ...c.approvedBy),
    approvedOnce: ({ approvedBy }) => approvedBy.length > 0,
    mailByItself: ({ method }) => methodOf(method).mailByItself,
  },
  notes: {
    noteApproval: ({ approvedBy }, input) => ({ approvedBy: [...approvedBy, narrowInput(input, 'ApprovalGiven').by] }),
    noteQuestion: (_, input) => ({ question: narrowInput(input, 'QuestionAsked').question }),
    noteAnswer: (_, input) => ({ answer: narrowInput(input, 'QuestionAnswered').answer }),
    noteFiledAgain: ({ alsoFiledBy }, input) => {
      const { note, by } = narrowInput(input, 'RefundFiledAgain');
      return { answer: note, alsoFiledBy: [...new Set([...alsoFiledBy, by])], approvedBy: [] };
    },
    noteExplanation: (_, input) => ({ reason: narrowInput(input, 'RejectionUpheld').explanation }),
    notePaidOtherwise: (_, input) => ({ providerReference: narrowInput(input, 'PaidOtherwise', 'RefundPaidOtherwise').reference }),
    noteReason: (_, input) => ({ reason: narrowInput(input, 'ApprovalDenied', 'RefundFailed', 'PayoutGivenUp').reason }),
    notePaidLate: (_, input) => ({ providerReference: narrowInput(input, 'LatePayoutReported').providerReference }),
    notePaid: (_, input) => ({ providerReference: narrowInput(input, 'RefundSucceeded').providerReference }),
  },
});
