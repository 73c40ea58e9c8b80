import type { Answer } from './answers.js';
import type { Outside } from './outside.js';
import type { Special, Task } from './teams.js';

export interface Payout {
  readonly orderNumber: string;
  readonly amount: number;
}

/** Pays a key once, whatever it answers; says nothing, late, or twice. */
export class PaymentProvider {
  readonly special: Readonly<Record<string, Special>> = { 'pay-refund': (task) => this.pay(task) };
  /** By idempotency key. */
  readonly paid = new Map<string, Payout>();
  /** Tasks that it refused: asked about them again, it says the same. */
  private readonly refused = new Set<string>();

  constructor(private readonly outside: Outside) {}

  private pay({ taskId, about }: Task): Answer | undefined {
    const { random } = this.outside;
    const { idempotencyKey, orderNumber, amount } = about as unknown as Payout & { idempotencyKey: string };
    if (!this.paid.has(idempotencyKey)) {
      if (this.refused.has(taskId) || random.chance(0.12)) {
        this.refused.add(taskId);
        return { type: 'RefundFailed', reason: 'the card was refused' };
      }
      this.paid.set(idempotencyKey, { orderNumber, amount });
    }
    return random.chance(0.15) ? undefined : { type: 'RefundSucceeded', providerReference: `psp-${idempotencyKey}` };
  }
}
