import type { CloudEvent } from '@orderloom/messaging';
import { type Append, type Deadline, type EventStore, type NewEvent, type RowWrite, type UnitOfWork } from '@orderloom/event-sourcing';
import { deriveId, type Instant, NotFound, Refusal } from '@orderloom/kernel';
import { Charts, UnknownChart } from './charts.js';
import {
  type Cause,
  causeOf,
  type Delivery,
  delivered,
  deliveryOf,
  flowOfTask,
  type GivenAnswer,
  join,
  kept,
  refusalOf,
} from './delivery.js';
import { causeOfDeadline, fired } from './due.js';
import type { Flow } from './flow.js';
import type { FlowInstance } from './instance.js';
import { type CommandRoutes, ownCommands } from './own-commands.js';
import { dismiss, park, type ParkedInput, repair, revive, unpark } from './parked.js';
import { advance, begin, type Step } from './step.js';
import { firing, stepping, type Told, traceable } from './telemetry.js';

export interface FlowRuntimeOptions {
  readonly store: EventStore;
  readonly service: string;
  /** Every version that still runs; of one flow the last one starts new cases. */
  readonly flows: readonly Flow[];
  /** The own service's commands, for flows that send to their own service. */
  readonly commands: CommandRoutes;
}

/** What else belongs to a step's unit of work. */
type Extra = (step: Step) => Partial<UnitOfWork>;
const nothing: Extra = () => ({});

type Decide = () => Promise<{ readonly before: FlowInstance | null; readonly step: Step } | null>;

const tries = 20;

/** Runs flows: one input, its effects and the new state are one unit of work. */
export class FlowRuntime {
  private readonly charts: Charts;

  constructor(private readonly options: FlowRuntimeOptions) {
    this.charts = new Charts(options.flows);
  }

  /** Types of facts that start flows or that they listen to. */
  get facts(): ReadonlySet<string> {
    return this.charts.facts;
  }

  /** Gives a published fact to the flow that asked for it, to those that listen, and starts those that it starts. */
  async fact(message: CloudEvent<object>): Promise<void> {
    const cause = causeOf(message, { type: message.type, ...message.data });
    const asking = message.flow !== undefined && this.charts.owns(message.flow) ? [message.flow] : [];
    const candidates = this.charts.listening(message.type) ? await this.instances(message.subject) : [];
    const listening = candidates
      .filter((i) => i.status !== 'ended' && this.charts.of(i).listensTo.includes(message.type))
      .map((i) => i.flowId);
    for (const flowId of new Set([...asking, ...listening])) await this.deliver(flowId, cause);
    for (const flow of this.charts.newest()) if (flow.startedBy[message.type]) await this.start(flow, message.subject, cause);
  }

  /** Whether a flow of this service asked the task. */
  asks = (taskId: string): boolean => this.charts.owns(flowOfTask(taskId));

  /**
   * Gives an answer to its task's flow; undefined where no flow of this service asked it. It counts for tasks of its `teams` only, and not
   * where it is `refused`. What `beside` makes of it is stored with its effects.
   */
  async answer(
    message: GivenAnswer,
    beside: (delivery: Delivery, refusal?: string) => Partial<UnitOfWork> = () => ({}),
  ): Promise<Delivery | undefined> {
    const { taskId, answer, by, teams, refused } = message.data;
    const flowId = flowOfTask(taskId);
    if (!this.charts.owns(flowId) || !(await this.options.store.row('flows', flowId))) return undefined;
    const cause = { ...causeOf({ ...message, by }, { ...answer, by }), taskId, teams, ...(refused !== undefined && { refused }) };
    return this.deliver(flowId, cause, (step) => beside(deliveryOf(step), refusalOf(step)));
  }

  /** Fires a deadline: at most one effect, none when it was cancelled or armed anew. */
  async due(deadline: Omit<Deadline, 'dueAt'>): Promise<Delivery> {
    return firing(deadline, (trace) => this.deliver(deadline.owner, causeOfDeadline(deadline, trace), fired(deadline)));
  }

  /** Parks the flow of a deadline that can't be fired; a redrive fires it. */
  async giveUp(deadline: Omit<Deadline, 'dueAt'>, error: unknown): Promise<Delivery> {
    const cause = causeOfDeadline(deadline);
    const parked = (before: FlowInstance, now: Instant): Step => {
      if (before.status === 'active') return park(before, kept(cause), error, now);
      return advance(this.charts.of(before), before, cause, now);
    };
    return this.write(deadline.owner, cause, this.deciding(deadline.owner, parked), fired(deadline));
  }

  /** Tries a parked flow again: the input that threw, then what came since. Throws `NotFound`, `Refusal` `flow-not-parked`. */
  async redrive(flowId: string, by: string, trace?: string): Promise<Delivery> {
    const { parked, streamVersion, correlation } = await this.parked(flowId);
    const cause = { ...parked.input, messageId: `${parked.input.messageId}/redriven/${streamVersion}`, meta: { by, correlation, trace } };
    const decide: Decide = async () => {
      const before = await this.instance(flowId);
      const now = await this.options.store.now();
      return before.parked ? { before, step: this.attempt(before, cause, now, () => this.unparked(before, now)) } : null;
    };
    return this.write(flowId, cause, decide, ({ instance }) => ({
      rows: [repair(instance, parked, { did: instance.parked ? 'tried' : 'redriven', by })],
    }));
  }

  /** Gives a parked flow up, on somebody's word. Throws `NotFound`, `Refusal` `flow-not-parked`. */
  async dismiss(flowId: string, reason: string, by: string, trace?: string): Promise<Delivery> {
    const { parked, streamVersion, correlation } = await this.parked(flowId);
    const input = { type: 'FlowDismissed', reason };
    const cause = { input, by, messageId: `${flowId}/dismissed/${streamVersion}`, meta: { by, correlation, trace } };
    const decide: Decide = async () => {
      const before = await this.instance(flowId);
      return before.parked ? { before, step: dismiss(before, reason, await this.options.store.now()) } : null;
    };
    return this.write(flowId, cause, decide, ({ instance }) => ({ rows: [repair(instance, parked, { did: 'dismissed', by, reason })] }));
  }

  async instance(flowId: string): Promise<FlowInstance> {
    const row = await this.options.store.row<FlowInstance>('flows', flowId);
    if (!row) throw new NotFound(`flow ${flowId}`);
    return row;
  }

  private async parked(flowId: string): Promise<FlowInstance & { readonly parked: ParkedInput }> {
    const instance = await this.instance(flowId);
    const { status, parked } = instance;
    if (!parked) throw new Refusal('flow-not-parked', `flow ${flowId} is ${status}, not parked`);
    return { ...instance, parked };
  }

  private instances = (subject: string): Promise<readonly FlowInstance[]> => this.options.store.rows<FlowInstance>('flows', { subject });

  private async start(flow: Flow, subject: string, cause: Cause): Promise<void> {
    const flowId = `${flow.id}-${deriveId(flow.id, cause.messageId)}`;
    const correlation = cause.meta.correlation ?? cause.messageId;
    const about = flow.startedBy[cause.input.type]?.(cause.input) ?? {};
    await this.write(flowId, cause, async () => {
      if (await this.options.store.row('flows', flowId)) return null;
      return { before: null, step: begin(flow, flowId, subject, about, cause, await this.options.store.now(), correlation) };
    });
  }

  private async deliver(flowId: string, cause: Cause, extra: Extra = nothing): Promise<Delivery> {
    return this.write(
      flowId,
      cause,
      this.deciding(flowId, (before, now) => this.attempt(before, cause, now)),
      extra,
    );
  }

  private deciding(flowId: string, step: (before: FlowInstance, now: Instant) => Step): Decide {
    return async () => {
      const before = await this.instance(flowId);
      return { before, step: step(before, await this.options.store.now()) };
    };
  }

  private attempt(
    before: FlowInstance,
    cause: Cause,
    now: Instant,
    take = () => advance(this.charts.of(before), before, cause, now),
  ): Step {
    try {
      return take();
    } catch (error) {
      if (error instanceof UnknownChart) throw error;
      return park(before, kept(cause), error, now);
    }
  }

  private unparked(before: FlowInstance, now: Instant): Step {
    const flow = this.charts.of(before);
    const inputs = unpark(before);
    const [first] = inputs;
    if (!first) throw new Error(`flow ${before.flowId} is parked without an input`);
    return inputs.reduce((step, input) => join(step, advance(flow, step.instance, input, now)), revive(before, first, now));
  }

  private write(flowId: string, cause: Cause, decide: Decide, extra: Extra = nothing): Promise<Delivery> {
    return stepping(flowId, cause, (meta, told) => this.carryOut(flowId, { ...cause, meta }, decide, extra, told));
  }

  /** Decides and commits, again after a conflict; a refused own command parks the flow. */
  private async carryOut(flowId: string, cause: Cause, decide: Decide, extra: Extra, told: Told): Promise<Delivery> {
    for (let attempt = 1; ; attempt += 1) {
      const decided = await decide();
      if (!decided) return 'duplicate';
      let { step } = decided;
      let own: { appends: readonly Append[]; rows: readonly RowWrite[] } = { appends: [], rows: [] };
      try {
        own = await ownCommands(this.options, flowId, step.events, cause.meta);
      } catch (error) {
        if (!(error instanceof Refusal) || !decided.before) throw error;
        step = park(decided.before, kept(cause), error, step.instance.movedAt);
      }
      const outcome = await this.options.store.commit(this.unit(flowId, cause, decided.before, step, own, extra(step)));
      const result = delivered(outcome, step);
      if (result) {
        told(decided.before, step, result);
        return result;
      }
      if (attempt >= tries)
        throw new Error(
          `flow ${flowId}: ${tries} conflicts in a row on ${outcome.status === 'conflict' ? outcome.stream : outcome.status}`,
        );
    }
  }

  private unit(
    flowId: string,
    cause: Cause,
    before: FlowInstance | null,
    step: Step,
    own: { appends: readonly Append[]; rows: readonly RowWrite[] },
    extra: Partial<UnitOfWork>,
  ): UnitOfWork {
    const { instance } = step;
    const [held, holds] = [before?.exclusive, instance.exclusive];
    const claim: RowWrite[] = holds && !before ? [{ op: 'insert', table: 'flow_claims', key: holds, row: { flowId } }] : [];
    const release: RowWrite[] = held && !holds ? [{ op: 'remove', table: 'flow_claims', key: held }] : [];
    const events: NewEvent[] = step.events.map(({ type, data, rule }) => ({ type, data, rule, objects: [{ type: 'flow', id: flowId }] }));
    return {
      ...extra,
      meta: {
        ...cause.meta,
        correlation: instance.correlation,
        policyVersion: this.charts.find(instance.flow, instance.version)?.policies.version,
      },
      inbox: { consumer: `flow/${flowId}`, message: cause.messageId },
      appends: [
        { stream: `flow-${flowId}`, subject: instance.subject, expected: before?.streamVersion || 'none', events },
        ...own.appends,
        ...(extra.appends ?? []),
      ],
      rows: [{ op: 'put', table: 'flows', key: flowId, row: instance }, ...claim, ...release, ...own.rows, ...(extra.rows ?? [])],
      deadlines: [...(extra.deadlines ?? []), ...traceable(step.deadlines, cause.meta.trace)],
    };
  }
}
