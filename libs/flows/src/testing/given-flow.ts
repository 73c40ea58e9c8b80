import { deepStrictEqual } from 'node:assert/strict';
import type { Deadline } from '@orderloom/event-sourcing';
import type { Instant } from '@orderloom/kernel';
import type { FlowInput } from '../definition/chart.js';
import type { Flow } from '../definition/flow-definition.js';
import type { FlowEvent } from '../step/flow-event.js';
import { type FlowInstance, type DeferredInput, type OpenTask, stateName } from '../step/instance.js';
import { handleInput, startFlow, type Step } from '../step/step.js';

type Said = { readonly [T in FlowEvent['type']]: Extract<FlowEvent, { type: T }>['data'] };

const start = '2010-12-01T09:00:00.000000Z';

/**
 * `givenFlow(cancelOrder, fact).when('ShipmentHeld').then('assessingLoss', 'ask purchasing: loss-on-bought-goods')`: a flow's rule
 * as a test. Every step is taken twice, the second time from the stored JSON, as after a crash, and must give the same bytes. `settings`: what the start reads.
 */
export function givenFlow(flow: Flow, startedBy: FlowInput, now: Instant = start, settings?: object): FlowCase {
  const about = flow.startedBy[startedBy.type]?.(startedBy, settings);
  if (!about) throw new Error(`${flow.id} is not started by this ${startedBy.type}`);
  const subject = String(startedBy.orderNumber ?? 'subject-1');
  const cause = { input: startedBy, messageId: 'message-0', by: 'somebody' };
  return new FlowCase(
    flow,
    sameTwice(() => startFlow(flow, `${flow.id}-1`, subject, JSON.parse(JSON.stringify(about)) as object, cause, now, 'story-1')),
    now,
  );
}

export class FlowCase {
  readonly said: FlowEvent[];
  private readonly timers = new Map<string, Deadline>();

  constructor(
    private readonly flow: Flow,
    private step: Step,
    private now: Instant,
  ) {
    this.said = [...step.events];
    this.note(step);
  }

  get instance(): FlowInstance {
    return this.step.instance;
  }

  /** A fact or a command's result arrives. */
  when(input: FlowInput | string, ...more: object[]): this {
    const fact = typeof input === 'string' ? { type: input, ...Object.assign({}, ...more) } : input;
    return this.take({ input: fact, by: 'somebody' });
  }

  /** The open task of `question` is answered. */
  answered(question: string, type: string, fields: object = {}, by = 'somebody'): this {
    return this.answeredTask(this.task(question).taskId, type, fields, by);
  }

  answeredTask(taskId: string, type: string, fields: object = {}, by = 'somebody'): this {
    return this.take({ input: { type, ...fields, by }, taskId, by });
  }

  /** The deadline of a policy value falls due: time passes until then. */
  due(policy: string): this {
    const timer = [...this.timers.values()].find((d) => (d.data as { policy: string }).policy === policy);
    if (!timer) throw new Error(`no deadline ${policy} is set in ${stateName(this.instance.state)}`);
    if (timer.dueAt > this.now) this.now = timer.dueAt;
    this.timers.delete(timer.id);
    return this.take({ input: (timer.data as { input: FlowInput }).input, by: 'clock' });
  }

  /** Asserts the state and all external effects of the last step, in order. */
  then(state: string, ...did: readonly string[]): this {
    deepStrictEqual({ state: stateName(this.instance.state), did: this.step.events.flatMap(deed) }, { state, did });
    return this;
  }

  thenKept(): this {
    deepStrictEqual(this.types(), ['InputKept']);
    return this;
  }

  /** The last input changed nothing and is recorded, for a reason that says `why`. */
  thenStrayed(why: RegExp): this {
    deepStrictEqual(this.types(), ['InputStrayed']);
    const [event] = this.step.events;
    if (event?.type !== 'InputStrayed' || !why.test(event.data.why))
      throw new Error(`strayed for another reason: ${JSON.stringify(event)}`);
    return this;
  }

  task(question: string): OpenTask {
    const task = this.instance.tasks.find((t) => t.question === question);
    if (!task) throw new Error(`${question} is not asked in ${stateName(this.instance.state)}`);
    return task;
  }

  /** Due time of the deadline of a policy value; undefined if none is set. */
  dueAt(policy: string): Instant | undefined {
    return [...this.timers.values()].find((d) => (d.data as { policy: string }).policy === policy)?.dueAt;
  }

  /** The data of the last event of `type`, of those for which `of` (a command, template, notice or question) is the name. */
  last<T extends FlowEvent['type']>(type: T, of?: string): Said[T] {
    const named = (data: object): boolean => of === undefined || Object.values(data).includes(of);
    const event = this.said.filter((e) => e.type === type && named(e.data)).at(-1);
    if (!event) throw new Error(`no ${type} ${of ?? ''} was said`);
    return event.data as unknown as Said[T];
  }

  private take(cause: Omit<DeferredInput, 'messageId'>): this {
    const before = JSON.stringify(this.instance);
    const whole = { ...cause, messageId: `message-${this.said.length}` };
    this.step = sameTwice(() => handleInput(this.flow, JSON.parse(before) as FlowInstance, whole, this.now));
    this.said.push(...this.step.events);
    this.note(this.step);
    return this;
  }

  private note({ deadlines }: Step): void {
    for (const write of deadlines) {
      if (write.op === 'set') this.timers.set(write.deadline.id, write.deadline);
      else this.timers.delete(write.id);
    }
  }

  private types = (): string[] => this.step.events.map((e) => e.type);
}

function sameTwice(take: () => Step): Step {
  const [first, again] = [JSON.stringify(take()), JSON.stringify(take())];
  deepStrictEqual(again, first);
  return JSON.parse(first) as Step;
}

/** An effect in words. */
function deed({ type, data }: FlowEvent): string[] {
  switch (type) {
    case 'TaskAsked':
      return [`ask ${data.team}: ${data.question}`];
    case 'TaskReminded':
      return [`remind ${data.team}: ${data.question}`];
    case 'TaskEscalated':
      return [`escalate ${data.team}: ${data.question}`];
    case 'TaskClosed':
      return data.how === 'withdrawn' ? [`withdraw ${data.team}: ${data.question}`] : [];
    case 'CommandSent':
      return [`send ${data.service}: ${data.command}`];
    case 'CustomerTold':
      return [`tell customer: ${data.template}`];
    case 'TeamInformed':
      return [`inform ${data.team}: ${data.notice}`];
    case 'FlowEnded':
      return [`end: ${data.outcome}`];
    default:
      return [];
  }
}
