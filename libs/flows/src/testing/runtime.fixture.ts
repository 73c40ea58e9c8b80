import { eventsTopicOf } from '@orderloom/contracts';
import { execute, MemoryStore, type Outcome, type UnitOfWork } from '@orderloom/event-sourcing';
import type { CloudEvent } from '@orderloom/messaging';
import type { FlowEvent } from '../step/flow-event.js';
import type { FlowInput } from '../definition/chart.js';
import type { FlowInstance } from '../step/instance.js';
import { FlowRuntime } from '../runtime/runtime.js';
import { box, errand } from './errand.fixture.js';

export const orderNumber = '536365';
export const monday = '2010-12-06T09:00:00.000000Z';

/** A store whose commits a test may let fail: `false` before the commit, `true` after it, as a crash would cut them off. */
class FailingStore extends MemoryStore {
  /** Asked before each commit; what it does in between is a competitor's. */
  before: () => Promise<void> = () => Promise.resolve();
  crash: 'before' | 'after' | null = null;
  commits = 0;

  override async commit(unit: UnitOfWork): Promise<Outcome> {
    const { crash } = this;
    this.crash = null;
    if (crash === 'before') throw new Error('crashed before the commit');
    const meddle = this.before;
    this.before = () => Promise.resolve();
    await meddle();
    const outcome = await super.commit(unit);
    this.commits += 1;
    if (crash === 'after') throw new Error('crashed after the commit');
    return outcome;
  }
}

interface Answer {
  readonly taskId: string;
  readonly answer: FlowInput;
  readonly by: string;
  readonly teams: readonly string[];
}

/** A service with the errand and the watch on a store in memory; time stands still. */
export class TestService {
  readonly store = new FailingStore();
  readonly runtime: FlowRuntime;
  private messages = 0;

  constructor(flows = [errand]) {
    this.store.setNow('2010-12-03T09:00:00.000000Z');
    const route = { decider: box, id: 'orderNumber' };
    const commands = { PutThing: route, CloseBox: route };
    this.runtime = new FlowRuntime({ store: this.store, service: 'order', flows, commands });
  }

  message<D extends object>(type: string, data: D, more: Partial<CloudEvent> = {}): CloudEvent<D> {
    this.messages += 1;
    const id = `message-${this.messages}`;
    return { id, source: eventsTopicOf('order'), type, typeVersion: 1, subject: orderNumber, time: '', ...more, data };
  }

  wanted = (id = 'wanted', subject = orderNumber): CloudEvent<object> =>
    this.message('GoodsWanted', { orderNumber: subject, promisedAt: monday, budget: 100 }, { id, subject });

  answer = (taskId: string, answer: FlowInput, teams = ['warehouse', 'customer']): CloudEvent<Answer> =>
    this.message('TaskAnswered', { taskId, answer, by: 'li', teams });

  flows = (flow = 'errand', subject = orderNumber): Promise<readonly FlowInstance[]> =>
    this.store.rows<FlowInstance>('flows', { flow, subject });

  /** The one flow of this kind. */
  async one(flow = 'errand', subject = orderNumber): Promise<FlowInstance> {
    const [instance, second] = await this.flows(flow, subject);
    if (!instance || second) throw new Error(`${second ? 'more than one' : 'no'} ${flow} of ${subject}`);
    return instance;
  }

  async said(flowId: string): Promise<FlowEvent[]> {
    return (await this.store.load(`flow-${flowId}`)).events as unknown as FlowEvent[];
  }

  types = async (stream: string): Promise<string[]> => (await this.store.load(stream)).events.map((e) => e.type);

  /** An errand that looks for goods. */
  async started(): Promise<FlowInstance> {
    await this.runtime.handleEvent(this.wanted());
    return this.one();
  }

  /** An answer to the errand's only question. */
  async answered(answer: FlowInput): Promise<CloudEvent<Answer>> {
    const [task] = (await this.one()).tasks;
    return this.answer(String(task?.taskId), answer);
  }

  async box(type: 'CloseBox' | 'OpenBox'): Promise<void> {
    await execute(this.store, { decider: box, id: orderNumber, command: { type }, meta: { by: 'somebody' } });
  }
}
