import { createHash } from 'node:crypto';
import { answering } from '../teams/task-inbox.js';
import type { TaskHandlers } from '../teams/task.js';
import type { PartnerContext } from '../behaviour/partner-context.js';

/** The payment provider: a ledger by idempotency key, so that no key is paid twice (REF-05). */
export class PaymentProvider {
  private readonly paid = new Map<string, string>();
  private readonly asked = new Set<string>();

  constructor(private readonly context: PartnerContext) {}

  readonly handlers: TaskHandlers = {
    'pay-refund': (task) =>
      answering(this.context, () => {
        const { idempotencyKey } = task.about as { idempotencyKey: string };
        const type = this.context.behaviour.choice(task.draw);
        if (type === 'RefundFailed' && !this.asked.has(idempotencyKey)) {
          this.asked.add(idempotencyKey);
          return { type, reason: 'the card’s bank refused the credit' };
        }
        return { type: 'RefundSucceeded', providerReference: this.pay(idempotencyKey) };
      })(task),
  };

  /** Reference of the one payment under this key. */
  pay(key: string): string {
    const reference = this.paid.get(key) ?? `psp-${createHash('sha256').update(key).digest('hex').slice(0, 16)}`;
    this.paid.set(key, reference);
    return reference;
  }
}
