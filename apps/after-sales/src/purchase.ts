import { paymentsOf, withCapture } from '@orderloom/contracts';
import type { Decider, Fact } from '@orderloom/event-sourcing';
import type { Instant } from '@orderloom/kernel';
import { claim, deliveredNow, waitingClaims } from './claims.js';
import { claimedNow, done, release, releasedNow } from './reships.js';
import { notDispatched } from './stops.js';
import { surplusPaid, withSurplus } from './surplus.js';
import { paidAfterAll, restore, type Settled, settle, settledNow, withUnits } from './restored.js';
import { purchaseExamples, purchaseRules } from './purchase-examples.js';
import {
  type Bought,
  type Claim,
  type Dispatch,
  type Line,
  type LineQuantity,
  type PaidBack,
  type Payment,
  type Reship,
  type Sent,
  withoutUnits,
} from './purchase-details.js';

/** A re-ship's own order says to the flow of its case what becomes of it. */
export interface OfReship {
  readonly orderNumber: string;
  readonly caseId: string;
  readonly reshipNumber: string;
  readonly flow: string;
}

// These names are stored for ever.
export type PurchaseEvent =
  | Fact<'PurchaseLearned', { orderNumber: string } & Bought>
  | Fact<'PurchaseCaptured', { orderNumber: string } & Payment>
  | Fact<'PurchaseReduced', { orderNumber: string; lines: readonly LineQuantity[]; settled: number }>
  | Fact<'PurchaseCancelled', { orderNumber: string }>
  | Fact<'PurchaseDispatched', { orderNumber: string } & Dispatch>
  | Fact<'PurchaseDelivered', { orderNumber: string; at: Instant }>
  | Fact<'ClaimDeferred', { orderNumber: string } & Claim>
  | Fact<
      'UnitsClaimed',
      {
        orderNumber: string;
        caseId: string;
        flow: string;
        lines: readonly Line[];
        withinWindow: boolean;
        currency: string;
        payment: Bought['payment'];
        /** That brought them; the case that it was sent for claims what is taken from it no more. */
        reshipNumber?: string;
        takenFrom?: { readonly caseId: string; readonly lines: readonly LineQuantity[] };
      }
    >
  | Fact<
      'ClaimReferred',
      { orderNumber: string; caseId: string; flow: string; originalOrder: string; lines: readonly LineQuantity[]; sent: Sent }
    >
  | Fact<
      'GoodsNotDispatched',
      { orderNumber: string; caseId: string; lines: readonly LineQuantity[]; flow: string; originalOrder?: string }
    >
  | Fact<'ClaimRefused', { orderNumber: string; caseId: string; flow: string; code: RefusalCode; reason: string }>
  | Fact<'UnitsReleased', { orderNumber: string; caseId: string; kept?: readonly LineQuantity[] }>
  | Fact<'UnitsRestored', { orderNumber: string; caseId: string; lines: readonly LineQuantity[]; refund: number; flow: string }>
  | Fact<'UnitsSettled', { orderNumber: string; caseId: string; flow: string } & PaidBack>
  | Fact<
      'CaseSurplusCaptured',
      { orderNumber: string; caseId: string; amount: number; currency: string; payment: Payment; payments: readonly Payment[] }
    >
  | Fact<'ReshipDispatched', OfReship & { trackingNumber: string | null }>
  | Fact<'ReshipReduced', OfReship & { lines: readonly LineQuantity[] }>
  | Fact<'ReshipCancelled' | 'ReshipDelivered', OfReship>;

export type RefusalCode = 'too-late' | 'not-enough-left' | 'order-cancelled';

type Command =
  | ({ type: 'LearnPurchase' } & Bought)
  | { type: 'LearnCapture'; payment: Payment }
  | { type: 'ReducePurchase'; lines: readonly LineQuantity[]; settled: number }
  | { type: 'NoteCancellation' }
  | ({ type: 'NoteDispatch' } & Dispatch)
  | { type: 'NoteDelivery'; at: Instant }
  | ({ type: 'ClaimUnits' } & Claim)
  | { type: 'ReleaseUnits'; caseId: string; sentAgain?: true }
  | { type: 'RestoreUnits'; caseId: string; flow: string; lines?: readonly LineQuantity[]; refund?: number }
  | { type: 'NotePaidAfterAll'; caseId: string; paid: number; flow: string }
  | { type: 'SettleUnits'; caseId: string; lines: readonly LineQuantity[]; flow: string; keepsRest?: true };
export type PurchaseCommand = Command & { orderNumber: string; now: Instant; by: string };

/** What after-sales knows of an order, from topics that have no order across each other; and who claims which of its units. */
export interface PurchaseState {
  readonly bought: Bought | null;
  /** What the customer has bought, less what was cancelled and what is paid back. */
  readonly lines: readonly Line[];
  /** What was paid for the goods that are gone, in minor units. */
  readonly settled: number;
  readonly cancelled: boolean;
  readonly dispatch: Dispatch | null;
  readonly deliveredAt: Instant | null;
  readonly waiting: readonly Claim[];
  /** What each case was settled for. */
  readonly settledFor: Readonly<Record<string, Settled>>;
  /** What was given back to the customer by each case, because its refund was rejected. */
  readonly givenBack?: Readonly<Record<string, Settled>>;
  /** Units that are the matter of a case, by case. */
  readonly claimed: Readonly<Record<string, readonly LineQuantity[]>>;
  /** Units that were sent again and kept, and the cases that claim what a re-ship brought. */
  readonly kept: readonly LineQuantity[];
  readonly ofReships: readonly string[];
}

function evolve(state: PurchaseState, event: PurchaseEvent): PurchaseState {
  switch (event.type) {
    case 'PurchaseLearned': {
      const { orderNumber: _number, ...bought } = event.data;
      return { ...state, bought, lines: bought.lines };
    }
    case 'PurchaseCaptured':
      return state.bought ? { ...state, bought: { ...state.bought, payments: withCapture(paymentsOf(state.bought), event.data) } } : state;
    case 'PurchaseReduced':
      return { ...state, lines: withoutUnits(state.lines, event.data.lines), settled: state.settled + event.data.settled };
    case 'PurchaseCancelled':
      return { ...state, cancelled: true, lines: [] };
    case 'PurchaseDispatched':
      return { ...state, dispatch: { at: event.data.at, trackingNumber: event.data.trackingNumber } };
    case 'PurchaseDelivered':
      return { ...state, deliveredAt: event.data.at };
    case 'ClaimDeferred': {
      const { orderNumber: _number, ...waiting } = event.data;
      return { ...state, waiting: [...state.waiting, waiting] };
    }
    case 'UnitsClaimed':
      return claimedNow(state, event.data);
    case 'ClaimReferred':
    case 'ClaimRefused':
      return done(state, event.data.caseId);
    case 'UnitsReleased':
      return releasedNow(state, event.data);
    case 'UnitsSettled':
      return settledNow(state, event.data);
    case 'UnitsRestored':
      return withUnits(state, event.data);
    case 'CaseSurplusCaptured':
      return surplusPaid(state, event.data);
    default:
      return state;
  }
}

const linkOf = ({ caseId, originalOrder, flow }: Reship, reshipNumber: string): OfReship => ({
  ...{ orderNumber: originalOrder, caseId, reshipNumber, flow },
});

function decide(command: PurchaseCommand, state: PurchaseState): readonly PurchaseEvent[] {
  const { orderNumber } = command;
  const reship = state.bought?.reship;
  switch (command.type) {
    case 'LearnPurchase': {
      if (state.bought) return [];
      const { type: _type, now: _now, by: _by, ...learned } = command;
      const link = command.reship && linkOf(command.reship, orderNumber);
      return [
        { type: 'PurchaseLearned', data: learned },
        ...(link && state.deliveredAt !== null ? [{ type: 'ReshipDelivered' as const, data: link }] : []),
        ...state.waiting.flatMap((waiting) => notDispatched(orderNumber, waiting, { ...state, bought: learned })),
      ];
    }
    case 'LearnCapture':
      return withSurplus(orderNumber, [{ type: 'PurchaseCaptured', data: { orderNumber, ...command.payment } }], state, evolve);
    case 'ReducePurchase': {
      const { lines, settled } = command;
      return [
        { type: 'PurchaseReduced', data: { orderNumber, lines, settled } },
        ...(reship && lines.length > 0 ? [{ type: 'ReshipReduced' as const, data: { ...linkOf(reship, orderNumber), lines } }] : []),
      ];
    }
    case 'NoteCancellation':
      if (state.cancelled) return [];
      return [
        { type: 'PurchaseCancelled', data: { orderNumber } },
        ...(reship ? [{ type: 'ReshipCancelled' as const, data: linkOf(reship, orderNumber) }] : []),
        ...waitingClaims(orderNumber, { ...state, cancelled: true, lines: [] }, evolve),
      ];
    case 'NoteDispatch': {
      if (state.dispatch) return [];
      const { at, trackingNumber } = command;
      return [
        { type: 'PurchaseDispatched', data: { orderNumber, at, trackingNumber } },
        ...(reship ? [{ type: 'ReshipDispatched' as const, data: { ...linkOf(reship, orderNumber), trackingNumber } }] : []),
        ...waitingClaims(orderNumber, { ...state, dispatch: { at, trackingNumber } }, evolve),
      ];
    }
    case 'NoteDelivery':
      return deliveredNow(orderNumber, command.at, state, reship && linkOf(reship, orderNumber));
    case 'ClaimUnits':
      return claim(orderNumber, command, state);
    case 'ReleaseUnits':
      return release(command, state);
    case 'SettleUnits':
      return settle(command, state);
    case 'RestoreUnits':
      return withSurplus(orderNumber, restore(command, state), state, evolve);
    case 'NotePaidAfterAll':
      return paidAfterAll(command, state);
  }
}

export const purchase: Decider<PurchaseState, PurchaseCommand, PurchaseEvent> = {
  name: 'purchase',
  initial: {
    ...{ bought: null, lines: [], settled: 0, cancelled: false, dispatch: null, deliveredAt: null },
    ...{ waiting: [], settledFor: {}, claimed: {}, kept: [], ofReships: [] },
  },
  evolve,
  decide,
  rules: purchaseRules,
  examples: purchaseExamples,
  objects: (event, id) => [{ type: 'order', id }, ...('caseId' in event.data ? [{ type: 'case', id: event.data.caseId }] : [])],
};
