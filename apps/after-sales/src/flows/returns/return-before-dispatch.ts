import { type FactOf, notation, type States } from '@orderloom/flows';
import { noteReferral, type Own } from '../fragments.js';
import * as the from './return-messages.js';

type Return = the.Return;
const { keep, send, tell } = notation<Return, Own>();

const noteClaim = keep('withinWindow', 'currency', 'payment', { goods: 'lines' });
export const awaitParcel = { target: 'awaitingParcel', actions: noteClaim };
export const continueAtOriginalOrder = { target: 'referred', actions: noteReferral };
/** Units to be returned that were cancelled before dispatch cannot be claimed. */
const unclaimed = [
  { guard: orderCancelled, target: 'closingStopped' },
  { target: 'refused', actions: keep({ refusal: 'reason' }) },
];

/** AFT-02, ORD-14: what has not left yet is stopped; where it leaves all the same, it comes back after its delivery. */
export const statesBeforeDispatch: States<Return, never> = {
  stopping: {
    description: 'AFT-02, ORD-14',
    entry: [send('order', 'RequestCancellation', the.cancellation), tell('ORD-14', 'return-not-sent-yet', the.unsentLines)],
    on: {
      CancellationRequested: { actions: keep('changeId') },
      CancellationQueued: { actions: keep('changeId') },
      CancellationRequestRefused: 'goingOn',
      CancellationRefused: { guard: ourChange, target: 'goingOn' },
      OrderLinesCancelled: { guard: ourChange, target: 'closingStopped', actions: noteStopped },
      OrderCancelled: { target: 'closingStopped', actions: noteStopped },
      UnitsClaimed: { actions: noteClaim },
      ClaimReferred: { actions: noteReferral },
      ClaimRefused: unclaimed,
    },
  },
  // what the order service says changes the purchase by itself: what the flow does to it comes after
  closingStopped: {
    description: 'ORD-14',
    entry: [send('after-sales', 'CloseCase', the.closing('cancelled before dispatch')), tell('ORD-14', 'return-stopped', the.stoppedLines)],
    on: { CaseClosed: { guard: thisCase, target: 'stopped' } },
  },
  goingOn: {
    description: 'ORD-11',
    always: [{ guard: referred, target: 'referred' }, { guard: claimed, target: 'awaitingParcel' }, { target: 'awaitingDispatch' }],
  },
  awaitingDispatch: {
    description: 'ORD-11, AFT-30',
    entry: tell('ORD-11', 'return-after-delivery', the.unsentLines),
    on: { UnitsClaimed: awaitParcel, ClaimReferred: continueAtOriginalOrder, ClaimRefused: unclaimed },
  },
};

function thisCase({ caseId }: Return, input: FactOf<'CaseClosed'>) {
  return input.caseId === caseId;
}
function ourChange({ changeId }: Return, input: { readonly changeId: string }) {
  return input.changeId === changeId;
}
function orderCancelled(_: Return, { code }: FactOf<'ClaimRefused'>) {
  return code === 'order-cancelled';
}
function referred(c: Return) {
  return c.referred !== undefined;
}
function claimed({ goods }: Return) {
  return goods.length > 0;
}

function noteStopped(_: Return, { refund, currency, ...fact }: FactOf<'OrderLinesCancelled'> | FactOf<'OrderCancelled'>) {
  const decided = 'decided' in fact ? fact.decided : undefined;
  return { stopped: { refund: decided?.refund ?? refund, currency } };
}
