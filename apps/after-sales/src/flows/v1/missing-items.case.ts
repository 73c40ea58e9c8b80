import { effects, defineFlow, narrowInput } from '@orderloom/flows';
import { type Line, type LineQuantity, reshipNumber } from '../../purchase/purchase-details.js';
import type { Finding } from '../../case-facts.js';
import { gift, policies } from '../../policies.js';

interface MissingItems {
  orderNumber: string;
  caseId: string;
  reason: string;
  openedAt: string;
  lines: readonly LineQuantity[];
  goods: readonly Line[];
  currency: string;
  payment: { method: string; captured: number; reference: string };
  found: Finding;
  note: string;
  /** What is not to be had, and refunded instead. */
  lost: readonly LineQuantity[];
  dispatched: boolean;
  delivered: boolean;
  refund: number;
  refusal: string;
  complaint: string;
}

type Input =
  | { type: 'UnitsClaimed'; lines: Line[]; currency: string; payment: MissingItems['payment'] }
  | { type: 'ClaimRefused' | 'RefundApplicationRefused'; reason: string }
  | { type: 'MissingItemsExplained'; found: Finding; note: string }
  | {
      type:
        | 'MissingItemsAvailable'
        | 'MissingItemsNotToBeHad'
        | 'ReshipRequested'
        | 'ReshipDispatched'
        | 'ReshipCancelled'
        | 'ReshipDelivered'
        | 'ReshipArrived';
    }
  | { type: 'ReshipReduced'; lines: LineQuantity[] }
  | { type: 'UnitsSettled'; refund: number }
  | { type: 'RefundRequested' | 'RefundSettledByHand' | 'Satisfied' | 'CaseResolved' }
  | { type: 'Dissatisfied'; text: string };

export const { ask, inform, remind, send, tell } = effects<MissingItems>();
export const ids = ({ orderNumber, caseId }: MissingItems) => ({ orderNumber, caseId });
export const refused = (c: MissingItems) => ({ ...ids(c), reason: c.refusal || c.note });
export const claim = (c: MissingItems) => ({ ...ids(c), what: 'missing', cause: null, lines: c.lines, openedAt: c.openedAt });
export const missed = (c: MissingItems) => ({ ...ids(c), lines: c.goods, reason: c.reason });
export const finding = (c: MissingItems) => ({ ...ids(c), found: c.found, note: c.note });
export const wanted = (c: MissingItems) => ({ ...ids(c), lines: c.goods, note: c.note });

/** AFT-15: the missing goods for nothing, and a small gift. */
export const reship = (c: MissingItems) => ({
  ...{ ...ids(c), reshipNumber: reshipNumber(c) },
  lines: [...c.goods.map((l) => ({ ...l, unitPrice: 0 })), { line: Math.max(...c.goods.map((l) => l.line)) + 1, ...gift }],
});
export const promise = (c: MissingItems) => ({ ...ids(c), reshipNumber: reshipNumber(c) });
export const lost = (c: MissingItems) => ({ ...ids(c), lines: c.lost });
export const application = (c: MissingItems) => ({
  ...{ orderNumber: c.orderNumber, caseId: c.caseId, cause: 'out-of-stock', declaredReason: c.reason },
  ...{ amount: c.refund, currency: c.currency, payment: c.payment, parts: [{ kind: 'goods', amount: c.refund }] },
});
export const byHand = (c: MissingItems) => ({ orderNumber: c.orderNumber, amount: c.refund, currency: c.currency, reason: c.refusal });
export const complaint = (c: MissingItems) => ({ ...ids(c), text: c.complaint });
export const paid = (c: MissingItems) => ({ ...ids(c), refund: c.refund, currency: c.currency });
export const closed = (outcome: string) => (c: MissingItems) => ({ ...ids(c), outcome, cause: c.found });

export const flow = defineFlow<MissingItems, Input>()({
  service: 'after-sales',
  policies,
  startedBy: {
    MissingItemsBegun: ({ orderNumber, caseId, reason, openedAt, lines }: MissingItems) => ({
      ...{ orderNumber, caseId, reason, openedAt, lines, goods: [], currency: '', payment: { method: '', captured: 0, reference: '' } },
      ...{ found: 'none', note: '', lost: [], dispatched: false, delivered: false, refund: 0, refusal: '', complaint: '' },
    }),
  },
  withdraws: { ReshipCancelled: 'cancelled', ReshipDelivered: 'superseded' },
  guards: {
    untrue: (_, input) => narrowInput(input, 'MissingItemsExplained').found === 'untrue',
    dispatched: ({ dispatched }) => dispatched,
    someLost: ({ lost: gone }) => gone.length > 0,
    refundOwed: ({ refund }) => refund > 0,
    delivered: ({ delivered }) => delivered,
  },
  notes: {
    noteClaim: (_, input) => {
      const { lines, currency, payment } = narrowInput(input, 'UnitsClaimed');
      return { goods: lines, currency, payment };
    },
    noteRefusal: (_, input) => ({ refusal: narrowInput(input, 'ClaimRefused', 'RefundApplicationRefused').reason }),
    noteCause: (_, input) => ({
      found: narrowInput(input, 'MissingItemsExplained').found,
      note: narrowInput(input, 'MissingItemsExplained').note,
    }),
    noteAllLost: ({ goods }) => ({ lost: goods.map(({ line, quantity }) => ({ line, quantity })) }),
    noteLost: ({ lost: gone, goods }, input) => ({
      lost: [...gone, ...narrowInput(input, 'ReshipReduced').lines.filter((l) => goods.some((g) => g.line === l.line))],
    }),
    noteDispatched: () => ({ dispatched: true }),
    noteDelivered: () => ({ delivered: true }),
    noteSettled: (_, input) => ({ refund: narrowInput(input, 'UnitsSettled').refund }),
    noteComplaint: (_, input) => ({ complaint: narrowInput(input, 'Dissatisfied').text }),
  },
});
