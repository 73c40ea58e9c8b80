import { effects, defineFlow, narrowInput } from '@orderloom/flows';
import { isOther } from '../../segregation-of-duties.js';
import { methodOf, policies } from '../../policies.js';

interface Refund {
  orderNumber: string;
  refundId: string;
  amount: number;
  currency: string;
  cause: string;
  filedBy: string;
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
  | { type: 'RefundApproved' | 'RefundPaid' | 'RefundRejected' | 'PayAgain' | 'RefundMailSent' };

export const { ask, inform, remind, send, tell } = effects<Refund>();
export const ids = ({ orderNumber, refundId }: Refund) => ({ orderNumber, refundId });
export const sum = (c: Refund) => ({ ...ids(c), amount: c.amount, currency: c.currency });
export const approval = (c: Refund) => ({
  ...sum(c),
  cause: c.cause,
  filedBy: c.filedBy,
  approvedBy: c.approvedBy[0] ?? null,
  answer: c.answer,
});
export const payout = (c: Refund) => ({ ...sum(c), idempotencyKey: c.refundId, method: c.method, reference: c.reference });
export const posting = (c: Refund) => ({ ...sum(c), postingTime: methodOf(c.method).postingTime });

export const flow = defineFlow<Refund, Input>()({
  service: 'refund',
  policies,
  startedBy: {
    RefundRequested: ({ orderNumber, refundId, amount, currency, cause, filedBy, twoApprovals, method, reference }: Refund) => ({
      ...{ orderNumber, refundId, amount, currency, cause, filedBy, twoApprovals, method, reference },
      ...{ approvedBy: [], question: '', answer: null, reason: '', providerReference: '' },
    }),
  },
  guards: {
    firstOfTwo: ({ twoApprovals, filedBy }, input) => twoApprovals && isOther(narrowInput(input, 'ApprovalGiven').by, filedBy),
    notWhoFiled: ({ filedBy }, input) => isOther(narrowInput(input, 'ApprovalGiven').by, filedBy),
    somebodyElse: ({ filedBy, approvedBy }, input) => isOther(narrowInput(input, 'ApprovalGiven').by, filedBy, ...approvedBy),
    approvedOnce: ({ approvedBy }) => approvedBy.length > 0,
    mailByItself: ({ method }) => methodOf(method).mailByItself,
  },
  notes: {
    noteApproval: ({ approvedBy }, input) => ({ approvedBy: [...approvedBy, narrowInput(input, 'ApprovalGiven').by] }),
    noteQuestion: (_, input) => ({ question: narrowInput(input, 'QuestionAsked').question }),
    noteAnswer: (_, input) => ({ answer: narrowInput(input, 'QuestionAnswered').answer }),
    noteReason: (_, input) => ({ reason: narrowInput(input, 'ApprovalDenied', 'RefundFailed', 'PayoutGivenUp').reason }),
    notePaid: (_, input) => ({ providerReference: narrowInput(input, 'RefundSucceeded').providerReference }),
  },
});
