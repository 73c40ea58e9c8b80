import { questions } from '@orderloom/contracts';
import { z } from 'zod';

/** REF-04: what is to be paid back. `amount` in minor units; the same `taskId` is the same attempt, however often it is asked. */
export const refundTask = questions['pay-refund'].about.extend({ taskId: z.string() });
export type RefundTask = z.infer<typeof refundTask>;

/** REF-05: `pending` leaves the task open: the provider tells the outcome later. */
export type PaymentResult =
  | { readonly status: 'succeeded'; readonly providerReference: string }
  | { readonly status: 'failed'; readonly reason: string }
  | { readonly status: 'pending' };

/** Result of a task that was asked earlier. `of` names this state of the provider's record, so that a repeated notice has no effect. */
export interface Notice {
  readonly taskId: string;
  readonly orderNumber: string;
  readonly of: string;
  readonly result: PaymentResult;
}

/** The payment provider port (REF-04, REF-05). Calls happen outside any transaction and may be repeated. */
export interface PaymentProvider {
  readonly name: string;
  /** Throws `OutcomeUnknown` where the provider does not say whether it paid. Never pays an `idempotencyKey` twice. */
  pay(task: RefundTask): Promise<PaymentResult>;
  /**
   * The result that a webhook is about; null if it is about none of our refunds. `body` are the bytes that were signed. Throws an
   * `HttpProblem` for a signature that does not hold, and `OutcomeUnknown`.
   */
  readonly readWebhook?: (body: Buffer, headers: Readonly<Record<string, string | string[] | undefined>>) => Promise<Notice | null>;
}

/** Nobody knows whether the provider paid: the task stays open and is asked again under the same key (REF-05). */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
}

/** A provider that reads the task topic itself and answers on `orderloom.payments.notices`: nothing is to be called. */
export const topicProvider = (name: string): PaymentProvider => ({ name, pay: () => Promise.resolve({ status: 'pending' }) });
