import { paymentsNotices } from '@orderloom/contracts';
import type { Answer } from './answers.js';
import type { Outside } from './outside.js';
import type { Special } from './teams.js';
import type { Task } from './task.js';

export interface Payout {
  readonly orderNumber: string;
  readonly amount: number;
}

/** Pays a key once, whatever it answers; says nothing, late, or twice. */
export class PaymentProvider {
  readonly special: Readonly<Record<string, Special>> = { 'pay-refund': (task) => this.pay(task) };
  /** By idempotency key: what customers have of it. */
  readonly paid = new Map<string, Payout>();
  /** Keys of which it said first that they were paid, and then that they were not. */
  readonly takenBack = new Set<string>();
  /** Keys that it paid after it had said that it would not. */
  readonly paidLate = new Set<string>();
  /** Tasks that it refused: asked about them again, it says the same. */
  private readonly refused = new Set<string>();
  /** Tasks that it has said were paid. */
  private readonly confirmed = new Set<string>();
  /** Tasks that asked for a key. */
  private readonly asked = new Map<string, Set<string>>();
  private said = 0;

  constructor(private readonly outside: Outside) {}

  private pay(task: Task): Answer | undefined {
    const { taskId, about } = task;
    const { random } = this.outside;
    const { idempotencyKey, orderNumber, amount } = about as unknown as Payout & { idempotencyKey: string };
    this.asked.set(idempotencyKey, (this.asked.get(idempotencyKey) ?? new Set<string>()).add(taskId));
    if (!this.paid.has(idempotencyKey)) {
      if (this.refused.has(taskId) || random.chance(0.12)) {
        if (!this.refused.has(taskId) && random.chance(0.1)) this.later(task, 'it pays after all', () => this.payLate(task));
        this.refused.add(taskId);
        return { type: 'RefundFailed', reason: 'the card was refused' };
      }
      this.paid.set(idempotencyKey, { orderNumber, amount });
    }
    if (random.chance(0.15)) return undefined;
    if (!this.confirmed.has(taskId) && random.chance(0.05)) this.later(task, 'it takes the payment back', () => this.takeBack(task));
    this.confirmed.add(taskId);
    return { type: 'RefundSucceeded', providerReference: referenceOf(idempotencyKey) };
  }

  /** REF-05: days later it is otherwise. */
  private later({ taskId }: Task, what: string, act: () => void): void {
    this.outside.in(this.outside.random.between(1, 150), `${taskId}: ${what}`, act);
  }

  private payLate({ taskId, about }: Task): void {
    const { idempotencyKey: key, orderNumber, amount } = about as unknown as Payout & { idempotencyKey: string };
    if (this.paid.has(key) || this.takenBack.has(key)) return;
    this.paid.set(key, { orderNumber, amount });
    this.paidLate.add(key);
    this.say(taskId, orderNumber, { type: 'RefundSucceeded', providerReference: referenceOf(key) });
  }

  private takeBack({ taskId, about }: Task): void {
    const { idempotencyKey: key, orderNumber } = about as unknown as Payout & { idempotencyKey: string };
    if (!this.paid.delete(key)) return;
    // a later task may have asked for the same key by then: only one that asks after this is paid again
    for (const task of this.asked.get(key) ?? []) this.refused.add(task);
    this.takenBack.add(key);
    this.say(taskId, orderNumber, { type: 'RefundFailed', reason: 'the account is closed' });
  }

  private say(taskId: string, orderNumber: string, answer: Answer): void {
    this.said += 1;
    const data = { taskId, answer, by: 'provider' };
    this.outside.say({ topic: paymentsNotices, type: 'TaskAnswered', key: orderNumber, id: `late-${this.said}`, source: 'provider', data });
  }
}

export const referenceOf = (key: string): string => `psp-${key}`;
