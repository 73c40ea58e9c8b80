import type { Task } from './task.js';
import {
  answersTopicOf,
  flowsTopicOf,
  paymentsNotices,
  services,
  storefrontOrders,
  tasksTopicOf,
  type Team,
  teams,
} from '@orderloom/contracts';
import { type Answer, answerTo, mayStaySilent } from './answers.js';
import type { Heard, Outside } from './outside.js';

/** Handlers of questions that need more than an answer. Each resolves to the answer, if there is one. */
export type Special = (task: Task) => Answer | undefined;

const people: Readonly<Record<string, readonly string[]>> = {
  finance: ['li', 'chen', 'ruth'],
  payments: ['provider'],
};

/** The teams and the customers: they answer late, twice, differently, in vain, or only when reminded. */
export class Teams {
  private readonly tasks = new Map<string, Task>();

  constructor(
    private readonly outside: Outside,
    private readonly special: Readonly<Record<string, Special>>,
    private readonly asked: (task: Task) => void,
    private readonly noticed: (subject: string, notice: string) => void,
  ) {
    for (const team of teams) outside.hear(tasksTopicOf(team), (heard) => this.hear(team, heard));
    for (const service of services) outside.hear(flowsTopicOf(service), (heard) => this.follow(heard));
  }

  /** Tasks that nobody has closed. */
  open(): readonly Task[] {
    return [...this.tasks.values()].filter(({ isClosed }) => !isClosed);
  }

  private hear(team: Team, { type, key, data }: Heard): void {
    if (type === 'TeamInformed') return this.noticed(key, String(data['notice']));
    const taskId = String(data['taskId']);
    const known = this.tasks.get(taskId);
    if (type === 'TaskWithdrawn' && known) Object.assign(known, { isWithdrawn: true, reason: data['reason'] });
    if ((type === 'TaskReminded' || type === 'TaskEscalated') && known && !known.isClosed)
      this.outside.later(20, `${team} is reminded of ${taskId}`, () => this.answer(known));
    if (type !== 'TaskAsked' || known) return;
    const { question, about, dueAt } = data as { question: string; about: Task['about']; dueAt: string | null };
    const task = { taskId, team, subject: key, question, about, dueAt, isWithdrawn: false, isClosed: false, answers: 0 };
    this.tasks.set(taskId, task);
    this.asked(task);
    this.take(task);
  }

  private follow({ type, data }: Heard): void {
    const task = this.tasks.get(String(data['taskId']));
    if (type === 'TaskClosed' && task) task.isClosed = true;
  }

  private take(task: Task): void {
    const { outside } = this;
    const what = `${task.team} answers ${task.taskId}`;
    const answer = (): void => this.answer(task);
    const manner = outside.random.weighted({ later: 70, aboutDue: task.dueAt === null ? 0 : 12, silent: 18 });
    if (manner === 'later') outside.later(30, what, answer);
    else if (manner === 'aboutDue') outside.about(task.dueAt ?? '', what, answer);
    else if (mayStaySilent.has(task.question)) return;
    this.lookAgain(task);
  }

  /** Tasks that are still open after some days are answered again. */
  private lookAgain(task: Task): void {
    this.outside.in(this.outside.random.between(60, 200), `${task.team} looks at ${task.taskId} again`, () => {
      if (task.isClosed) return;
      this.answer(task);
      this.lookAgain(task);
    });
  }

  private answer(task: Task): void {
    const { random } = this.outside;
    if (task.isWithdrawn && random.chance(0.8)) return;
    const special = this.special[task.question];
    const given = special ? special(task) : answerTo(task, this.outside);
    if (!given) return;
    this.say(task, given);
    if (!special && random.chance(0.05))
      this.outside.later(5, `${task.team} answers ${task.taskId} otherwise`, () => this.say(task, answerTo(task, this.outside)));
  }

  private say(task: Task, answer: Answer): void {
    const { taskId, team, subject } = task;
    task.answers += 1;
    const by = this.outside.random.pick(people[team] ?? [`${team}-1`, `${team}-2`]);
    const data = team === 'customer' ? { taskId, answer } : { taskId, answer, by };
    this.outside.say({ ...placeOf(team), key: subject, id: `${taskId}/${task.answers}`, source: team, data });
  }
}

function placeOf(team: Team): { topic: string; type: string } {
  if (team === 'customer') return { topic: storefrontOrders, type: 'CustomerAnswered' };
  return { topic: team === 'payments' ? paymentsNotices : answersTopicOf(team), type: 'TaskAnswered' };
}
