import type { AboutOf, AnswerOf, CommandOf, FactOf } from '@orderloom/contracts';
import type { State, States, Transitions } from './chart.js';
import type { EffectAction, OneOrMany } from './effects.js';
import { notation } from './notation.js';

/** A flow that files refunds keeps why one was refused. */
interface Refunding {
  readonly refusal: string;
}

/** REF-01: files a refund application. What is refused is settled by hand (REF-03): the state of `refused` asks a supervisor. */
export function filingRefund<C extends Refunding>(
  rule: string,
  application: (c: C) => CommandOf<'refund', 'RequestRefund'>,
  { filed, refused }: { readonly filed: Transitions<C, FactOf<'RefundRequested'>>; readonly refused: string },
): State<C, never> {
  const { send } = notation<C>();
  const { keep } = notation<Refunding>();
  return {
    description: rule,
    entry: send('refund', 'RequestRefund', application),
    on: { RefundRequested: filed, RefundApplicationRefused: { target: refused, actions: keep({ refusal: 'reason' }) } },
  };
}

/** REF-03: a supervisor settles a refused refund by hand. */
export const settlingRefundByHand = <C extends object>(
  refund: (c: C) => AboutOf<'settle-refund'>,
  settled: Transitions<C, AnswerOf<'RefundSettledByHand'>>,
): State<C, 'supervisorAnswer'> =>
  notation<C>().asking('REF-03', 'settle-refund', refund, { on: { RefundSettledByHand: settled }, remindedAfter: 'supervisorAnswer' });

/** REF-01, REF-03: refunds a payment that nothing is owed for, or has it settled by hand, and ends with `told`. */
export const refundedSurplus = <C extends Refunding>(
  rule: string,
  {
    application,
    refund,
    filed = 'filed',
    told,
  }: {
    readonly application: (c: C) => CommandOf<'refund', 'RequestRefund'>;
    readonly refund: (c: C) => AboutOf<'settle-refund'>;
    /** Leads to the state `filed`. */
    readonly filed?: Transitions<C, FactOf<'RefundRequested'>>;
    readonly told: OneOrMany<EffectAction<C>>;
  },
): States<C, 'supervisorAnswer'> => ({
  filing: { ...filingRefund('REF-01', application, { filed, refused: 'settlingByHand' }), tags: 'pivot' },
  settlingByHand: settlingRefundByHand(refund, 'settled'),
  filed: { type: 'final', description: rule, entry: told },
  settled: { type: 'final', description: rule, entry: told },
});
