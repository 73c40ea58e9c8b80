import type { QuestionName } from '@orderloom/contracts';
import { fromMicros, micros } from '@orderloom/kernel';
import type { Outside } from './outside.js';
import type { Random } from '../core/random.js';
import type { Task } from './task.js';

export interface Answer {
  readonly type: string;
  readonly [field: string]: unknown;
}

interface Line {
  readonly line: number;
  readonly quantity: number;
  readonly unitPrice?: number;
}

/** Questions that a time-out decides if nobody answers. */
export const mayStaySilent: ReadonlySet<string> = new Set<QuestionName>([
  'confirm-order',
  'choose-without-missing',
  'bear-loss',
  'choose-other-product',
  'go-on-with-change',
  'pay-difference',
  'give-evidence',
  'send-back',
  'take-back',
  'satisfied',
  'wait-or-exchange',
  'parcel-received',
  'keep-or-refuse-delivery',
  'settle-problem-parcel',
  'reship-or-refund',
  'grant-goodwill',
]);

type Answers = Partial<Record<QuestionName, (random: Random, about: Task['about'], outside: Outside) => Answer>>;

const choice =
  (weights: Readonly<Record<string, number>>, fields: Readonly<Record<string, unknown>> = {}) =>
  (random: Random): Answer => ({ type: random.weighted(weights), ...fields });

const reason = 'as it is';

const answers: Answers = {
  'review-order': choice({ ReviewPassed: 8, ReviewHeld: 2 }, { reason }),
  'confirm-order': choice({ OrderConfirmed: 1 }),
  'confirm-stock': (random, about, outside) => {
    const type = random.weighted({ StockConfirmed: 12, StockArrivesLater: 4, StockNotToBeHad: 2 });
    if (type === 'StockConfirmed') return { type };
    const expectedAt = later(outside.now(), random.between(0.2, 9));
    return { type, lines: missing(random, about), ...(type === 'StockArrivesLater' && { expectedAt }) };
  },
  'confirm-arrival': (random, about) => {
    const type = random.weighted({ StockArrived: 3, StockNotToBeHad: 1 });
    return type === 'StockArrived' ? { type } : { type, lines: (about['lines'] as number[]).slice(0, 1) };
  },
  'choose-without-missing': choice({ LinesGivenUp: 3, OrderGivenUp: 2 }),
  'confirm-product': choice({ ProductInStock: 3, ProductOutOfStock: 1 }),
  'choose-other-product': (random, { recommended }) =>
    random.chance(0.3) ? { type: 'ChangeGivenUp' } : { type: 'OtherProductChosen', sku: random.pick(recommended as { sku: string }[]).sku },
  'go-on-with-change': choice({ ChangeConfirmed: 3, ChangeGivenUp: 1 }),
  'offer-second-order': choice({ SecondOrderOffered: 3, NoSecondOrder: 1 }, { goodwill: 'gift', detail: reason }),
  'loss-on-bought-goods': (random, about) => ({
    type: 'LossAssessed',
    loss: random.chance(0.5) ? 0 : Math.floor(valueOf(linesOf(about)) * random.between(0.01, 1)),
  }),
  'bear-loss': choice({ OfferAccepted: 5, OfferDeclined: 2, OtherOfferAsked: 3 }),
  'make-offer': (random, { loss }) => ({ type: 'OfferMade', loss: Math.floor(Number(loss) * random.next()) }),
  'check-repeated-order': choice({ RepeatChecked: 1 }, { note: reason }),
  'trace-capture': choice({ CaptureTraced: 1 }, { note: reason }),
  'settle-refund': choice({ RefundSettledByHand: 1 }, { note: reason }),
  'approve-refund': (random) => {
    const type = random.weighted({ ApprovalGiven: 8, ApprovalDenied: 1, QuestionAsked: 1 });
    return { type, ...(type === 'ApprovalDenied' && { reason }), ...(type === 'QuestionAsked' && { question: 'why?' }) };
  },
  'supply-short-lines': (random, about, outside) => {
    const type = random.weighted({ StockConfirmed: 3, StockArrivesLater: 2, StockNotToBeHad: 2 });
    if (type === 'StockConfirmed') return { type };
    const expectedAt = later(outside.now(), random.between(0.2, 9));
    return { type, lines: missing(random, about), ...(type === 'StockArrivesLater' && { expectedAt }) };
  },
  'settle-short-lines': choice({ ShortLinesSettled: 1 }, { note: reason }),
  'explain-scan': choice({ ScanExplained: 1 }, { note: reason }),
  'answer-finance': choice({ QuestionAnswered: 1 }, { answer: reason }),
  'decide-failed-refund': choice({ PayAgain: 4, PaidOtherwise: 1, PayoutGivenUp: 1 }, { reason, reference: 'bank-1' }),
  'decide-rejected-refund': choice(
    { RefundFiledAgain: 3, RefundPaidOtherwise: 1, RejectionUpheld: 3 },
    { note: reason, reference: 'bank-2', explanation: reason },
  ),
  'decide-bounced-refund': choice({ PayAgain: 3, PaidOtherwise: 2, PayoutStands: 1, PayoutGivenUp: 2 }, { reason, reference: 'bank-3' }),
  'decide-late-payout': choice({ PayoutCounts: 2, PayoutReclaimed: 2, PayoutNotFound: 1 }, { note: reason, reference: 'claim-1' }),
  'send-refund-mail': choice({ RefundMailSent: 1 }),
  'give-evidence': choice({ EvidenceGiven: 1 }, { items: ['photo-1.jpg'] }),
  'send-back': (random, { freightCap }) => {
    const amount = Math.floor(Number(freightCap) * random.between(0.3, 1.5));
    return random.chance(0.15)
      ? { type: 'ReturnGivenUp' }
      : { type: 'ReturnSent', carrier: 'Royal Mail', trackingNumber: 'RB1GB', freight: { amount, proof: 'receipt' } };
  },
  'find-order': choice({ OrderNotFound: 1 }, { note: reason }),
  'decide-unclaimed-return': choice({ ReturnClaimedAgain: 1, ReturnNotToBeTaken: 2 }, { reason }),
  'decide-lost-return': choice({ LostReturnFound: 1, LostReturnCredited: 2, LostReturnRefused: 1 }, { note: reason, reason }),
  'decide-late-return': choice({ LateReturnAccepted: 1, LateReturnRefused: 1 }, { note: reason, reason }),
  'goods-of-late-order': (random, _about, outside) =>
    random.chance(0.5) ? { type: 'GoodsArrived' } : { type: 'GoodsNotArrived', expectedAt: later(outside.now(), random.between(0.2, 9)) },
  'explain-delay': (random, _about, outside) => ({
    type: 'DelayExplained',
    reason,
    expectedAt: later(outside.now(), random.between(0.2, 5)),
  }),
  'wait-or-exchange': choice({ WaitChosen: 2, ExchangeChosen: 1 }),
  'exchange-late-order': choice({ ExchangeSettled: 1 }, { note: reason }),
  'explain-missing-scan': choice({ ParcelExplained: 3, ParcelNotFound: 1 }, { note: reason }),
  'investigate-parcel': choice({ ParcelExplained: 2, ParcelNotFound: 2 }, { note: reason }),
  'explain-problem': choice({ ParcelExplained: 3, ParcelNotFound: 1, ParcelComesBack: 1 }, { note: reason }),
  'settle-problem-parcel': choice({ RedeliveryChosen: 2, RedirectChosen: 1, ReturnChosen: 1 }, { to: reason }),
  'handle-problem-parcel': choice({ InstructionAccepted: 4, InstructionRefused: 1, ParcelNotFound: 1 }, { note: reason }),
  'settle-returned-parcel': choice({ ReturnedParcelSettled: 1 }, { note: reason }),
  'redirect-parcel': choice({ ParcelRedirected: 1, RedirectRefused: 1 }, { reason }),
  'keep-or-refuse-delivery': choice({ AddressKept: 1, DeliveryRefused: 1 }),
  'prove-delivery': choice({ DeliveryProven: 3, DeliveryNotProven: 1 }, { note: reason }),
  'parcel-received': choice({ ParcelReceived: 3, ParcelNotReceived: 2 }),
  'judge-delivery': choice({ DeliveryAccepted: 1, DeliveryDoubted: 1 }, { note: reason }),
  'name-lost-goods': (random, about) => ({
    type: 'LostGoodsNamed',
    lines: linesOf(about)
      .slice(0, random.int(1, linesOf(about).length))
      .map(({ line, quantity }) => ({ line, quantity: random.int(1, quantity) })),
  }),
  'reship-or-refund': choice({ ReshipChosen: 3, RefundChosen: 2 }),
  'grant-goodwill': (random, { kinds }) =>
    random.chance(0.4)
      ? { type: 'GoodwillDeclined' }
      : { type: 'GoodwillGranted', goodwill: random.pick(kinds as string[]), detail: reason },
  'settle-found-parcel': choice({ FoundParcelSettled: 1 }, { outcome: 'kept', note: reason }),
  'work-case': choice({ CaseWorked: 1 }, { outcome: 'explained', cause: 'none', note: reason }),
  'inspect-return': (random, about) => ({
    type: random.weighted({ ReturnInspected: 9, ReturnNotArrived: 1 }),
    note: reason,
    found: random.weighted({ none: 4, untrue: 1, defect: 3, 'wrong-item': 1 }),
    photos: ['as-it-came.jpg'],
    lines: linesOf(about).map(({ line, quantity }) => {
      const accepted = random.chance(0.6) ? quantity : random.int(0, quantity);
      return { line, accepted, rejected: quantity - accepted, stock: 'sellable' };
    }),
  }),
  'decide-unpaid-return': choice({ ReturnPaidAgain: 1, ReturnSentBack: 1 }, { note: reason }),
  'take-back': choice({ TakenBack: 1, LeftBehind: 1 }),
  'explain-missing-items': (random) => ({
    type: 'MissingItemsExplained',
    found: random.weighted({ 'missing-items': 5, untrue: 1 }),
    note: reason,
  }),
  'supply-missing-items': choice({ MissingItemsAvailable: 2, MissingItemsNotToBeHad: 1 }),
  'follow-reship': choice({ ReshipArrived: 1 }),
  satisfied: choice({ Satisfied: 2, Dissatisfied: 1 }, { text: reason }),
  'resolve-case': choice({ CaseResolved: 1 }, { note: reason, goodwill: 'gift' }),
};

/** Something that the question understands. Throws for a question that nobody here knows. */
export function answerTo({ question, about }: Task, outside: Outside): Answer {
  const answer = answers[question as QuestionName];
  if (!answer) throw new Error(`nobody outside knows how to answer ${question}`);
  return answer(outside.random, about, outside);
}

const linesOf = (about: Task['about']): readonly Line[] => (about['lines'] as readonly Line[] | undefined) ?? [];

const valueOf = (lines: readonly Line[]): number => lines.reduce((sum, { quantity, unitPrice = 0 }) => sum + quantity * unitPrice, 0);

function missing(random: Random, about: Task['about']): number[] {
  const lines = linesOf(about).map(({ line }) => line);
  const some = random.some(lines, 0.5);
  return some.length > 0 ? some : lines.slice(0, 1);
}

const later = (now: string, days: number): string => fromMicros(micros(now) + BigInt(Math.round(days * 86_400_000_000)));
