import { effects, defineFlow, narrowInput } from '@orderloom/flows';
import { isMerchants, type Line, type LineQuantity, type ReturnCause } from '../../purchase/purchase-details.js';
import type { Finding, InspectedLine } from '../../case-facts.js';
import { policies, returnAddress, returnFreightCap } from '../../policies.js';

interface Return {
  orderNumber: string;
  caseId: string;
  cause: ReturnCause | null;
  reason: string;
  openedAt: string;
  lines: readonly LineQuantity[];
  goods: readonly Line[];
  currency: string;
  payment: { method: string; captured: number; reference: string };
  carrier: string;
  trackingNumber: string;
  /** What the customer paid to send it, as far as it is proved. */
  freightPaid: number;
  inspected: readonly InspectedLine[];
  found: Finding;
  photos: readonly string[];
  refund: number;
  refusal: string;
}

type Input =
  | { type: 'UnitsClaimed'; lines: Line[]; currency: string; payment: Return['payment'] }
  | { type: 'ClaimRefused' | 'RefundApplicationRefused'; reason: string }
  | { type: 'ReturnSent'; carrier: string; trackingNumber: string; freight?: { amount: number } }
  | { type: 'ReturnInspected'; lines: InspectedLine[]; found: Finding; photos: string[] }
  | { type: 'UnitsSettled'; refund: number }
  | { type: 'ReturnGivenUp' | 'RefundRequested' | 'RefundSettledByHand' | 'TakenBack' | 'LeftBehind' };

export const { ask, inform, remind, send, tell } = effects<Return>();
export const ids = ({ orderNumber, caseId }: Return) => ({ orderNumber, caseId });
export const refused = (c: Return) => ({ ...ids(c), reason: c.refusal });
export const claim = (c: Return) => ({ ...ids(c), what: 'return', cause: c.cause, lines: c.lines, openedAt: c.openedAt });
export const instructions = (c: Return) => ({
  ...{ ...ids(c), lines: c.goods, currency: c.currency, returnAddress },
  ...{ freightBy: isMerchants(c.cause) ? 'merchant' : 'customer', freightCap: returnFreightCap(c.currency) },
});
export const parcel = (c: Return) => ({ ...ids(c), lines: c.goods, carrier: c.carrier, trackingNumber: c.trackingNumber, cause: c.cause });
export const inspection = (c: Return) => ({ ...ids(c), lines: c.inspected, found: c.found, photos: c.photos });

const counted = (by: 'accepted' | 'rejected') => (c: Return) =>
  c.inspected.filter((l) => l[by] > 0).map((l) => ({ line: l.line, quantity: l[by] }));
export const accepted = (c: Return) => ({ ...ids(c), lines: counted('accepted')(c) });
export const rejected = (c: Return) => ({ ...ids(c), lines: counted('rejected')(c), photos: c.photos });

/** AFT-30: what is found decides: for the merchant's fault what the customer bore is refunded, up to the cap; for nothing accepted, nothing. */
const freight = (c: Return): number => {
  const isOurs = c.found !== 'none' && c.found !== 'untrue' && counted('accepted')(c).length > 0;
  return isOurs ? Math.min(c.freightPaid, returnFreightCap(c.currency)) : 0;
};

const causes: Readonly<Record<Finding, string>> = {
  ...{ none: 'returned', untrue: 'returned', defect: 'quality' },
  ...{ 'wrong-item': 'not-as-agreed', 'missing-items': 'not-as-agreed', 'listing-wrong': 'not-as-agreed' },
};
const application = (kind: 'goods' | 'freight', amount: (c: Return) => number) => (c: Return) => ({
  ...{ orderNumber: c.orderNumber, caseId: c.caseId, cause: causes[c.found], declaredReason: c.reason },
  ...{ amount: amount(c), currency: c.currency, payment: c.payment, parts: [{ kind, amount: amount(c) }] },
});
export const goodsRefund = application('goods', (c) => c.refund);
export const freightRefund = application('freight', freight);
const byHand = (amount: (c: Return) => number) => (c: Return) => ({
  ...{ orderNumber: c.orderNumber, amount: amount(c), currency: c.currency, reason: c.refusal },
});
export const goodsByHand = byHand((c) => c.refund);
export const freightByHand = byHand(freight);
export const paid = (c: Return) => ({ ...ids(c), refund: c.refund, freight: freight(c), currency: c.currency });
export const closed = (outcome: string) => (c: Return) => ({
  ...ids(c),
  outcome,
  cause: c.found === 'none' ? (c.cause ?? 'none') : c.found,
});

export const flow = defineFlow<Return, Input>()({
  service: 'after-sales',
  policies,
  startedBy: {
    ReturnBegun: ({ orderNumber, caseId, cause, reason, openedAt, lines }: Return) => ({
      ...{
        orderNumber,
        caseId,
        cause,
        reason,
        openedAt,
        lines,
        goods: [],
        currency: '',
        payment: { method: '', captured: 0, reference: '' },
      },
      ...{ carrier: '', trackingNumber: '', freightPaid: 0, inspected: [], found: 'none', photos: [], refund: 0, refusal: '' },
    }),
  },
  guards: {
    goodsOwed: ({ refund }) => refund > 0,
    freightOwed: (c) => freight(c) > 0,
    someRejected: (c) => counted('rejected')(c).length > 0,
    noneAccepted: (c) => counted('accepted')(c).length === 0,
  },
  notes: {
    noteClaim: (_, input) => {
      const { lines, currency, payment } = narrowInput(input, 'UnitsClaimed');
      return { goods: lines, currency, payment };
    },
    noteRefusal: (_, input) => ({ refusal: narrowInput(input, 'ClaimRefused', 'RefundApplicationRefused').reason }),
    noteSent: (_, input) => {
      const { carrier, trackingNumber, freight: bill } = narrowInput(input, 'ReturnSent');
      return { carrier, trackingNumber, freightPaid: bill?.amount ?? 0 };
    },
    noteInspection: (_, input) => {
      const { lines, found, photos } = narrowInput(input, 'ReturnInspected');
      return { inspected: lines, found, photos };
    },
    noteSettled: (_, input) => ({ refund: narrowInput(input, 'UnitsSettled').refund }),
  },
});
