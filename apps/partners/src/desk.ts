import { people } from './behaviour.js';
import type { Heard } from './message.js';
import { type Answer, type Dealing, type Task, taskOf } from './task.js';
import { answersOf, paymentsNotices, storefrontOrders } from './topics.js';
import type { World } from './world.js';

const hoursUntilAgain = 0.1;

interface Case {
  /** Until it is dealt with. */
  task?: Task;
  readonly tries: number;
  /** When it was dealt with. */
  dealtAt?: number;
  done: Promise<void>;
  /** Reminders that it takes until it is dealt with; 0 or less once it is. */
  silentFor: number;
}

/**
 * A team's in-tray: each task is dealt with once, however often it is delivered; silent ones when reminded. What it is reminded of
 * though it answered, since the answer changed nothing, it looks at again.
 */
export class Desk {
  private readonly cases = new Map<string, Case>();
  private readonly rounds = new Map<string, number>();

  constructor(
    private readonly world: World,
    private readonly dealings: Readonly<Record<string, Dealing>>,
  ) {}

  /** Resolves when nothing more has to be done for the message. */
  async hear(message: Heard): Promise<void> {
    const known = this.cases.get(String(message.data['taskId']));
    if (message.type === 'TaskAsked') return known?.done ?? this.take(message, true);
    if (message.type === 'TaskReminded') return known ? this.remind(known, message) : this.take(message, false);
    if (message.type === 'TaskWithdrawn' && known?.task) known.task.withdrawn = true;
  }

  private take(message: Heard, mayBeSilent: boolean): Promise<void> {
    const task = taskOf(message, this.roundOf(message), this.triesAt(message));
    const { manners } = this.world;
    const silent = mayBeSilent && task.draw.round === 0 && manners.isSilent(task.draw);
    const taken: Case = {
      task,
      tries: task.tries,
      done: Promise.resolve(),
      silentFor: silent ? (manners.of(task.draw).reminders ?? 1) : 0,
    };
    this.cases.set(task.taskId, taken);
    return silent ? taken.done : this.deal(taken, task);
  }

  private remind(known: Case, message: Heard): Promise<void> {
    known.silentFor -= 1;
    if (known.dealtAt !== undefined && Date.parse(message.time) > known.dealtAt) return this.take(message, false);
    if (known.silentFor !== 0 || !known.task || known.task.withdrawn) return known.done;
    known.task.askedAt = message.time;
    return this.deal(known, known.task);
  }

  private deal(taken: Case, task: Task): Promise<void> {
    const dealing = Object.hasOwn(this.dealings, task.question) ? this.dealings[task.question] : undefined;
    const dealt = dealing?.(task) ?? taken.done;
    // a year has many tasks: what was asked is remembered no longer than it is needed
    taken.done = dealt.then(
      () => {
        taken.task = undefined;
        taken.dealtAt = this.world.now().getTime();
      },
      (error: unknown) => {
        // it may be asked again in words that can be understood
        this.cases.delete(task.taskId);
        throw error;
      },
    );
    return taken.done;
  }

  /** How often the task was taken before. */
  private triesAt({ data }: Heard): number {
    const known = this.cases.get(String(data['taskId']));
    return known ? known.tries + 1 : 0;
  }

  private roundOf({ key, data }: Heard): number {
    const name = `${key} ${String(data['question'])}`;
    const round = this.rounds.get(name) ?? 0;
    this.rounds.set(name, round + 1);
    return round;
  }
}

/** Waits as long as the manners say, then answers what `decide` says at that moment, unless the task was withdrawn. */
export const answering =
  (
    world: World,
    decide: (task: Task) => Answer | Promise<Answer>,
    by: (task: Task) => string = (task) => personFor(world, task),
  ): Dealing =>
  async (task) => {
    await world.pass(world.manners.hours(task.draw), { heard: task.askedAt, subject: task.subject, whose: task.subject });
    if (task.withdrawn) return;
    await answer(world, task, await decide(task), by(task));
  };

/** Says the answer on the topic where the team's answers belong; a while later again where the manners say so. */
async function answer(world: World, task: Task, given: Answer, by: string): Promise<void> {
  const { taskId, team, subject, draw, tries, askedAt } = task;
  const data = team === 'customer' ? { taskId, answer: given } : { taskId, answer: given, by };
  const saying = { ...placeOfAnswers(team), key: subject, id: `answer-${taskId}${tries > 0 ? `-${tries}` : ''}`, source: team, data };
  const said = world.say(saying);
  const { twice = 'never' } = world.manners.of(draw);
  const wasSilent = world.manners.isSilent({ ...draw, round: 0 });
  if (twice !== 'always' && (twice !== 'after-silence' || !wasSilent)) return said;
  // from now on, not from whenever the log has acknowledged it
  await Promise.all([said, world.pass(hoursUntilAgain, { heard: askedAt, subject, whose: subject })]);
  await world.say({ ...saying, id: `${saying.id}-again` });
}

function placeOfAnswers(team: string): { topic: string; type: string } {
  if (team === 'customer') return { topic: storefrontOrders, type: 'CustomerAnswered' };
  return { topic: team === 'payments' ? paymentsNotices : answersOf(team), type: 'TaskAnswered' };
}

/** Somebody of the team, always the same for the same question, but nobody who is ruled out. */
export function personFor({ manners }: World, { team, draw }: Task, ruledOut: readonly unknown[] = []): string {
  const able = (people[team] ?? [team]).filter((person) => !ruledOut.includes(person));
  return manners.oneOf(draw, 'person', able) ?? team;
}
