import { BehaviourProfile } from './behaviour-profile.js';
import type { IncomingMessage, OutgoingMessage } from '../messaging/message.js';
import type { PartnerContext } from './partner-context.js';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const start = Date.parse('2010-12-01T08:00:00Z');

/** A context for specs: time passes when told to, what is said is kept. */
export class FakeContext implements PartnerContext {
  readonly sent: OutgoingMessage[] = [];
  readonly behaviour: BehaviourProfile;
  private hours = 0;
  private sleepers: { readonly until: number; readonly wake: () => void }[] = [];

  constructor(behaviour: object = {}, seed = 'spec') {
    this.behaviour = new BehaviourProfile(seed, behaviour as never);
  }

  wait(hours: number): Promise<void> {
    return new Promise((wake) => this.sleepers.push({ until: this.hours + hours, wake }));
  }

  now(): Date {
    return new Date(start + this.hours * 3_600_000);
  }

  send(...sayings: readonly OutgoingMessage[]): Promise<void> {
    this.sent.push(...sayings);
    return Promise.resolve();
  }

  /** Lets `hours` pass, waking everybody in the order of their time. */
  async advance(hours: number): Promise<void> {
    const end = this.hours + hours;
    await settled();
    for (let next = this.nextWithin(end); next; next = this.nextWithin(end)) {
      this.hours = Math.max(this.hours, next.until);
      this.sleepers = this.sleepers.filter((s) => s !== next);
      next.wake();
      await settled();
    }
    this.hours = end;
  }

  /** Types of what was said; an answer by the type of the answer. */
  get types(): string[] {
    return this.sent.map(({ type, data }) => (data as { answer?: { type: string } }).answer?.type ?? type);
  }

  private nextWithin(end: number) {
    return this.sleepers.filter((s) => s.until <= end).sort((a, b) => a.until - b.until)[0];
  }
}

/** A message about a task, as flows say it. */
export const task = (
  team: string,
  question: string,
  about: object = {},
  { type = 'TaskAsked', subject = '536365', id = `${question}.1`, time = '2010-12-01T08:00:00.000000Z' } = {},
): IncomingMessage => ({
  topic: `orderloom.tasks.${team}`,
  key: subject,
  id: `${type}-${id}`,
  type,
  time,
  data: { taskId: id, subject, question, rule: 'CS-02', about: { orderNumber: subject, ...about }, answers: [], dueAt: null },
});
