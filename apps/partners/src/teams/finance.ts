import { answering, personFor } from './task-inbox.js';
import type { Answer, Task, TaskHandlers } from './task.js';
import type { PartnerContext } from '../behaviour/partner-context.js';

interface Approval {
  readonly filedBy: string;
  readonly alsoFiledBy?: readonly string[];
  readonly approvedBy: string | null;
  /** The answer of service to a question of finance. */
  readonly answer: string | null;
}

/** Finance: approves, asks back once, rejects. Never the same person twice, and never who filed it (REF-02). */
export const finance = (context: PartnerContext): TaskHandlers => ({
  'approve-refund': answering(
    context,
    (task) => approval(context.behaviour.choice(task.draw), approvalOf(task)),
    (task) => personFor(context, task, ruledOut(approvalOf(task))),
  ),
  'trace-capture': answering(context, () => ({ type: 'CaptureTraced', note: 'it belongs to no order of ours: paid back by hand' })),
  'decide-failed-refund': answering(context, (task) => unpaid(context.behaviour.choice(task.draw), task)),
  'decide-bounced-refund': answering(context, (task) => unpaid(context.behaviour.choice(task.draw), task)),
  'decide-late-payout': answering(context, (task) => {
    const type = context.behaviour.choice(task.draw);
    if (type === 'PayoutReclaimed') return { type, reference: bankTransfer(task) };
    return { type, note: 'as the statement of the account says' };
  }),
  'send-refund-mail': answering(context, () => ({ type: 'RefundMailSent' })),
});

const ruledOut = ({ filedBy, alsoFiledBy = [], approvedBy }: Approval): unknown[] => [filedBy, ...alsoFiledBy, approvedBy];

/** The bank's reference of a transfer for this task. */
export const bankTransfer = ({ taskId }: Task): string => `bank-${taskId}`.slice(0, 120);

function unpaid(type: string, task: Task): Answer {
  if (type === 'PayAgain') return { type };
  if (type === 'PaidOtherwise' || type === 'PayoutStands') return { type, reference: bankTransfer(task) };
  return { type, reason: 'the account is closed; the customer was asked for another' };
}

const approvalOf = (task: Task): Approval => task.about as unknown as Approval;

function approval(type: string, { answer }: Approval): Answer {
  if (type === 'ApprovalDenied') return { type, reason: 'the goods were never paid for in full' };
  if (type === 'QuestionAsked' && answer === null) return { type, question: 'what does the customer say about the reason?' };
  return { type: 'ApprovalGiven' };
}
