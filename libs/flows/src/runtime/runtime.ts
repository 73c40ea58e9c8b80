import type { CloudEvent } from '@orderloom/messaging';
import type { Deadline, UnitOfWork } from '@orderloom/event-sourcing';
import { deriveId, type Instant, NotFound, type Policies, Refusal } from '@orderloom/kernel';
import { FlowRegistry, UnknownFlowVersion } from '../definition/flow-registry.js';
import {
  type IncomingInput,
  causeOf,
  causeOfAnswer,
  causeOfWork,
  type InputOutcome,
  inputOutcome,
  outcomeOf,
  flowOfTask,
  type GivenAnswer,
  joinSteps,
  deferredInputOf,
  refusalOf,
  tooManyConflicts,
  type WorkSource,
} from './input-outcome.js';
import { causeOfDeadline, removeDeadline } from './due.js';
import type { Flow } from '../definition/flow-definition.js';
import type { FlowInstance } from '../step/instance.js';
import { decideLocalCommands } from './local-commands.js';
import { dismiss, park, type ParkedInput, repair, reactivate, inputsToRedrive } from '../step/parked.js';
import { handleInput, startFlow, type Step } from '../step/step.js';
import { assertFreeFor, type TaskWork, workOnTask } from '../step/task-work.js';
import type { FlowRuntimeOptions, FlowSettings } from './runtime-options.js';
import { type Decide, type Extra, type LocalWrites, stepUnit } from './step-unit.js';
import { traceDeadline, traceStep, type NoteOutcome } from './telemetry.js';

const noExtra: Extra = () => ({});
const maxAttempts = 20;

/** Runs flows. One unit of work contains an input, its effects and the new state. */
export class FlowRuntime {
  private readonly charts: FlowRegistry;

  constructor(private readonly options: FlowRuntimeOptions) {
    this.charts = new FlowRegistry(options.flows);
  }

  /** Types of events that start flows or to which they listen. */
  get facts(): ReadonlySet<string> {
    return this.charts.facts;
  }

  /** Routes a published event to the flow that asked for it and to flows that listen, and starts new flows. */
  async handleEvent(message: CloudEvent<object>): Promise<void> {
    const cause = causeOf(message, { type: message.type, ...message.data });
    const asking = message.flow !== undefined && this.charts.owns(message.flow) ? [message.flow] : [];
    const candidates = this.charts.listening(message.type) ? await this.instances(message.subject) : [];
    const listening = candidates
      .filter((i) => i.status !== 'ended' && this.charts.of(i).listensTo.includes(message.type))
      .map((i) => i.flowId);
    for (const flowId of new Set([...asking, ...listening])) await this.deliver(flowId, cause);
    for (const flow of this.charts.newest()) if (flow.startedBy[message.type]) await this.start(flow, message.subject, cause);
  }

  /** Returns whether a flow of this service asked the task. */
  asks = (taskId: string): boolean => this.charts.owns(flowOfTask(taskId));

  /**
   * Routes an answer to the flow of its task; resolves to undefined if no flow of this service asked it. An answer to another team's task
   * or with `refused` is ignored. The writes of `beside` are stored in the same unit of work.
   */
  async handleTaskAnswer(
    message: GivenAnswer,
    beside: (delivery: InputOutcome, refusal?: string) => Partial<UnitOfWork> = () => ({}),
  ): Promise<InputOutcome | undefined> {
    const { taskId, person } = message.data;
    const flowId = flowOfTask(taskId);
    if (!this.charts.owns(flowId) || !(await this.options.store.row('flows', flowId))) return undefined;
    const cause = causeOfAnswer(message);
    const decide = this.decideWith(flowId, (before, now, policies) => {
      if (person !== undefined) assertFreeFor(before, taskId, person, now);
      return this.advanceOrPark(before, cause, now, policies);
    });
    return this.runStep(flowId, cause, decide, (step) => beside(outcomeOf(step), refusalOf(step)));
  }

  /** Claims, releases, hands over or comments an open task (CS-02); throws `NotFound`, and `Refusal` `task-closed` or `task-claimed`. */
  handleTaskWork(taskId: string, work: TaskWork, from: WorkSource, extra: Extra = noExtra): Promise<InputOutcome> {
    const decide = this.decideWith(flowOfTask(taskId), (...before) => workOnTask(taskId, work, ...before));
    return this.runStep(flowOfTask(taskId), causeOfWork(work, from), decide, extra);
  }

  /** Fires a deadline. It takes effect at most once, and not at all if it was cancelled or set again. */
  async fireDeadline(deadline: Omit<Deadline, 'dueAt'>): Promise<InputOutcome> {
    return traceDeadline(deadline, (trace) => this.deliver(deadline.owner, causeOfDeadline(deadline, trace), removeDeadline(deadline)));
  }

  /** Parks the flow of a deadline that keeps failing; a redrive fires it again. */
  async parkAtDeadline(deadline: Omit<Deadline, 'dueAt'>, error: unknown): Promise<InputOutcome> {
    const cause = causeOfDeadline(deadline);
    const parked = (before: FlowInstance, now: Instant, policies?: Policies): Step => {
      if (before.status === 'active') return park(before, deferredInputOf(cause), error, now);
      return handleInput(this.charts.of(before), before, cause, now, policies);
    };
    return this.runStep(deadline.owner, cause, this.decideWith(deadline.owner, parked), removeDeadline(deadline));
  }

  /** Retries a parked flow with the failed input and the deferred ones. Throws `NotFound`, and `Refusal` `flow-not-parked`. */
  async redrive(flowId: string, by: string, trace?: string): Promise<InputOutcome> {
    const { parked, streamVersion, correlation } = await this.parkedInstance(flowId);
    const cause = { ...parked.input, messageId: `${parked.input.messageId}/redriven/${streamVersion}`, meta: { by, correlation, trace } };
    const decide: Decide = async () => {
      const before = await this.instance(flowId);
      const now = await this.options.store.now();
      const policies = await this.policiesOf(before, now);
      const handle = () => this.handleParkedInputs(before, now, policies);
      const policyVersion = policies?.version;
      return before.parked ? { before, step: this.advanceOrPark(before, cause, now, policies, handle), policyVersion } : null;
    };
    return this.runStep(flowId, cause, decide, ({ instance }) => ({
      rows: [repair(instance, parked, { action: instance.parked ? 'tried' : 'redriven', by })],
    }));
  }

  /** Ends a parked flow for an operator. Throws `NotFound`, and `Refusal` `flow-not-parked`. */
  async dismiss(flowId: string, reason: string, by: string, trace?: string): Promise<InputOutcome> {
    const { parked, streamVersion, correlation } = await this.parkedInstance(flowId);
    const input = { type: 'FlowDismissed', reason };
    const cause = { input, by, messageId: `${flowId}/dismissed/${streamVersion}`, meta: { by, correlation, trace } };
    const decide: Decide = async () => {
      const before = await this.instance(flowId);
      return before.parked ? { before, step: dismiss(before, reason, await this.options.store.now()) } : null;
    };
    return this.runStep(flowId, cause, decide, ({ instance }) => ({
      rows: [repair(instance, parked, { action: 'dismissed', by, reason })],
    }));
  }

  async instance(flowId: string): Promise<FlowInstance> {
    const row = await this.options.store.row<FlowInstance>('flows', flowId);
    if (!row) throw new NotFound(`flow ${flowId}`);
    return row;
  }

  private async parkedInstance(flowId: string): Promise<FlowInstance & { readonly parked: ParkedInput }> {
    const instance = await this.instance(flowId);
    const { status, parked } = instance;
    if (!parked) throw new Refusal('flow-not-parked', `flow ${flowId} is ${status}: only a parked flow can be redriven or dismissed`);
    return { ...instance, parked };
  }

  private instances = (subject: string): Promise<readonly FlowInstance[]> => this.options.store.rows<FlowInstance>('flows', { subject });

  private async start(flow: Flow, subject: string, cause: IncomingInput): Promise<void> {
    const flowId = `${flow.id}-${deriveId(flow.id, cause.messageId)}`;
    const correlation = cause.meta.correlation ?? cause.messageId;
    await this.runStep(flowId, cause, async () => {
      if (await this.options.store.row('flows', flowId)) return null;
      const now = await this.options.store.now();
      const settings = await this.settings(subject, now);
      const initialContext = flow.startedBy[cause.input.type]?.(cause.input, settings?.values);
      if (!initialContext) return null;
      const { version: policyVersion } = settings?.policies ?? flow.policies;
      const step = startFlow(flow, flowId, subject, initialContext, cause, now, correlation, settings);
      return { before: null, step, policyVersion };
    });
  }

  private settings = async (subject: string, now: Instant): Promise<FlowSettings | undefined> => this.options.settings?.(subject, now);

  /** The policies in force by which a flow counts its deadlines; undefined where its version is not registered. */
  async policiesOf(instance: Pick<FlowInstance, 'flow' | 'version' | 'subject'>, now: Instant): Promise<Policies | undefined> {
    return (await this.settings(instance.subject, now))?.policies ?? this.charts.find(instance.flow, instance.version)?.policies;
  }

  private async deliver(flowId: string, cause: IncomingInput, extra: Extra = noExtra): Promise<InputOutcome> {
    return this.runStep(
      flowId,
      cause,
      this.decideWith(flowId, (before, now, policies) => this.advanceOrPark(before, cause, now, policies)),
      extra,
    );
  }

  private decideWith(flowId: string, step: (before: FlowInstance, now: Instant, policies?: Policies) => Step | null): Decide {
    return async () => {
      const before = await this.instance(flowId);
      const now = await this.options.store.now();
      const policies = await this.policiesOf(before, now);
      const decided = step(before, now, policies);
      return decided && { before, step: decided, policyVersion: policies?.version };
    };
  }

  private advanceOrPark(
    before: FlowInstance,
    cause: IncomingInput,
    now: Instant,
    policies: Policies | undefined,
    handle = () => handleInput(this.charts.of(before), before, cause, now, policies),
  ): Step {
    try {
      return handle();
    } catch (error) {
      if (error instanceof UnknownFlowVersion) throw error;
      return park(before, deferredInputOf(cause), error, now);
    }
  }

  private handleParkedInputs(before: FlowInstance, now: Instant, policies: Policies | undefined): Step {
    const flow = this.charts.of(before);
    const inputs = inputsToRedrive(before);
    const [first] = inputs;
    if (!first) throw new Error(`flow ${before.flowId} is parked but has no input to redrive`);
    return inputs.reduce(
      (step, input) => joinSteps(step, handleInput(flow, step.instance, input, now, policies)),
      reactivate(before, first, now),
    );
  }

  private runStep(flowId: string, cause: IncomingInput, decide: Decide, extra: Extra = noExtra): Promise<InputOutcome> {
    return traceStep(flowId, cause, (meta, recordOutcome) =>
      this.decideAndCommit(flowId, { ...cause, meta }, decide, extra, recordOutcome),
    );
  }

  /** Decides and commits, with retries after conflicts. A refused command to the own service parks the flow. */
  private async decideAndCommit(
    flowId: string,
    cause: IncomingInput,
    decide: Decide,
    extra: Extra,
    recordOutcome: NoteOutcome,
  ): Promise<InputOutcome> {
    for (let attempt = 1; ; attempt += 1) {
      const decided = await decide();
      if (!decided) return 'duplicate';
      let { step } = decided;
      let own: LocalWrites = { appends: [], rows: [] };
      try {
        own = await decideLocalCommands(this.options, flowId, step.events, cause.meta);
      } catch (error) {
        if (!(error instanceof Refusal) || !decided.before) throw error;
        step = park(decided.before, deferredInputOf(cause), error, step.instance.movedAt);
      }
      const outcome = await this.options.store.commit(stepUnit(flowId, cause, { ...decided, step }, own, extra(step)));
      const result = inputOutcome(outcome, step);
      if (result) {
        recordOutcome(decided.before, step, result);
        return result;
      }
      if (attempt >= maxAttempts) throw tooManyConflicts(flowId, attempt, outcome);
    }
  }
}
