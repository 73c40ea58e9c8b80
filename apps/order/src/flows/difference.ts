import { type AboutOf, type AnswerOf, type FactOf, notation, type On, type States, type Transitions } from '@orderloom/flows';
import type { OrderCommand } from '../order-facts.js';

/** A change that makes the order dearer: which change, and the reference under which its difference is paid. */
interface Paying {
  readonly orderNumber: string;
  readonly changeId: string;
  readonly reference: string;
  /** Minor units. */
  readonly difference: number;
  readonly refusal: string;
}

interface Paid<C extends Paying> {
  readonly request: (c: C) => AboutOf<'pay-difference'>;
  /** The same once more, with what the customer may choose instead. */
  readonly again: (c: C) => AboutOf<'go-on-with-change'>;
  readonly paid: string;
  /** Target state with another product, or with the original one. */
  readonly other: Transitions<C, AnswerOf<'OtherProductChosen'>>;
  readonly kept: string;
  /** Other ends of the change. */
  readonly on: On<C>;
}

/** ORD-22: a difference is paid within the payment window, or asked for once more; then the order goes on as it was. */
export function payingDifference<C extends Paying>(
  rule: string,
  { request, again, paid, other, kept, on }: Paid<C>,
): States<C, 'paymentWindow'> & Readonly<Record<'requestingDifference', object>> {
  const { asking, send } = notation<C, { order: OrderCommand }>();
  const { set } = notation<Paying>();
  const heard: On<C> = { ...on, CaptureRecorded: { guard: ofDifference, target: paid } };
  const givenUp = { target: kept, actions: set({ refusal: 'given-up' }) };
  const notPaid = { target: kept, actions: set({ refusal: 'not-paid' }) };
  return {
    requestingDifference: {
      description: rule,
      entry: send('order', 'RequestDifference', ({ orderNumber, changeId, reference, difference: amount }) => ({
        ...{ orderNumber, changeId, reference, amount },
      })),
      on: { DifferenceRequested: 'awaitingDifference' },
    },
    awaitingDifference: asking(rule, 'pay-difference', request, {
      on: { ...heard, ChangeGivenUp: givenUp },
      after: { paymentWindow: 'askingAgain' },
    }),
    askingAgain: asking(rule, 'go-on-with-change', again, {
      on: { ...heard, ChangeConfirmed: 'awaitingDifferenceAgain', OtherProductChosen: other, ChangeGivenUp: givenUp },
      after: { paymentWindow: notPaid },
    }),
    awaitingDifferenceAgain: asking(rule, 'pay-difference', request, {
      on: { ...heard, ChangeGivenUp: givenUp },
      after: { paymentWindow: notPaid },
    }),
  };
}

function ofDifference({ reference }: Paying, input: FactOf<'CaptureRecorded'>) {
  return input.reference === reference;
}
