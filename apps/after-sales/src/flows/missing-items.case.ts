import { effects, defineFlow, narrowInput } from '@orderloom/flows';
import {
  caseOfReferral,
  type Line,
  type LineQuantity,
  type Payment,
  reshipNumber,
  type Sent,
  unitsOf,
} from '../purchase/purchase-details.js';
import type { Finding } from '../case-facts.js';
import { asFilers, type Openers, openersOf } from '../openers.js';
import { gift, policies } from '../policies.js';

interface MissingItems extends Openers {
  orderNumber: string;
  caseId: string;
  reason: string;
  openedAt: string;
  /** Where the goods came with a re-ship of this order. */
  sent?: Sent;
  lines: readonly LineQuantity[];
  goods: readonly Line[];
  currency: string;
  payment: Payment;
  /** All payments, where they are not just that one. */
  payments?: readonly Payment[];
  found: Finding;
  note: string;
  /** What is not to be had: all of it so far, and what is to be settled now. */
  lost: readonly LineQuantity[];
  losing: readonly LineQuantity[];
  dispatched: boolean;
  delivered: boolean;
  satisfied: boolean;
  /** What was settled last, and what all that was filed or settled by hand comes to, less what was rejected. */
  owed: number;
  refund: number;
  /** Refunds that are neither paid nor rejected. */
  filed: readonly { readonly refundId: string; readonly lines: readonly LineQuantity[] }[];
  /** What was rejected last: units, unless another payment paid a part for them, and the sum. */
  notPaid: { readonly lines: readonly LineQuantity[]; readonly refund: number };
  refusal: string;
  complaint: string;
  referred?: { readonly originalOrder: string; readonly lines: readonly LineQuantity[]; readonly sent: Sent };
}

type Input =
  | { type: 'UnitsClaimed'; lines: Line[]; currency: string; payment: MissingItems['payment'] }
  | { type: 'ClaimReferred'; originalOrder: string; lines: LineQuantity[]; sent: Sent }
  | { type: 'ClaimRefused' | 'RefundApplicationRefused'; reason: string }
  | { type: 'MissingItemsExplained'; found: Finding; note: string }
  | { type: 'MissingItemsAvailable' | 'MissingItemsNotToBeHad' | 'ReshipRequested' | 'ReshipDispatched' }
  | { type: 'ReshipCancelled' | 'ReshipDelivered' | 'ReshipArrived' }
  | { type: 'ReshipReduced'; lines: LineQuantity[] }
  | { type: 'UnitsSettled'; refund: number; payments?: Payment[] }
  | { type: 'RefundRequested'; refundId: string }
  | { type: 'RefundApplicationSettled'; refundId: string; paid: number; rejected: number; reason?: string }
  | { type: 'RefundSettledByHand' | 'Satisfied' | 'CaseResolved' }
  | { type: 'Dissatisfied'; text: string };

export const { ask, remind, send, tell } = effects<MissingItems>();
export const ids = ({ orderNumber, caseId }: MissingItems) => ({ orderNumber, caseId });
export const kept = (c: MissingItems) => ({ ...ids(c), sentAgain: true });
export const refused = (c: MissingItems) => ({ ...ids(c), reason: c.refusal || c.note });
export const claim = (c: MissingItems) => ({
  ...{ ...ids(c), what: 'missing', cause: null, lines: c.lines, openedAt: c.openedAt, refers: true },
  ...(c.sent && { sent: c.sent }),
});
export const missed = (c: MissingItems) => ({ ...ids(c), lines: c.goods, reason: c.reason });
export const finding = (c: MissingItems) => ({ ...ids(c), found: c.found, note: c.note });
export const wanted = (c: MissingItems) => ({ ...ids(c), lines: c.goods, note: c.note });

const caseThere = ({ caseId, referred }: MissingItems): string => caseOfReferral(caseId, String(referred?.originalOrder));
export const referral = (c: MissingItems) => ({ ...ids(c), originalOrder: c.referred?.originalOrder, goesOnAs: caseThere(c) });
export const there = (c: MissingItems) => ({
  ...{ caseId: caseThere(c), orderNumber: c.referred?.originalOrder, kind: 'missing-items', cause: null, lines: c.referred?.lines },
  ...{ text: c.reason, channel: 're-ship', saidAt: c.openedAt, sent: c.referred?.sent },
  ...openersOf(c),
});

/** AFT-15: the missing goods for nothing, and a small gift. */
export const reship = (c: MissingItems) => {
  const line = Math.max(...c.goods.map((l) => l.line)) + 1;
  const lines = [...c.goods.map((l) => ({ ...l, unitPrice: 0 })), { line, ...gift }];
  return { ...ids(c), reshipNumber: reshipNumber(c), lines, gifts: [line] };
};
/** AFT-15: a gift goes only with goods. */
export const giftAlone = (c: MissingItems) => ({ orderNumber: reshipNumber(c), caseId: c.caseId, reason: 'only the gift is left' });
export const promise = (c: MissingItems) => ({ ...ids(c), reshipNumber: reshipNumber(c) });

/** What of these units was neither lost before nor is a gift. */
function stillThere({ goods, lost }: MissingItems, units: readonly LineQuantity[]): readonly LineQuantity[] {
  return goods
    .map(({ line, quantity }) => ({ line, quantity: Math.min(unitsOf(units, line), quantity - unitsOf(lost, line)) }))
    .filter(({ quantity }) => quantity > 0);
}
const losing = (c: MissingItems, units: readonly LineQuantity[]) => {
  const now = stillThere(c, units);
  return { losing: now, lost: [...c.lost, ...now] };
};

export const lost = (c: MissingItems) => ({ ...ids(c), lines: c.losing });
export const partLost = (c: MissingItems) => ({ ...lost(c), keepsRest: true });
export const application = (c: MissingItems) => ({
  ...{ orderNumber: c.orderNumber, caseId: c.caseId, cause: 'out-of-stock', declaredReason: c.reason },
  ...{ amount: c.owed, currency: c.currency, payment: c.payment, payments: c.payments, parts: [{ kind: 'goods', amount: c.owed }] },
  ...asFilers(c),
});
export const byHand = (c: MissingItems) => ({ orderNumber: c.orderNumber, amount: c.owed, currency: c.currency, reason: c.refusal });
/** REF-01: told when it is filed. */
export const filedFor = (c: MissingItems) => ({ ...ids(c), lines: c.losing, refund: c.owed, currency: c.currency });
export const complaint = (c: MissingItems) => ({ ...ids(c), text: c.complaint });
export const paid = (c: MissingItems) => ({ ...ids(c), refund: c.refund, currency: c.currency });
/** Of what came, with what was refunded instead, where something was. */
export const outcome = (c: MissingItems) => (c.refund > 0 ? paid(c) : ids(c));
/** REF-05: what is not paid back in the end can be missing again. */
export const notPaid = (c: MissingItems) => ({ ...ids(c), ...c.notPaid });
export const unpaid = (c: MissingItems) => ({ ...ids(c), reason: c.refusal || 'nothing of what was paid is left to be refunded' });
export const closed = (how: string) => (c: MissingItems) => ({ ...ids(c), outcome: how, cause: c.found });

const nothingYet = {
  ...{
    goods: [],
    currency: '',
    payment: { method: '', captured: 0, reference: '' },
    found: 'none' as const,
    note: '',
    lost: [],
    losing: [],
  },
  ...{
    dispatched: false,
    delivered: false,
    satisfied: false,
    owed: 0,
    refund: 0,
    filed: [],
    notPaid: { lines: [], refund: 0 },
    refusal: '',
    complaint: '',
  },
} as const;

const others = ({ filed }: MissingItems, refundId: string) => ({ filed: filed.filter((f) => f.refundId !== refundId) });
const filing = ({ filed }: MissingItems, refundId: string) => filed.find((f) => f.refundId === refundId);

export const flow = defineFlow<MissingItems, Input>()({
  service: 'after-sales',
  policies,
  startedBy: {
    MissingItemsBegun: ({ orderNumber, caseId, reason, openedAt, lines, sent, ...by }: MissingItems) => ({
      ...{ orderNumber, caseId, reason, openedAt, lines, ...openersOf(by), ...(sent && { sent }) },
      ...nothingYet,
    }),
  },
  withdraws: { ReshipCancelled: 'cancelled', ReshipReduced: 'cancelled', ReshipDelivered: 'superseded' },
  guards: {
    untrue: (_, input) => narrowInput(input, 'MissingItemsExplained').found === 'untrue',
    someLost: (c, input) => stillThere(c, narrowInput(input, 'ReshipReduced').lines).length > 0,
    allLost: (c, input) => {
      const left = ({ line, quantity }: Line) => quantity - unitsOf(c.lost, line);
      const { lines } = narrowInput(input, 'ReshipReduced');
      return c.goods.every((l) => left(l) <= unitsOf(lines, l.line));
    },
    dispatched: ({ dispatched }) => dispatched,
    delivered: ({ delivered }) => delivered,
    satisfied: ({ satisfied }) => satisfied,
    refundOwed: ({ owed }) => owed > 0,
    refundOpen: ({ filed }) => filed.length > 0,
    refundPaid: ({ refund }) => refund > 0,
    ownRefund: (c, input) => filing(c, narrowInput(input, 'RefundApplicationSettled').refundId) !== undefined,
    ownRefundPaid: (c, input) => {
      const { refundId, rejected } = narrowInput(input, 'RefundApplicationSettled');
      return filing(c, refundId) !== undefined && rejected === 0;
    },
  },
  notes: {
    noteClaim: (_, input) => {
      const { lines, currency, payment } = narrowInput(input, 'UnitsClaimed');
      return { goods: lines, currency, payment };
    },
    noteReferral: (_, input) => {
      const { originalOrder, lines, sent } = narrowInput(input, 'ClaimReferred');
      return { referred: { originalOrder, lines, sent } };
    },
    noteRefusal: (_, input) => ({ refusal: narrowInput(input, 'ClaimRefused', 'RefundApplicationRefused').reason }),
    noteCause: (_, input) => ({
      found: narrowInput(input, 'MissingItemsExplained').found,
      note: narrowInput(input, 'MissingItemsExplained').note,
    }),
    noteLost: (c, input) => losing(c, narrowInput(input, 'ReshipReduced').lines),
    noteAllLost: (c) => losing(c, c.goods),
    noteDispatched: () => ({ dispatched: true }),
    noteDelivered: () => ({ delivered: true }),
    noteSatisfied: () => ({ satisfied: true }),
    noteSettled: (_, input) => ({ owed: narrowInput(input, 'UnitsSettled').refund, payments: narrowInput(input, 'UnitsSettled').payments }),
    noteFiled: ({ owed, refund, filed, losing: lines }, input) => ({
      refund: refund + owed,
      filed: [...filed, { refundId: narrowInput(input, 'RefundRequested').refundId, lines }],
    }),
    noteByHand: ({ owed, refund }) => ({ refund: refund + owed }),
    notePaid: (c, input) => others(c, narrowInput(input, 'RefundApplicationSettled').refundId),
    noteRejected: (c, input) => {
      const { refundId, paid: sum, rejected, reason = '' } = narrowInput(input, 'RefundApplicationSettled');
      const lines = sum === 0 ? (filing(c, refundId)?.lines ?? []) : [];
      return { ...others(c, refundId), refund: c.refund - rejected, refusal: reason, notPaid: { lines, refund: rejected } };
    },
    noteComplaint: (_, input) => ({ complaint: narrowInput(input, 'Dissatisfied').text }),
  },
});
