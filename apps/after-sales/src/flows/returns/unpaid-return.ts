import { type CommandOf, defineFlow, end, type FactOf, filingRefund, notation, settlingRefundByHand, starts } from '@orderloom/flows';
import { policies } from '../../policies.js';
import type { Payment } from '../../purchase/purchase-details.js';
import { ids, type Own, releasesUnits } from '../fragments.js';

interface Unpaid extends FactOf<'ReturnUnpaid'> {
  /** All payments, where they are not just that one. */
  readonly payments?: readonly Payment[];
  readonly filedBy: string;
  readonly refund: number;
  readonly newRefundId: string;
  readonly refusal: string;
}

const { asking, inform, keep, send, tell } = notation<Unpaid, Own>();

/**
 * REF-05, AFT-32 退货未退款: goods came back, and their refund was rejected after the case was closed, such as a payment that came back and
 * was given up. Service applies for it once more, or has the goods sent back.
 */
export const unpaidReturn = defineFlow<Unpaid>()({
  service: 'after-sales',
  policies,
  startedBy: { ReturnUnpaid: starts({ filedBy: '', refund: 0, newRefundId: '', refusal: '' }) },
  listensTo: ['UnitsSettled'],
  withdraws: { UnitsSettled: 'superseded' },
}).chart({
  id: 'unpaid-return',
  version: '1',
  initial: 'deciding',
  states: {
    deciding: asking('REF-05', 'decide-unpaid-return', about, {
      first: tell('REF-05', 'return-unpaid', why),
      on: {
        ReturnPaidAgain: { target: 'settling', actions: keep({ filedBy: 'by' }) },
        ReturnSentBack: 'sentBack',
        UnitsSettled: { guard: paidAfterAll, target: 'paid' },
      },
      remindedAfter: 'serviceAnswer',
    }),
    settling: {
      description: 'AFT-32',
      tags: 'pivot',
      entry: send('after-sales', 'SettleUnits', counted),
      on: {
        UnitsSettled: [
          { guard: nothingLeft, target: 'leaving' },
          { guard: ours, target: 'filing', actions: keep('refund', 'payments') },
        ],
      },
    },
    filing: filingRefund('REF-01', application, {
      filed: { target: 'filed', actions: [keep({ newRefundId: 'refundId' }), send('after-sales', 'NoteRefundFiled', filing)] },
      refused: 'leaving',
    }),
    // what is captured from now on is not owed for it, too
    leaving: { description: 'REF-03', entry: send('after-sales', 'NoteSettledByHand', byHand), always: 'settlingByHand' },
    settlingByHand: settlingRefundByHand(owed, 'settled'),
    // its rejection starts this flow anew
    filed: end(
      'REF-01',
      tell('REF-01', 'return-refund-filed-again', (c) => ({ ...why(c), amount: c.refund })),
    ),
    settled: end('REF-03', tell('REF-03', 'refund-settled', sum)),
    sentBack: end(
      'AFT-32',
      releasesUnits<Unpaid>(),
      inform('warehouse', 'send-rejected-back', goods),
      tell('AFT-32', 'return-sent-back', (c) => ({ ...why(c), lines: c.lines })),
    ),
    /** The customer is told by the flow that found the payment. */
    paid: end('REF-05'),
  },
});

function goods(c: Unpaid) {
  return { ...ids(c), lines: c.lines };
}
function sum(c: Unpaid) {
  return { ...ids(c), amount: c.amount, currency: c.currency };
}
function why(c: Unpaid) {
  return { ...sum(c), reason: c.reason };
}
function about(c: Unpaid) {
  return { ...why(c), refundId: c.refundId, lines: c.lines };
}
function counted(c: Unpaid) {
  return goods(c);
}
function application(c: Unpaid): CommandOf<'refund', 'RequestRefund'> {
  return {
    ...ids(c),
    cause: 'returned',
    filedBy: c.filedBy,
    // REF-02: who opened the case, or filed before, does not approve it either
    ...(c.filers && { alsoFiledBy: c.filers }),
    amount: c.refund,
    currency: c.currency,
    payment: c.payment,
    payments: c.payments,
    parts: [{ kind: 'goods', amount: c.refund }],
  };
}
function filing(c: Unpaid) {
  return { ...ids(c), refundId: c.newRefundId, returned: 'closed' as const };
}
/** The part of it that does not count as refunded yet. */
function byHand(c: Unpaid) {
  return { ...ids(c), amount: c.amount - c.refund };
}
function owed({ orderNumber, amount, currency, refusal }: Unpaid) {
  return { orderNumber, amount, currency, reason: refusal || 'nothing of what was captured is left' };
}

function ours({ caseId }: Unpaid, input: FactOf<'UnitsSettled'>) {
  return input.caseId === caseId && input.refundId === undefined;
}
function nothingLeft(c: Unpaid, input: FactOf<'UnitsSettled'>) {
  return ours(c, input) && input.refund === 0;
}
function paidAfterAll({ caseId, refundId }: Unpaid, input: FactOf<'UnitsSettled'>) {
  return input.caseId === caseId && input.refundId === refundId;
}
