import type { DeadlineWrite } from '@orderloom/event-sourcing';
import { countDeadline, type Instant, type Policies } from '@orderloom/kernel';
import type { AnyMachineSnapshot, AnyStateNode } from 'xstate';
import type { Effect } from '../definition/effects.js';
import type { FlowInput } from '../definition/chart.js';
import type { Flow } from '../definition/flow-definition.js';
import type { FlowEvent } from './flow-event.js';
import { type FlowInstance, type DeferredInput, type OpenTask, stateName } from './instance.js';
import { questionsAskedBy, isHandledLater, questionAsked, ruleOf } from '../definition/machine-queries.js';
import { policyOf } from '../definition/validate-flow.js';
import { transition } from './transition.js';
import { isDueLater, recordWaitsUntil } from './waits-until.js';

/** Reasons for ignoring an answer that comes too late. Its sender was right and has nothing to correct. */
export const flowEnded = 'the flow has ended';
export const taskClosed = 'the task is closed';

/** Result of one input: a pure function of flow, instance, input and time. */
export interface Step {
  readonly instance: FlowInstance;
  readonly events: readonly FlowEvent[];
  readonly deadlines: readonly DeadlineWrite[];
  /** False if the input was deferred or ignored. */
  readonly moved: boolean;
}

export interface Action {
  readonly type: string;
  readonly params: unknown;
}

/** Interprets the transitions of one step as events, deadlines and the new instance. */
export class StepBuilder {
  private readonly events: FlowEvent[] = [];
  private readonly deadlines: DeadlineWrite[] = [];

  constructor(
    private readonly flow: Flow,
    private row: FlowInstance,
    private readonly now: Instant,
    private readonly policies: Policies = flow.policies,
  ) {}

  step(moved: boolean): Step {
    const instance = { ...this.row, streamVersion: this.row.streamVersion + this.events.length };
    return { instance, events: this.events, deadlines: this.deadlines, moved };
  }

  say<T extends FlowEvent['type']>(
    type: T,
    data: Omit<Extract<FlowEvent, { type: T }>['data'], 'flowId' | 'flow' | 'version'>,
    rule?: string,
  ): void {
    const { flowId, flow, version } = this.row;
    this.events.push({ type, rule, data: { flowId, flow, version, ...data } } as unknown as FlowEvent);
  }

  take(cause: DeferredInput): boolean {
    const ignore = (why: string): false => {
      this.say('InputStrayed', { input: describeInput(cause.input), why });
      return false;
    };
    if (this.row.status === 'ended') return ignore(flowEnded);
    if (cause.refused !== undefined) return ignore(cause.refused);
    if (this.row.status === 'parked') return this.defer(cause);
    this.row = { ...this.row, deadlines: this.row.deadlines.filter((id) => id !== `${this.row.flowId}/${cause.input.type}`) };
    const task = cause.taskId === undefined ? undefined : this.row.tasks.find((t) => t.taskId === cause.taskId);
    if (cause.taskId !== undefined && !task)
      return ignore(versionOfTask(cause.taskId) > this.row.streamVersion ? 'the task was never asked' : taskClosed);
    if (task && cause.teams?.includes(task.team) === false)
      return ignore(`the task is for ${task.team}, not for ${cause.teams.join(', ')}`);
    if (task && !task.answers.includes(cause.input.type)) return ignore(`no answer to ${task.question}`);
    const before = restoreSnapshot(this.flow, this.row);
    if (!before.can(cause.input)) {
      if (task) return ignore('the guards of the current state reject this answer');
      if (policyOf(cause.input.type) !== undefined) return ignore('the flow has left the state of this deadline');
      return isHandledLater(before, cause.input.type) ? this.defer(cause) : ignore('no reachable state handles this input');
    }
    const [after, actions] = transition(this.flow.machine, before, cause.input);
    this.say('FlowMoved', { from: before.value, input: describeInput(cause.input), to: after.value }, ruleOf(after));
    if (task) this.close(task, 'answered');
    this.follow(after, actions, cause);
    this.replayDeferred();
    return true;
  }

  /** Applies a transition: records its effects and stores the new state. */
  follow(after: AnyMachineSnapshot, actions: readonly Action[], cause: DeferredInput): void {
    const before = this.deadlines.length;
    const asked = actions.filter((a) => a.type === 'ask').map((a) => (a.params as { question: string }).question);
    for (const task of this.row.tasks)
      if (asked.includes(task.question)) this.close(task, 'withdrawn', 'superseded');
      else if (!questionAsked(after, task.question)) this.close(task, 'withdrawn', this.withdrawnBy(cause));
    for (const action of actions) {
      if (action.type === 'xstate.raise') this.setDeadline(action.params as { id: string }, after.context as object);
      else if (action.type === 'xstate.cancel') this.cancelDeadline((action.params as { sendId: string }).sendId);
      else this.effect(action.params as Effect, after, cause);
    }
    recordWaitsUntil(this.events, this.deadlines.slice(before));
    const snapshot: unknown = JSON.parse(JSON.stringify(this.flow.machine.getPersistedSnapshot(after)));
    const exclusive = after.hasTag('decided') || after.status === 'done' ? undefined : this.row.exclusive;
    this.row = { ...this.row, snapshot, state: after.value, movedAt: this.now, tasks: this.withDueAt(), exclusive };
    if (after.status === 'done') this.end(stateName(after.value), this.withdrawnBy(cause));
  }

  private replayDeferred(): void {
    for (const deferred of this.row.kept) {
      if (this.row.status !== 'active') return;
      const snapshot = restoreSnapshot(this.flow, this.row);
      if (!snapshot.can(deferred.input)) continue;
      this.row = { ...this.row, kept: this.row.kept.filter((k) => k !== deferred) };
      this.take(deferred);
      return;
    }
  }

  private defer(cause: DeferredInput): false {
    this.say('InputKept', { input: cause.input });
    this.row = { ...this.row, kept: [...this.row.kept, cause] };
    return false;
  }

  private effect(effect: Effect, after: AnyMachineSnapshot, cause: DeferredInput): void {
    switch (effect.kind) {
      case 'ask':
        return this.ask(effect, after);
      case 'remind':
        return this.remind(effect.team, cause.input.type, after.context as object);
      case 'send':
        return this.say('CommandSent', { service: effect.service, command: effect.command, data: effect.data }, ruleOf(after));
      case 'tell':
        return this.say('CustomerTold', { template: effect.template, fields: effect.fields, locale: this.row.language }, effect.rule);
      case 'inform':
        return this.say('TeamInformed', { team: effect.team, notice: effect.notice, about: effect.about }, ruleOf(after));
    }
  }

  private ask({ team, question, about }: Effect & { kind: 'ask' }, after: AnyMachineSnapshot): void {
    const taskId = `${this.row.flowId}.${this.row.streamVersion + this.events.length + 1}`;
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
      subject: this.row.subject,
    };
    this.row = { ...this.row, tasks: [...this.row.tasks, task] };
    this.say('TaskAsked', { taskId, team, question, about, answers, dueAt: null, rule }, rule);
  }

  /** Sets the due times of tasks, which are known once all deadlines of the state are set. */
  private withDueAt(): OpenTask[] {
    const newDeadlines = this.deadlines.flatMap((d) => (d.op === 'set' ? [d.deadline] : []));
    return this.row.tasks.map((task) => {
      const due = newDeadlines.find((d) => (d.data as { questions: string[] }).questions.includes(task.question))?.dueAt;
      if (due === undefined || isDueLater(task, this.now)) return task;
      const asked = this.events.find((e) => e.type === 'TaskAsked' && e.data.taskId === task.taskId);
      if (asked) Object.assign(asked.data, { dueAt: due });
      return { ...task, dueAt: due };
    });
  }

  private remind(team: string, eventType: string, about: object): void {
    const policy = policyOf(eventType) ?? '';
    const { reminders: maxReminders = 0, from = '' } = this.policies.deadlines[policy] ?? {};
    for (const task of this.row.tasks.filter((t) => t.team === team && !t.escalated)) {
      const { taskId, question, rule, answers } = task;
      if (task.reminders >= maxReminders) {
        this.say('TaskEscalated', { taskId, team, question }, rule);
        this.say('TeamInformed', { team: 'supervisor', notice: 'task-escalated', about: { taskId, team, question } }, 'CS-02');
        this.updateTask({ ...task, escalated: true });
      } else {
        const nextDueAt = this.setDeadline({ id: eventType }, { ...about, [from]: this.now });
        const due = isDueLater(task, this.now) ? task.dueAt : nextDueAt;
        this.say(
          'TaskReminded',
          { taskId, team, question, about: task.about, answers, dueAt: due, rule, reminder: task.reminders + 1 },
          rule,
        );
        this.updateTask({ ...task, reminders: task.reminders + 1, dueAt: due });
      }
    }
  }

  private updateTask(task: OpenTask): void {
    this.row = { ...this.row, tasks: this.row.tasks.map((t) => (t.taskId === task.taskId ? task : t)) };
  }

  private withdrawnBy({ input }: DeferredInput): string {
    return policyOf(input.type) === undefined ? (this.flow.withdraws[input.type] ?? 'superseded') : 'overdue';
  }

  private close(task: OpenTask, how: 'answered' | 'withdrawn', reason?: string): void {
    const { taskId, team, question } = task;
    this.row = { ...this.row, tasks: this.row.tasks.filter((t) => t.taskId !== taskId) };
    this.say('TaskClosed', { taskId, team, question, how, ...(reason !== undefined && { reason }) }, task.rule);
  }

  private setDeadline({ id: eventType }: { id: string }, about: object): Instant {
    const policy = policyOf(eventType) ?? '';
    const id = `${this.row.flowId}/${eventType}`;
    const { base, dueAt: due } = countDeadline(this.policies, policy, this.now, about as Record<string, unknown>);
    const questions = questionsOf(this.flow, eventType);
    const generation = this.row.streamVersion + this.events.length;
    const data = { input: { type: eventType }, policy, policyVersion: this.policies.version, base, questions };
    this.deadlines.push({ op: 'set', deadline: { id, generation, dueAt: due, owner: this.row.flowId, data } });
    this.row = { ...this.row, deadlines: [...this.row.deadlines.filter((d) => d !== id), id] };
    return due;
  }

  private cancelDeadline(eventType: string): void {
    const id = `${this.row.flowId}/${eventType}`;
    if (!this.row.deadlines.includes(id)) return;
    this.deadlines.push({ op: 'cancel', id });
    this.row = { ...this.row, deadlines: this.row.deadlines.filter((d) => d !== id) };
  }

  private end(outcome: string, reason: string): void {
    for (const task of this.row.tasks) this.close(task, 'withdrawn', reason);
    this.row = { ...this.row, status: 'ended', outcome, deadlines: [], kept: [] };
    this.say('FlowEnded', { outcome });
  }
}

/** Version of the flow's stream at which the task was asked. */
const versionOfTask = (taskId: string): number => Number(taskId.slice(taskId.lastIndexOf('.') + 1));

/** An input as published: a deadline appears with its policy value. */
function describeInput(input: FlowInput): FlowInput {
  const policy = policyOf(input.type);
  return policy === undefined ? input : { type: 'DeadlineReached', policy };
}

/** Questions asked by the state of a deadline and by its parents. */
function questionsOf(flow: Flow, eventType: string): string[] {
  const state = eventType.slice(`xstate.after.${policyOf(eventType) ?? ''}.`.length);
  const ancestors = (node: AnyStateNode): AnyStateNode[] => (node.parent ? [node, ...ancestors(node.parent)] : [node]);
  return ancestors(flow.machine.getStateNodeById(state)).flatMap((node) => questionsAskedBy(node).map((ask) => ask.question));
}

const restoreSnapshot = (flow: Flow, instance: FlowInstance): AnyMachineSnapshot =>
  flow.machine.restoreSnapshot(instance.snapshot as never, undefined as never) as AnyMachineSnapshot;
