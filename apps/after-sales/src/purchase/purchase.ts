import type { PurchaseEvent, PurchaseCommand, PurchaseState } from './purchase-facts.js';
import { paymentsOf, withCapture } from '@orderloom/contracts';
import type { Decider } from '@orderloom/event-sourcing';
import { defaultStorefrontSettings, type StorefrontSettings } from '@orderloom/settings';
import { claim, waitingClaims } from './claims.js';
import { deliveredNow, notDispatched, parcel, parcelDelivered, withDelivery, withParcel } from './dispatch.js';
import { decidedNow, decideRemedy, foundNow, foundParcels, lostNow } from './lost.js';
import { claimedNow, removeClaims, release, releasedNow } from './reships.js';
import { settledByHand, settledByHandNow, surplusPaid, withSurplus } from './surplus.js';
import { file, filedNow, heldNow, outcome, sentBackNow, settle, settledNow, withRestoredUnits } from './restored.js';
import { purchaseExamples, purchaseRules } from './purchase-examples.js';
import { linkOf, withoutUnits } from './purchase-details.js';

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
    case 'PurchaseReplaced': {
      const { lines, charges, settled } = event.data;
      return { ...state, bought: state.bought && { ...state.bought, lines, charges }, lines, settled: state.settled + settled };
    }
    case 'PurchaseCancelled':
      return { ...state, cancelled: true, lines: [] };
    case 'PurchaseDispatched':
      return { ...state, dispatch: { at: event.data.at, trackingNumber: event.data.trackingNumber } };
    case 'PurchaseDelivered':
      return { ...state, deliveredAt: event.data.at };
    case 'PurchaseParcelNoted':
      return { ...state, parcels: withParcel(state.parcels, event.data) };
    case 'PurchaseParcelDelivered':
      return { ...state, parcels: withDelivery(state.parcels, event.data) };
    case 'ClaimDeferred': {
      const { orderNumber: _number, ...waiting } = event.data;
      return { ...state, waiting: [...state.waiting, waiting] };
    }
    case 'UnitsClaimed':
      return lostNow(claimedNow(state, event.data), event.data);
    case 'ClaimReferred':
      return lostNow(removeClaims(state, event.data.caseId), event.data);
    case 'RemedyDecided':
      return decidedNow(state, event.data);
    case 'LostParcelFound':
    case 'ParcelFoundAfterRemedy':
      return foundNow(state, event.data);
    case 'ParcelContentsUnknown':
    case 'ClaimRefused':
      return removeClaims(state, event.data.caseId);
    case 'UnitsReleased':
      return sentBackNow(releasedNow(state, event.data), event.data);
    case 'UnitsSettled':
      return settledNow(state, event.data);
    case 'UnitsRestored':
      return withRestoredUnits(state, event.data);
    case 'CaseRefundFiled':
      return filedNow(state, event.data);
    case 'CaseSettledByHand':
      return settledByHandNow(state, event.data);
    case 'ReturnUnpaid':
      return heldNow(state, event.data);
    case 'CaseSurplusCaptured':
      return surplusPaid(state, event.data);
    default:
      return state;
  }
}

function decide(command: PurchaseCommand, state: PurchaseState, settings = defaultStorefrontSettings): readonly PurchaseEvent[] {
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
    case 'ReplaceLines': {
      const { lines, charges, settled } = command;
      return [{ type: 'PurchaseReplaced', data: { orderNumber, lines, charges, settled } }];
    }
    case 'NoteCancellation':
      if (state.cancelled) return [];
      return [
        { type: 'PurchaseCancelled', data: { orderNumber } },
        ...(reship ? [{ type: 'ReshipCancelled' as const, data: linkOf(reship, orderNumber) }] : []),
        ...waitingClaims(orderNumber, { ...state, cancelled: true, lines: [] }, evolve, settings),
      ];
    case 'NoteDispatch': {
      if (state.dispatch) return [];
      const { at, trackingNumber } = command;
      return [
        { type: 'PurchaseDispatched', data: { orderNumber, at, trackingNumber } },
        ...(reship ? [{ type: 'ReshipDispatched' as const, data: { ...linkOf(reship, orderNumber), trackingNumber } }] : []),
        ...waitingClaims(orderNumber, { ...state, dispatch: { at, trackingNumber } }, evolve, settings),
      ];
    }
    case 'NoteDelivery':
      return deliveredNow(orderNumber, command.at, state, reship && linkOf(reship, orderNumber));
    case 'NoteParcel':
      return parcel(command, state);
    case 'NoteParcelDelivery':
      return [...parcelDelivered(command, state), ...foundParcels(command, state)];
    case 'ClaimUnits':
      return claim(orderNumber, command, state, settings);
    case 'DecideRemedy':
      return decideRemedy(command, state);
    case 'ReleaseUnits':
      return release(command, state);
    case 'SettleUnits':
      return settle(command, state);
    case 'NoteRefundFiled':
      return file(command, state);
    case 'NoteSettledByHand':
      return settledByHand(command, state);
    case 'NoteRefundOutcome':
      return withSurplus(orderNumber, outcome(command, state), state, evolve);
  }
}

export const purchase: Decider<PurchaseState, PurchaseCommand, PurchaseEvent, StorefrontSettings> = {
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
