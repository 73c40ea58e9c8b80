/**
 * Default behaviour of all partners; change it here. Hours are hours of shop time. Random choices depend only on seed, order and question,
 * so the order of arrival has no influence. A JSON file (PARTNERS_BEHAVIOUR) overrides single fields: `{ "hold-order": { "answers": {
 * "HoldDenied": 1 } } }`, also for single orders: `{ "orders": { "S-7*": { "pay-refund": { "silent": 1, "twice": "always" } } } }`.
 */
export interface BehaviourRule {
  /** Response time: from, to. */
  readonly hours?: readonly [number, number];
  /** Answers or events with their weights, of any sum. */
  readonly answers?: Readonly<Record<string, number>>;
  /** Probability (0 to 1) that the first request gets no answer. */
  readonly silent?: number;
  /** Number of reminders until the answer then; 1 by default. A repeated question is answered too. */
  readonly reminders?: number;
  /** Instants of the second copies of answers. */
  readonly twice?: 'never' | 'after-silence' | 'always';
  /** Share of the value of the goods or of the requested amount: from, to. */
  readonly share?: readonly [number, number];
}

export type Behaviour = Readonly<Record<string, BehaviourRule>>;

/** By question of the contracts; below, actions that partners take unasked. */
export const behaviour: Behaviour = {
  'review-order': { hours: [0.2, 1.5], answers: { ReviewPassed: 1, ReviewHeld: 0 } },
  'confirm-order': { hours: [0.5, 8], answers: { OrderConfirmed: 1 }, silent: 0.2 },
  'confirm-stock': { hours: [0.3, 3], answers: { StockConfirmed: 94, StockArrivesLater: 4, StockNotToBeHad: 2 } },
  'confirm-product': { hours: [0.3, 3], answers: { ProductInStock: 8, ProductOutOfStock: 2 } },
  'choose-other-product': { hours: [1, 12], answers: { OtherProductChosen: 6, ChangeGivenUp: 4 } },
  'go-on-with-change': { hours: [1, 12], answers: { ChangeConfirmed: 5, ChangeGivenUp: 5 } },
  'offer-second-order': { hours: [0.3, 2], answers: { SecondOrderOffered: 8, NoSecondOrder: 2 } },
  'supply-short-lines': { hours: [0.3, 3], answers: { StockConfirmed: 4, StockArrivesLater: 4, StockNotToBeHad: 2 } },
  'settle-short-lines': { hours: [0.5, 4], answers: { ShortLinesSettled: 1 } },
  /** After the promised day. */
  'confirm-arrival': { hours: [0.5, 4], answers: { StockArrived: 9, StockNotToBeHad: 1 } },
  'choose-without-missing': { hours: [1, 12], answers: { LinesGivenUp: 8, OrderGivenUp: 2 } },
  'loss-on-bought-goods': { hours: [0.5, 3], answers: { none: 6, loss: 4 }, share: [0.05, 0.3] },
  'bear-loss': { hours: [1, 10], answers: { OfferAccepted: 5, OfferDeclined: 2, OtherOfferAsked: 3 } },
  'make-offer': { hours: [0.3, 2], answers: { OfferMade: 8, NoOtherOffer: 2 }, share: [0.4, 0.6] },
  'check-repeated-order': { hours: [0.5, 4], answers: { RepeatChecked: 1 } },
  'settle-refund': { hours: [1, 6], answers: { RefundSettledByHand: 1 } },

  'hold-order': { hours: [0.1, 0.8], answers: { HoldConfirmed: 9, HoldDenied: 1 } },
  'explain-scan': { hours: [0.5, 4], answers: { ScanExplained: 1 } },
  'change-label': { hours: [0.1, 1], answers: { LabelConfirmed: 9, LabelDenied: 1 } },

  'approve-refund': { hours: [1, 8], answers: { ApprovalGiven: 88, QuestionAsked: 9, ApprovalDenied: 3 } },
  'answer-finance': { hours: [0.5, 4], answers: { QuestionAnswered: 1 } },
  'trace-capture': { hours: [1, 8], answers: { CaptureTraced: 1 } },
  'decide-failed-refund': { hours: [0.5, 4], answers: { PayAgain: 8, PaidOtherwise: 1, PayoutGivenUp: 1 } },
  'decide-rejected-refund': { hours: [0.5, 4], answers: { RefundFiledAgain: 5, RefundPaidOtherwise: 1, RejectionUpheld: 4 } },
  'decide-bounced-refund': { hours: [0.5, 4], answers: { PayAgain: 6, PaidOtherwise: 2, PayoutStands: 1, PayoutGivenUp: 1 } },
  'decide-late-payout': { hours: [0.5, 4], answers: { PayoutCounts: 2, PayoutReclaimed: 2, PayoutNotFound: 1 } },
  'send-refund-mail': { hours: [0.5, 4], answers: { RefundMailSent: 1 } },
  /** `RefundFailed` at the first request only. */
  'pay-refund': { hours: [0.02, 0.2], answers: { RefundSucceeded: 99, RefundFailed: 1 }, silent: 0.05, twice: 'after-silence' },

  /** After the sale: reasons of returns, within 7 days of delivery and later (then mostly faults of the merchant). */
  'return-cause': { answers: { none: 5, dislike: 3, dissatisfied: 3, quality: 3, wrong: 2, missing: 1, freight: 1 } },
  'late-return-cause': { answers: { none: 1, dislike: 1, quality: 9, wrong: 4, missing: 2 } },
  /** Hours after the delivery: items missing in the parcel. */
  'report-problem': { hours: [2, 20], answers: { none: 985, 'missing-items': 15 } },
  'give-evidence': { hours: [1, 12], answers: { EvidenceGiven: 1 }, silent: 0.1 },
  'send-back': { hours: [4, 30], answers: { ReturnSent: 95, ReturnGivenUp: 5 }, share: [0.3, 1.4] },
  'inspect-return': { hours: [18, 60], answers: { accepted: 86, 'in-part': 8, rejected: 6, lost: 1 } },
  'find-order': { hours: [1, 6], answers: { OrderNotFound: 1 } },
  'decide-unclaimed-return': { hours: [1, 6], answers: { ReturnNotToBeTaken: 1 } },
  'decide-lost-return': { hours: [4, 20], answers: { LostReturnCredited: 7, LostReturnRefused: 3 } },
  'decide-late-return': { hours: [1, 6], answers: { LateReturnAccepted: 1, LateReturnRefused: 1 } },
  'decide-unpaid-return': { hours: [1, 6], answers: { ReturnPaidAgain: 1, ReturnSentBack: 1 } },
  'work-case': { hours: [2, 10], answers: { CaseWorked: 1 } },
  'take-back': { hours: [1, 20], answers: { TakenBack: 7, LeftBehind: 3 } },
  'explain-missing-items': { hours: [1, 6], answers: { 'missing-items': 9, untrue: 1 } },
  'supply-missing-items': { hours: [1, 6], answers: { MissingItemsAvailable: 8, MissingItemsNotToBeHad: 2 } },
  /** Time after dispatch for parcels without tracking. */
  'follow-reship': { hours: [30, 60], answers: { ReshipArrived: 1 } },
  satisfied: { hours: [1, 12], answers: { Satisfied: 9, Dissatisfied: 1 } },
  'resolve-case': { hours: [1, 6], answers: { none: 2, gift: 1, coupon: 2, points: 1 } },

  /** The warehouse's work on an order, step by step. */
  'ship-order': { answers: { tracked: 8, untracked: 2 } },
  pick: { hours: [2, 10] },
  pack: { hours: [1, 1] },
  'hand-over': { hours: [1, 4] },

  /** Parcels that somebody asked about. */
  'goods-of-late-order': { hours: [0.5, 4], answers: { GoodsArrived: 6, GoodsNotArrived: 4 } },
  'explain-delay': { hours: [0.5, 3], answers: { DelayExplained: 1 } },
  'wait-or-exchange': { hours: [1, 12], answers: { WaitChosen: 4, ExchangeChosen: 1 } },
  'exchange-late-order': { hours: [1, 6], answers: { ExchangeSettled: 1 } },
  'explain-missing-scan': { hours: [2, 20], answers: { ParcelExplained: 9, ParcelNotFound: 1 } },
  'investigate-parcel': { hours: [2, 20], answers: { ParcelExplained: 3, ParcelNotFound: 2 } },
  'explain-problem': { hours: [1, 6], answers: { ParcelExplained: 8, ParcelComesBack: 1, ParcelNotFound: 1 } },
  'settle-problem-parcel': { hours: [1, 12], answers: { RedeliveryChosen: 6, RedirectChosen: 2, ReturnChosen: 1 }, silent: 0.2 },
  'handle-problem-parcel': { hours: [1, 6], answers: { InstructionAccepted: 17, InstructionRefused: 2, ParcelNotFound: 1 } },
  'settle-returned-parcel': { hours: [1, 6], answers: { ReturnedParcelSettled: 1 } },
  'redirect-parcel': { hours: [0.5, 4], answers: { ParcelRedirected: 6, RedirectRefused: 4 } },
  'keep-or-refuse-delivery': { hours: [1, 12], answers: { AddressKept: 8, DeliveryRefused: 2 } },
  'prove-delivery': { hours: [1, 10], answers: { DeliveryProven: 4, DeliveryNotProven: 1 } },
  'parcel-received': { hours: [1, 12], answers: { ParcelReceived: 3, ParcelNotReceived: 1 } },
  'judge-delivery': { hours: [1, 6], answers: { DeliveryAccepted: 1, DeliveryDoubted: 1 } },
  'name-lost-goods': { hours: [1, 6], answers: { LostGoodsNamed: 1 } },
  'reship-or-refund': { hours: [1, 12], answers: { ReshipChosen: 6, RefundChosen: 4 }, silent: 0.1 },
  'grant-goodwill': { hours: [0.5, 4], answers: { GoodwillGranted: 6, GoodwillDeclined: 4 } },
  'settle-found-parcel': { hours: [1, 6], answers: { kept: 2, 'sent-back': 1, paid: 1, 'reship-stopped': 1 } },

  /** The courier: hours between scans, domestic and abroad, and faults of the scans. */
  'scan-at-home': { hours: [3, 14] },
  'scan-abroad': { hours: [5, 18] },
  scan: { answers: { plain: 88, repeated: 6, overtaken: 4, exception: 2 } },

  /** Customers, hours after their order. */
  'place-order': { twice: 'never' },
  'change-address': { hours: [0.5, 10], answers: { stays: 985, moves: 15 } },
  /** Of shops that list their products. */
  'change-product': { hours: [0.5, 4], answers: { stays: 6, changes: 4 } },
  /** Scans of the parcel, in hours after the order was placed, or after the parcel left. */
  'ask-where': { hours: [1, 60], answers: { never: 97, before: 1, after: 2 } },
};

/** Hours from purchasing's answer to the arrival of missing goods. */
export const arrivalHours: readonly [number, number] = [12, 60];

export const people: Readonly<Record<string, readonly [string, ...string[]]>> = {
  reviewer: ['reviewer:kim', 'reviewer:sato'],
  purchasing: ['purchasing:wang', 'purchasing:ann'],
  warehouse: ['warehouse:shift-1', 'warehouse:shift-2'],
  finance: ['finance:li', 'finance:chen', 'finance:ruth'],
  service: ['service:mia', 'service:zhao'],
  supervisor: ['supervisor:hao'],
  payments: ['provider'],
  courier: ['courier'],
  customer: ['customer'],
};

/** Days of shop time for which the replay waits for its last orders. */
export const patienceDays = 20;
