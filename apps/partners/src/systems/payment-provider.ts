import { createHash } from 'node:crypto';
import { answering } from '../teams/task-inbox.js';
import type { TaskHandlers } from '../teams/task.js';
import type { PartnerContext } from '../behaviour/partner-context.js';

/** The payment provider: a ledger by idempotency key, so that no key is paid twice (REF-05). */
export class PaymentProvider {
  private readonly paid = new Map<string, string>();
  private readonly asked = new Set<string>();

  /** Another provider pays to payments whose references begin with one of `others`. */
  constructor(
    private readonly context: PartnerContext,
    private readonly others: readonly string[] = [],
  ) {}

  readonly handlers: TaskHandlers = {
    'pay-refund': (task) => {
      const { idempotencyKey, reference } = task.about as { idempotencyKey: string; reference?: string };
      if (this.others.some((other) => reference?.startsWith(other) === true)) return Promise.resolve();
      return answering(this.context, () => {
        const type = this.context.behaviour.choice(task.draw);
        if (type === 'RefundFailed' && !this.asked.has(idempotencyKey)) {
          this.asked.add(idempotencyKey);
          return { type, reason: 'the card’s bank refused the credit' };
        }
        return { type: 'RefundSucceeded', providerReference: this.pay(idempotencyKey) };
      })(task);
    },
  };

  /** Reference of the one payment under this key. */
  pay(key: string): string {
    const reference = this.paid.get(key) ?? `psp-${createHash('sha256').update(key).digest('hex').slice(0, 16)}`;
    this.paid.set(key, reference);
    return reference;
  }
}
