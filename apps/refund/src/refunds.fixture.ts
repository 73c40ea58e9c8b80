import { eventsTopicOf } from '@orderloom/contracts';
import { messageFaults } from '@orderloom/flows';
import type { RefundEvent } from './refund-facts.js';

export const orderNumber = '536365';
export const refundId = 'refund-1';
export const ids = { orderNumber, refundId };
export const payment = { method: 'card', captured: 30_000, reference: 'pay-536365' };

/** A refund of 100.00 GBP that a flow filed; above 200.00 two people approve. */
export const requested = (amount = 10_000, filedBy = 'flow:cancel-order-1'): Extract<RefundEvent, { type: 'RefundRequested' }>['data'] => ({
  ...ids,
  cause: 'cancelled',
  declaredReason: undefined,
  caseId: undefined,
  amount,
  currency: 'GBP',
  parts: [{ kind: 'goods', amount }],
  filedBy,
  twoApprovals: amount > 20_000,
  method: 'card',
  reference: payment.reference,
  flow: 'cancel-order-1',
});

export const contractFaults = (...events: readonly RefundEvent[]): string[] =>
  events.flatMap(({ type, data }) => messageFaults(eventsTopicOf('refund'), type, data));
