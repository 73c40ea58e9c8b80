import { answering, personFor } from './desk.js';
import type { Answer, Dealing, Task } from './task.js';
import type { World } from './world.js';

interface Approval {
  readonly filedBy: string;
  readonly approvedBy: string | null;
  /** What service answered to a question of finance. */
  readonly answer: string | null;
}

/** Finance: approves, asks back once, rejects. Never the same person twice, and never who filed it (REF-02). */
export const finance = (world: World): Readonly<Record<string, Dealing>> => ({
  'approve-refund': answering(
    world,
    (task) => approval(world.manners.choice(task.draw), approvalOf(task)),
    (task) => personFor(world, task, [approvalOf(task).filedBy, approvalOf(task).approvedBy]),
  ),
  'decide-failed-refund': answering(world, (task) => {
    const type = world.manners.choice(task.draw);
    return type === 'PayAgain' ? { type } : { type, reason: 'the account is closed; the customer was asked for another' };
  }),
  'send-refund-mail': answering(world, () => ({ type: 'RefundMailSent' })),
});

const approvalOf = (task: Task): Approval => task.about as unknown as Approval;

function approval(type: string, { answer }: Approval): Answer {
  if (type === 'ApprovalDenied') return { type, reason: 'the goods were never paid for in full' };
  if (type === 'QuestionAsked' && answer === null) return { type, question: 'what does the customer say about the reason?' };
  return { type: 'ApprovalGiven' };
}
