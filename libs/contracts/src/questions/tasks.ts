import { z } from 'zod';
import { when } from '../messages/common.js';
import { messagesOn } from '../messages/message.js';
import { personal } from '../messages/personal.js';
import { answersTopicOf, tasksTopicOf, type Team, teams } from '../messages/topics.js';

export const taskId = z
  .string()
  .regex(/^[a-z0-9-]{1,120}\.[0-9]{1,9}$/, 'must be the taskId of the question')
  .describe('id of the task');

export const withdrawalReason = z
  .string()
  .describe(
    'why: `held` (it is to wait), `picked`, `shipped`, `cancelled`, `superseded` (asked anew with other content, or done otherwise), ' +
      '`overdue` (time has decided), `dismissed` (somebody gave the flow up); further ones may come; absent in records before it was kept',
  );

/** A comment on a task, which may be about the customer. */
export const taskComment = personal(z.string().trim().min(1).max(2000));

/** A question to a team: what it is about, and the answers it may have. */
export interface Question {
  readonly team: Team;
  readonly rule: string;
  readonly description: string;
  readonly about: z.ZodType;
  readonly answers: Readonly<Record<string, z.ZodType>>;
}

export const taskAsked = z.object({
  taskId,
  subject: z.string(),
  question: z.string(),
  rule: z.string(),
  about: z.record(z.string(), z.unknown()),
  answers: z.array(z.string()).describe('types of answer that are understood'),
  dueAt: when.nullable(),
});
export type TaskAsked = z.infer<typeof taskAsked>;

const example = {
  taskId: 'cancel-order-3f0c9d1e-7f6a-8b1c-9d2e-3f4a5b6c7d8e.7',
  subject: '536365',
  question: 'loss-on-bought-goods',
  rule: 'ORD-12',
  about: { orderNumber: '536365', lines: [{ line: 1, sku: '85123A', quantity: 6 }] },
  answers: ['LossAssessed'],
  dueAt: '2010-12-02T08:26:00Z',
};

/** Messages from flows to a team, and from a team to flows. */
export const taskMessages = teams.flatMap((team) => {
  const ask = messagesOn(tasksTopicOf(team));
  return [
    ask.message('TaskAsked', {
      rule: 'CS-02',
      description: 'A question to the team. Exactly one answer counts.',
      data: taskAsked,
      example,
    }),
    ask.message('TaskReminded', {
      rule: 'CS-02',
      description: 'The same task again, under the same id.',
      data: taskAsked.extend({ reminder: z.int().positive() }),
      example: { ...example, reminder: 1 },
    }),
    ask.message('TaskDueChanged', {
      rule: 'CS-02',
      description: 'The open task is due at another time: settings were applied with `recompute`.',
      data: z.object({ taskId, subject: z.string(), question: z.string(), dueAt: when }),
      example: { taskId: example.taskId, subject: '536365', question: example.question, dueAt: '2010-12-01T10:26:00Z' },
    }),
    ask.message('TaskEscalated', {
      rule: 'CS-02',
      description: 'The task was reminded as often as the policy allows. It stays open, and a supervisor watches it.',
      data: z.object({ taskId, subject: z.string(), question: z.string() }),
      example: { taskId: example.taskId, subject: '536365', question: example.question },
    }),
    ask.message('TaskWithdrawn', {
      rule: 'CS-02',
      description: 'No answer is needed any more.',
      data: z.object({ taskId, subject: z.string(), question: z.string(), reason: withdrawalReason.optional() }),
      example: { taskId: example.taskId, subject: '536365', question: example.question },
    }),
    ask.message('TeamInformed', {
      rule: 'ORD-13',
      description: 'A notice that needs no answer.',
      data: z.object({ notice: z.string(), subject: z.string(), about: z.record(z.string(), z.unknown()) }),
      example: { notice: 'order-cancelled', subject: '536365', about: { orderNumber: '536365' } },
    }),
  ];
});

export const taskAnswered = z.object({
  taskId,
  answer: z.looseObject({ type: z.string().min(1) }).describe('type as named in the task, and its fields'),
  by: z.string().trim().min(1).max(120).describe('who answered'),
});

export const answerMessages = teams
  .filter((team) => team !== 'customer' && team !== 'payments')
  .map((team) =>
    messagesOn(answersTopicOf(team)).message('TaskAnswered', {
      identity: 'taskId',
      rule: 'CS-02',
      description: 'The answer to a task. A late or second answer changes nothing and is recorded as ignored.',
      data: taskAnswered,
      example: { taskId: example.taskId, answer: { type: 'LossAssessed', loss: 0 }, by: 'li' },
    }),
  );
