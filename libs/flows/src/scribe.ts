import type { DeadlineWrite } from '@orderloom/event-sourcing';
import { dueAt, type Instant } from '@orderloom/kernel';
import type { AnyMachineSnapshot, AnyStateNode } from 'xstate';
import type { Effect } from './effects.js';
import type { Flow, FlowInput } from './flow.js';
import type { FlowEvent } from './flow-event.js';
import type { FlowInstance, KeptInput, OpenTask } from './instance.js';
import { stateName } from './instance.js';
import { asksOf, handledLater, questionAsked, ruleOf } from './reading.js';
import { policyOf } from './sound.js';
import { transition } from './transition.js';

/** Why an answer that comes too late changes nothing: its sender was right, and has nothing to correct. */
export const flowEnded = 'the flow has ended';
export const taskClosed = 'the task is closed';

/** What one input does to a flow: pure, and the same bytes whenever it is repeated. */
export interface Step {
  readonly instance: FlowInstance;
  readonly events: readonly FlowEvent[];
  readonly deadlines: readonly DeadlineWrite[];
  /** False where the input was kept, or strayed. */
  readonly moved: boolean;
}

export interface Action {
  readonly type: string;
  readonly params: unknown;
}

/** Writes down what a step does, while it follows the machine. */
export class Scribe {
  private readonly events: FlowEvent[] = [];
  private readonly deadlines: DeadlineWrite[] = [];

  constructor(
    private readonly flow: Flow,
    private at: FlowInstance,
    private readonly now: Instant,
  ) {}

  step(moved: boolean): Step {
    const instance = { ...this.at, streamVersion: this.at.streamVersion + this.events.length };
    return { instance, events: this.events, deadlines: this.deadlines, moved };
  }

  say<T extends FlowEvent['type']>(
    type: T,
    data: Omit<Extract<FlowEvent, { type: T }>['data'], 'flowId' | 'flow' | 'version'>,
    rule?: string,
  ): void {
    const { flowId, flow, version } = this.at;
    this.events.push({ type, rule, data: { flowId, flow, version, ...data } } as unknown as FlowEvent);
  }

  take(cause: KeptInput): boolean {
    const stray = (why: string): false => {
      this.say('InputStrayed', { input: said(cause.input), why });
      return false;
    };
    if (this.at.status === 'ended') return stray(flowEnded);
    if (cause.refused !== undefined) return stray(cause.refused);
    if (this.at.status === 'parked') return this.keep(cause);
    this.at = { ...this.at, deadlines: this.at.deadlines.filter((id) => id !== `${this.at.flowId}/${cause.input.type}`) };
    const task = cause.taskId === undefined ? undefined : this.at.tasks.find((t) => t.taskId === cause.taskId);
    if (cause.taskId !== undefined && !task)
      return stray(versionOf(cause.taskId) > this.at.streamVersion ? 'the task was never asked' : taskClosed);
    if (task && cause.teams?.includes(task.team) === false) return stray(`the task is for ${task.team}, not for ${cause.teams.join(', ')}`);
    if (task && !task.answers.includes(cause.input.type)) return stray(`no answer to ${task.question}`);
    const before = revive(this.flow, this.at);
    if (!before.can(cause.input)) {
      if (task) return stray('the answer is not allowed by the chart: its conditions refuse it');
      if (policyOf(cause.input.type) !== undefined) return stray('the state of this deadline was left');
      return handledLater(before, cause.input.type) ? this.keep(cause) : stray('no state to come understands it');
    }
    const [after, actions] = transition(this.flow.machine, before, cause.input);
    this.say('FlowMoved', { from: before.value, input: said(cause.input), to: after.value }, ruleOf(after));
    if (task) this.close(task, 'answered');
    this.follow(after, actions, cause);
    this.takeKept();
    return true;
  }

  /** Writes down a transition's effects and where it led. */
  follow(after: AnyMachineSnapshot, actions: readonly Action[], cause: KeptInput): void {
    const asked = actions.filter((a) => a.type === 'ask').map((a) => (a.params as { question: string }).question);
    for (const task of this.at.tasks)
      if (asked.includes(task.question)) this.close(task, 'withdrawn', 'superseded');
      else if (!questionAsked(after, task.question)) this.close(task, 'withdrawn', this.withdrawnBy(cause));
    for (const action of actions) {
      if (action.type === 'xstate.raise') this.arm(action.params as { id: string }, after.context as object);
      else if (action.type === 'xstate.cancel') this.disarm((action.params as { sendId: string }).sendId);
      else this.effect(action.params as Effect, after, cause);
    }
    const snapshot: unknown = JSON.parse(JSON.stringify(this.flow.machine.getPersistedSnapshot(after)));
    const exclusive = after.hasTag('decided') || after.status === 'done' ? undefined : this.at.exclusive;
    this.at = { ...this.at, snapshot, state: after.value, movedAt: this.now, tasks: this.withDueAt(), exclusive };
    if (after.status === 'done') this.end(stateName(after.value), this.withdrawnBy(cause));
  }

  private takeKept(): void {
    for (const kept of this.at.kept) {
      if (this.at.status !== 'active') return;
      const snapshot = revive(this.flow, this.at);
      if (!snapshot.can(kept.input)) continue;
      this.at = { ...this.at, kept: this.at.kept.filter((k) => k !== kept) };
      this.take(kept);
      return;
    }
  }

  private keep(cause: KeptInput): false {
    this.say('InputKept', { input: cause.input });
    this.at = { ...this.at, kept: [...this.at.kept, cause] };
    return false;
  }

  private effect(effect: Effect, after: AnyMachineSnapshot, cause: KeptInput): void {
    switch (effect.kind) {
      case 'ask':
        return this.ask(effect, after);
      case 'remind':
        return this.remind(effect.team, cause.input.type, after.context as object);
      case 'send':
        return this.say('CommandSent', { service: effect.service, command: effect.command, data: effect.data }, ruleOf(after));
      case 'tell':
        return this.say('CustomerTold', { template: effect.template, fields: effect.fields }, effect.rule);
      case 'inform':
        return this.say('TeamInformed', { team: effect.team, notice: effect.notice, about: effect.about }, ruleOf(after));
    }
  }

  private ask({ team, question, about }: Effect & { kind: 'ask' }, after: AnyMachineSnapshot): void {
    const taskId = `${this.at.flowId}.${this.at.streamVersion + this.events.length + 1}`;
    const rule = ruleOf(after, question) ?? 'CS-02';
    const answers = (questionAsked(after, question)?.answers ?? []).filter((type) => !this.flow.listensTo.includes(type));
    const task: OpenTask = {
      taskId,
      team,
      question,
      rule,
      about,
      answers,
      askedAt: this.now,
      dueAt: null,
      reminders: 0,
      escalated: false,
      subject: this.at.subject,
    };
    this.at = { ...this.at, tasks: [...this.at.tasks, task] };
    this.say('TaskAsked', { taskId, team, question, about, answers, dueAt: null, rule }, rule);
  }

  /** The task's due time is known once all of its state's deadlines are armed. */
  private withDueAt(): OpenTask[] {
    const set = this.deadlines.flatMap((d) => (d.op === 'set' ? [d.deadline] : []));
    return this.at.tasks.map((task) => {
      const due = set.find((d) => (d.data as { questions: string[] }).questions.includes(task.question))?.dueAt;
      if (due === undefined || isDueLater(task, this.now)) return task;
      const asked = this.events.find((e) => e.type === 'TaskAsked' && e.data.taskId === task.taskId);
      if (asked) Object.assign(asked.data, { dueAt: due });
      return { ...task, dueAt: due };
    });
  }

  private remind(team: string, eventType: string, about: object): void {
    const policy = policyOf(eventType) ?? '';
    const { reminders: most = 0, from = '' } = this.flow.policies.deadlines[policy] ?? {};
    for (const task of this.at.tasks.filter((t) => t.team === team && !t.escalated)) {
      const { taskId, question, rule, answers } = task;
      if (task.reminders >= most) {
        this.say('TaskEscalated', { taskId, team, question }, rule);
        this.say('TeamInformed', { team: 'supervisor', notice: 'task-escalated', about: { taskId, team, question } }, 'CS-02');
        this.change({ ...task, escalated: true });
      } else {
        const next = this.arm({ id: eventType }, { ...about, [from]: this.now });
        const due = isDueLater(task, this.now) ? task.dueAt : next;
        this.say(
          'TaskReminded',
          { taskId, team, question, about: task.about, answers, dueAt: due, rule, reminder: task.reminders + 1 },
          rule,
        );
        this.change({ ...task, reminders: task.reminders + 1, dueAt: due });
      }
    }
  }

  private change(task: OpenTask): void {
    this.at = { ...this.at, tasks: this.at.tasks.map((t) => (t.taskId === task.taskId ? task : t)) };
  }

  private withdrawnBy({ input }: KeptInput): string | undefined {
    return policyOf(input.type) === undefined ? this.flow.withdraws[input.type] : 'overdue';
  }

  private close(task: OpenTask, how: 'answered' | 'withdrawn', reason?: string): void {
    const { taskId, team, question } = task;
    this.at = { ...this.at, tasks: this.at.tasks.filter((t) => t.taskId !== taskId) };
    this.say('TaskClosed', { taskId, team, question, how, ...(reason !== undefined && { reason }) }, task.rule);
  }

  private arm({ id: eventType }: { id: string }, about: object): Instant {
    const policy = policyOf(eventType) ?? '';
    const id = `${this.at.flowId}/${eventType}`;
    const due = dueAt(this.flow.policies, policy, this.now, about as Record<string, unknown>);
    const questions = questionsOf(this.flow, eventType);
    const generation = this.at.streamVersion + this.events.length;
    const data = { input: { type: eventType }, policy, policyVersion: this.flow.policies.version, questions };
    this.deadlines.push({ op: 'set', deadline: { id, generation, dueAt: due, owner: this.at.flowId, data } });
    this.at = { ...this.at, deadlines: [...this.at.deadlines.filter((d) => d !== id), id] };
    return due;
  }

  private disarm(eventType: string): void {
    const id = `${this.at.flowId}/${eventType}`;
    if (!this.at.deadlines.includes(id)) return;
    this.deadlines.push({ op: 'cancel', id });
    this.at = { ...this.at, deadlines: this.at.deadlines.filter((d) => d !== id) };
  }

  private end(outcome: string, reason: string | undefined): void {
    for (const task of this.at.tasks) this.close(task, 'withdrawn', reason);
    this.at = { ...this.at, status: 'ended', outcome, deadlines: [], kept: [] };
    this.say('FlowEnded', { outcome });
  }
}

/** The version of the flow's stream at which the task was asked. */
const versionOf = (taskId: string): number => Number(taskId.slice(taskId.lastIndexOf('.') + 1));

/** Reminded within its time, a task stays due when that is over. */
const isDueLater = (task: OpenTask, now: Instant): boolean => task.dueAt !== null && task.dueAt > now;

/** An input as others read it: a deadline by its policy value. */
function said(input: FlowInput): FlowInput {
  const policy = policyOf(input.type);
  return policy === undefined ? input : { type: 'DeadlineReached', policy };
}

/** The questions of the state that a deadline belongs to, and of those around it. */
function questionsOf(flow: Flow, eventType: string): string[] {
  const state = eventType.slice(`xstate.after.${policyOf(eventType) ?? ''}.`.length);
  const around = (node: AnyStateNode): AnyStateNode[] => (node.parent ? [node, ...around(node.parent)] : [node]);
  return around(flow.machine.getStateNodeById(state)).flatMap((node) => asksOf(node).map((ask) => ask.question));
}

/** The machine's snapshot as a row kept it. */
const revive = (flow: Flow, instance: FlowInstance): AnyMachineSnapshot =>
  flow.machine.restoreSnapshot(instance.snapshot as never, undefined as never) as AnyMachineSnapshot;
