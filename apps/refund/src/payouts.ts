import type { Decider, Fact } from '@orderloom/event-sourcing';
import type { Instant } from '@orderloom/kernel';

/** `payer` is the flow that asks the provider, one per refund. */
interface Ids {
  readonly orderNumber: string;
  readonly payer: string;
}

type Word = { readonly providerReference: string } | { readonly reason: string };

// These names are stored and must not change.
export type PayoutEvent =
  | Fact<'PayoutSucceeded', Ids & { taskId: string; providerReference: string }>
  | Fact<'PayoutFailed', Ids & { taskId: string; reason: string }>
  | Fact<'PayoutCameBack', Ids & { providerReference?: string; reason: string }>
  | Fact<'PayoutCameLate', Ids & { providerReference: string }>;

/** `wasOver` is true if the payer had ended before. */
export type PayoutCommand = { type: 'HearProvider'; taskId: string; said: Word; wasOver: boolean } & Ids & { now: Instant; by: string };

export interface PayoutsState {
  readonly orderNumber: string;
  /** Payment reference by task; null if the last notice reported a failure. */
  readonly tasks: Readonly<Record<string, string | null>>;
}

function evolve(state: PayoutsState, event: PayoutEvent): PayoutsState {
  const { orderNumber } = event.data;
  if (event.type === 'PayoutSucceeded' || event.type === 'PayoutFailed') {
    const { taskId } = event.data;
    const reference = event.type === 'PayoutSucceeded' ? event.data.providerReference : null;
    return { orderNumber, tasks: { ...state.tasks, [taskId]: reference } };
  }
  return { ...state, orderNumber };
}

/** REF-05: the first notice about a task goes to the payer. A contradicting later notice goes to finance too. */
function decide({ orderNumber, payer, taskId, said, wasOver }: PayoutCommand, { tasks }: PayoutsState): readonly PayoutEvent[] {
  const before = tasks[taskId];
  const ids = { orderNumber, payer };
  const isPaid = (reference: string): boolean => Object.values(tasks).includes(reference);
  if ('reason' in said) {
    if (before === null) return [];
    const failed: PayoutEvent = { type: 'PayoutFailed', data: { ...ids, taskId, reason: said.reason } };
    if (before === undefined && !wasOver) return [failed];
    const providerReference = before === undefined ? {} : { providerReference: before };
    return [failed, { type: 'PayoutCameBack', data: { ...ids, ...providerReference, reason: said.reason } }];
  }
  const { providerReference } = said;
  if (before === providerReference) return [];
  const succeeded: PayoutEvent = { type: 'PayoutSucceeded', data: { ...ids, taskId, providerReference } };
  const isFirst = before === undefined && !wasOver && Object.values(tasks).every((paid) => paid === null);
  if (isFirst || isPaid(providerReference)) return [succeeded];
  return [succeeded, { type: 'PayoutCameLate', data: { ...ids, providerReference } }];
}

/** Notices of the provider about the payment of a refund. */
export const payouts: Decider<PayoutsState, PayoutCommand, PayoutEvent> = {
  name: 'payouts',
  initial: { orderNumber: '', tasks: {} },
  evolve,
  decide,
  rules: { PayoutSucceeded: 'REF-05', PayoutFailed: 'REF-05', PayoutCameBack: 'REF-05', PayoutCameLate: 'REF-05' },
  subject: (_, { orderNumber }) => orderNumber,
  objects: (event, id) => [
    { type: 'order', id: event.data.orderNumber },
    { type: 'flow', id },
  ],
  examples: {
    PayoutSucceeded: { orderNumber: '536365', payer: 'finance-refund-x', taskId: 'finance-refund-x.12', providerReference: 'psp-1' },
    PayoutFailed: { orderNumber: '536365', payer: 'finance-refund-x', taskId: 'finance-refund-x.12', reason: 'account closed' },
  },
};
