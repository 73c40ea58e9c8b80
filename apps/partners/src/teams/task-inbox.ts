import { people } from '../behaviour.js';
import type { IncomingMessage } from '../messaging/message.js';
import { type Answer, type Task, taskOf, type TaskHandler, type TaskHandlers } from './task.js';
import { answersTopicOf, paymentsNotices, storefrontOrders } from '../messaging/topics.js';
import type { PartnerContext } from '../behaviour/partner-context.js';

const hoursUntilAgain = 0.1;

interface TaskState {
  /** Set until the task is completed. */
  task?: Task;
  readonly tries: number;
  /** Time of completion, in milliseconds since 1970. */
  completedAt?: number;
  done: Promise<void>;
  /** Number of reminders until the task is handled; 0 or less afterwards. */
  silentFor: number;
}

/**
 * A team's task inbox. Each task is handled once, however often it is delivered; ignored tasks are handled after reminders. A reminder
 * after the answer means that the answer had no effect, so the task is handled again.
 */
export class TaskInbox {
  private readonly tasks = new Map<string, TaskState>();
  private readonly rounds = new Map<string, number>();

  constructor(
    private readonly context: PartnerContext,
    private readonly handlers: TaskHandlers,
  ) {}

  /** Resolves when the message is completely processed. */
  async onMessage(message: IncomingMessage): Promise<void> {
    const existing = this.tasks.get(String(message.data['taskId']));
    if (message.type === 'TaskAsked') return existing?.done ?? this.take(message, true);
    if (message.type === 'TaskReminded') return existing ? this.remind(existing, message) : this.take(message, false);
    if (message.type !== 'TaskWithdrawn' || !existing?.task) return;
    existing.task.withdrawn = true;
    existing.task.superseded = message.data['reason'] === 'superseded';
  }

  private take(message: IncomingMessage, mayBeSilent: boolean): Promise<void> {
    const task = taskOf(message, this.roundOf(message), this.triesAt(message));
    const { behaviour: profile } = this.context;
    const silent = mayBeSilent && task.draw.round === 0 && profile.isSilent(task.draw);
    const taken: TaskState = {
      task,
      tries: task.tries,
      done: Promise.resolve(),
      silentFor: silent ? (profile.of(task.draw).reminders ?? 1) : 0,
    };
    this.tasks.set(task.taskId, taken);
    return silent ? taken.done : this.handle(taken, task);
  }

  private remind(known: TaskState, message: IncomingMessage): Promise<void> {
    known.silentFor -= 1;
    if (known.completedAt !== undefined && Date.parse(message.time) > known.completedAt) return this.take(message, false);
    if (known.silentFor !== 0 || !known.task || known.task.withdrawn) return known.done;
    known.task.askedAt = message.time;
    return this.handle(known, known.task);
  }

  private handle(taken: TaskState, task: Task): Promise<void> {
    const dealing = Object.hasOwn(this.handlers, task.question) ? this.handlers[task.question] : undefined;
    const dealt = dealing?.(task) ?? taken.done;
    // Frees the memory of completed tasks: a year has many.
    taken.done = dealt.then(
      () => {
        taken.task = undefined;
        taken.completedAt = this.context.now().getTime();
      },
      (error: unknown) => {
        // The task may be sent again in a valid form.
        this.tasks.delete(task.taskId);
        throw error;
      },
    );
    return taken.done;
  }

  /** Number of earlier attempts at the task. */
  private triesAt({ data }: IncomingMessage): number {
    const known = this.tasks.get(String(data['taskId']));
    return known ? known.tries + 1 : 0;
  }

  private roundOf({ key, data }: IncomingMessage): number {
    const name = `${key} ${String(data['question'])}`;
    const round = this.rounds.get(name) ?? 0;
    this.rounds.set(name, round + 1);
    return round;
  }
}

/** Waits for the response time of the behaviour, then sends the answer of `decide`, unless the task was withdrawn. */
export const answering =
  (
    context: PartnerContext,
    decide: (task: Task) => Answer | Promise<Answer>,
    by: (task: Task) => string = (task) => personFor(context, task),
  ): TaskHandler =>
  async (task) => {
    await context.wait(context.behaviour.hours(task.draw), { since: task.askedAt, subject: task.subject, orderNumber: task.subject });
    if (task.withdrawn) return;
    await answer(context, task, await decide(task), by(task));
  };

/** Sends the answer on the team's topic, and a second time if the behaviour requires it. */
async function answer(context: PartnerContext, task: Task, given: Answer, by: string): Promise<void> {
  const { taskId, team, subject, draw, tries, askedAt } = task;
  const data = team === 'customer' ? { taskId, answer: given } : { taskId, answer: given, by };
  const saying = { ...answerTopicOf(team), key: subject, id: `answer-${taskId}${tries > 0 ? `-${tries}` : ''}`, source: team, data };
  const sent = context.send(saying);
  const { twice = 'never' } = context.behaviour.of(draw);
  const wasSilent = context.behaviour.isSilent({ ...draw, round: 0 });
  if (twice !== 'always' && (twice !== 'after-silence' || !wasSilent)) return sent;
  // Counted from now, since the time of the acknowledgement varies.
  await Promise.all([sent, context.wait(hoursUntilAgain, { since: askedAt, subject, orderNumber: subject })]);
  await context.send({ ...saying, id: `${saying.id}-again` });
}

function answerTopicOf(team: string): { topic: string; type: string } {
  if (team === 'customer') return { topic: storefrontOrders, type: 'CustomerAnswered' };
  return { topic: team === 'payments' ? paymentsNotices : answersTopicOf(team), type: 'TaskAnswered' };
}

/** A member of the team, always the same for the same question, excluding `ruledOut`. */
export function personFor({ behaviour: profile }: PartnerContext, { team, draw }: Task, ruledOut: readonly unknown[] = []): string {
  const able = (people[team] ?? [team]).filter((person) => !ruledOut.includes(person));
  return profile.oneOf(draw, 'person', able) ?? team;
}
