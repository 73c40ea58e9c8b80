import { paymentsOf, withCapture } from '@orderloom/contracts';
import type { Decider, Fact } from '@orderloom/event-sourcing';
import { addDuration, type Instant, Refusal } from '@orderloom/kernel';
import { amended, assertChangeable, cancel, refuseCancellation, requestCancellation, takenUp } from './cancellation.js';
import { askedByFlow, type Change, type ChangeCommand, type ChangeEvent, type Decided, dispatchOf, type Waiting } from './changes.js';
import type { Address, Line, LineQuantity, Payment, Placed } from './order-details.js';
import { type CaptureCommand, type EarlyCaptures, type PaymentEvent, recordCapture, takeEarly } from './payments.js';
import { concernsOf, newAddressOf } from './order-details.js';
import { type Repeat, repeatOf } from './repeat.js';
import { type Reship, type ReshipAsked, reshipOf } from './reship.js';
import { dispatchPromises, policies, processingWindow, storefront } from './policies.js';
import { ordersView } from './views/orders.view.js';

// These names are stored for ever.
export type OrderEvent =
  | Fact<'OrderPlaced', Placed & { promisedDispatchBy: Instant; processedUntil: Instant; concerns: readonly string[] }>
  | Fact<'OrderRepeated', { orderNumber: string } & Partial<Repeat>>
  | Fact<'OrderApproved', { orderNumber: string }>
  | Fact<'OrderHeld', { orderNumber: string; reason: string }>
  | Fact<'ReleaseDeferred', Change>
  | Fact<'OrderReleased', { orderNumber: string; lines: readonly Line[]; address: Address; amendedBy?: readonly string[] }>
  | Fact<'OrderDispatched', { orderNumber: string; at: Instant; carrier: string; method: string; trackingNumber: string | null }>
  | ChangeEvent
  | PaymentEvent
  | Fact<'RequestRefused', { orderNumber: string; request: string; code: string; message: string }>
  | Fact<'ReshipRequested', Reship & { flow: string }>
  // said until after-sales opened cases itself
  | Fact<'AfterSalesNeeded', { orderNumber: string; lines: readonly LineQuantity[]; reason: string }>;

type Command =
  | ({ type: 'PlaceOrder'; noticed?: readonly string[] } & Placed)
  | { type: 'ApproveOrder' | 'ReleaseOrder' }
  | { type: 'HoldOrder'; reason: string }
  | { type: 'RecordDispatch'; at: Instant; carrier: string; method: string; trackingNumber: string | null }
  | ChangeCommand
  | ({ type: 'RequestReship' } & ReshipAsked)
  | CaptureCommand
  | { type: 'NoteRefusal'; request: string; code: string; message: string };
export type OrderCommand = Command & { orderNumber: string; now: Instant; by: string };

export type OrderState =
  | { readonly status: 'none'; readonly early?: EarlyCaptures }
  | {
      readonly status: 'placed' | 'held' | 'approved' | 'released' | 'dispatched' | 'cancelled';
      readonly order: Placed;
      /** What still goes to the customer. */
      readonly lines: readonly Line[];
      readonly address: Address;
      /** ORD-01: with what was captured since it was placed. */
      readonly payments: readonly Payment[];
      /** Captures that are recorded, each once. */
      readonly captures: readonly string[];
      /** What was paid for the goods that are cancelled: paid back, or borne by the customer. */
      readonly settled: number;
      /** Flows that have cancelled quantities: `lines` are without them. */
      readonly amendedBy: readonly string[];
      readonly change: string | null;
      /** Cancellations that wait for the end of the open change, in the order in which they were asked for (ORD-14). */
      readonly queue: readonly Waiting[];
      /** Contents that came again under its number, each shown to somebody once. */
      readonly repeats: readonly string[];
      /** ORD-05; and when it left. */
      readonly promisedDispatchBy: Instant;
      readonly dispatchedAt?: Instant;
      /** By which change it was cancelled, and with which amounts. */
      readonly decided?: Decided;
    };
export type Known = Exclude<OrderState, { status: 'none' }>;

function evolve(state: OrderState, event: OrderEvent): OrderState {
  if (event.type === 'OrderPlaced') {
    const { promisedDispatchBy, processedUntil: _window, concerns: _concerns, ...order } = event.data;
    const { lines, address } = order;
    const nothingYet = { captures: [], settled: 0, amendedBy: [], change: null, queue: [], repeats: [] };
    return { status: 'placed', order, lines, address, payments: paymentsOf(order), ...nothingYet, promisedDispatchBy };
  }
  if (state.status === 'none')
    return event.type === 'CaptureAwaitsOrder' ? { ...state, early: [...(state.early ?? []), event.data] } : state;
  const still = 'changeId' in event.data && event.data.changeId === state.change ? null : state.change;
  switch (event.type) {
    case 'OrderRepeated':
      return { ...state, repeats: [...state.repeats, event.data.content ?? ''] };
    case 'OrderApproved':
      return { ...state, status: 'approved' };
    case 'OrderHeld':
      return { ...state, status: 'held' };
    case 'OrderReleased':
      return { ...state, status: 'released' };
    case 'OrderDispatched':
      return { ...state, status: 'dispatched', dispatchedAt: event.data.at };
    case 'CancellationQueued':
      return { ...state, queue: [...state.queue, event.data] };
    case 'CancellationRequested':
    case 'AddressChangeRequested': {
      const { changeId } = event.data;
      return { ...state, change: changeId, queue: state.queue.filter((waiting) => waiting.changeId !== changeId) };
    }
    case 'CaptureRecorded':
      return { ...state, payments: withCapture(state.payments, event.data), captures: [...state.captures, event.data.captureId] };
    case 'SurplusCaptured':
      return { ...state, settled: state.settled + event.data.amount };
    case 'OrderLinesCancelled': {
      const { remaining: lines, refund, agreedLoss, flow } = event.data;
      return { ...state, lines, settled: state.settled + refund + agreedLoss, amendedBy: [...state.amendedBy, flow], change: still };
    }
    case 'OrderCancelled':
      return {
        ...state,
        status: 'cancelled',
        lines: [],
        settled: state.settled + event.data.refund + event.data.agreedLoss,
        change: still,
        queue: [],
        decided: state.decided ?? event.data,
      };
    case 'AddressChanged':
      return { ...state, address: event.data.address, change: still };
    case 'CancellationRefused':
    case 'AddressChangeRefused':
      return { ...state, change: still };
    default:
      return state;
  }
}

/** What is decided; where that closes the open change, the next one that waits begins with it. */
function decide(command: OrderCommand, state: OrderState): readonly OrderEvent[] {
  const events =
    command.type === 'RequestCancellation' && command.flow ? askedByFlow(command, () => decided(command, state)) : decided(command, state);
  const after = events.reduce(evolve, state);
  return after.status === 'none' ? events : [...events, ...takenUp(after)];
}

function decided(command: OrderCommand, state: OrderState): readonly OrderEvent[] {
  const { orderNumber } = command;
  if (command.type === 'PlaceOrder') return place(command, state);
  if (command.type === 'NoteRefusal') {
    const { request, code, message } = command;
    return [{ type: 'RequestRefused', data: { orderNumber, request, code, message } }];
  }
  if (command.type === 'RecordCapture') return recordCapture(command, state);
  if (state.status === 'none') throw new Refusal('order-unknown', `there is no order ${orderNumber}`, 'ORD-06');
  switch (command.type) {
    case 'ApproveOrder':
      return state.status === 'placed' || state.status === 'held' ? [{ type: 'OrderApproved', data: { orderNumber } }] : [];
    case 'HoldOrder':
      return state.status === 'placed' ? [{ type: 'OrderHeld', data: { orderNumber, reason: command.reason } }] : [];
    case 'ReleaseOrder':
      if (state.status !== 'approved') return [];
      if (state.change) return [{ type: 'ReleaseDeferred', data: { orderNumber, changeId: state.change } }];
      return [{ type: 'OrderReleased', data: { orderNumber, lines: state.lines, address: state.address, ...amended(state) } }];
    case 'RecordDispatch': {
      const { at, carrier, method, trackingNumber } = command;
      return state.status === 'dispatched' ? [] : [{ type: 'OrderDispatched', data: { orderNumber, at, carrier, method, trackingNumber } }];
    }
    case 'RequestCancellation':
      return requestCancellation(command, state);
    case 'CancelOrder':
      return cancel(command, state);
    case 'RequestAddressChange':
      assertChangeable(state);
      return [
        {
          type: 'AddressChangeRequested',
          data: {
            ...{ orderNumber, changeId: command.changeId, ...newAddressOf(command), ...dispatchOf(state) },
          },
        },
      ];
    case 'ChangeAddress':
      return [{ type: 'AddressChanged', data: { orderNumber, changeId: command.changeId, address: command.address, flow: command.flow } }];
    case 'RefuseCancellation':
      return refuseCancellation(command, state);
    case 'RefuseAddressChange':
      return [
        { type: 'AddressChangeRefused', data: { orderNumber, changeId: command.changeId, reason: command.reason, flow: command.flow } },
      ];
    case 'RequestReship':
      return [{ type: 'ReshipRequested', data: reshipOf(command, state) }];
  }
}

/** ORD-01: the same order twice is one order; ORD-05: dispatch is promised from acceptance. */
function place(
  { type: _type, now, by: _by, noticed = [], ...order }: Extract<OrderCommand, { type: 'PlaceOrder' }>,
  state: OrderState,
): readonly OrderEvent[] {
  const { orderNumber } = order;
  if (state.status !== 'none') {
    const repeat = repeatOf(state.order, order);
    return !repeat || state.repeats.includes(repeat.content) ? [] : [{ type: 'OrderRepeated', data: { orderNumber, ...repeat } }];
  }
  const promisedDispatchBy = addDuration(now, promiseTo(order), policies.calendar);
  const processedUntil = addDuration(now, processingWindow, policies.calendar);
  const concerns = [...concernsOf(order), ...noticed];
  const placed: OrderEvent = { type: 'OrderPlaced', data: { ...order, promisedDispatchBy, processedUntil, concerns } };
  return (state.early ?? []).reduce<readonly OrderEvent[]>(
    (events, capture) => [...events, ...takeEarly(capture, events.reduce(evolve, state) as Known)],
    [placed],
  );
}

function promiseTo({ reship, address }: Placed) {
  if (reship) return dispatchPromises.reship;
  return address.country === storefront.country ? dispatchPromises.domestic : dispatchPromises.crossBorder;
}

/** An order, from the storefront's word to its dispatch or cancellation. */
export const order: Decider<OrderState, OrderCommand, OrderEvent> = {
  name: 'order',
  initial: { status: 'none' },
  evolve,
  decide,
  rules: {
    OrderPlaced: 'ORD-01',
    OrderRepeated: 'ORD-01',
    OrderApproved: 'ORD-03',
    OrderHeld: 'ORD-03',
    ReleaseDeferred: 'ORD-03',
    OrderReleased: 'ORD-04',
    OrderDispatched: 'ORD-08',
    CancellationRequested: 'ORD-10',
    CancellationQueued: 'ORD-14',
    CancellationRequestRefused: 'ORD-10',
    OrderLinesCancelled: 'ORD-13',
    OrderCancelled: 'ORD-13',
    CancellationRefused: 'ORD-12',
    AddressChangeRequested: 'ORD-30',
    AddressChanged: 'ORD-32',
    AddressChangeRefused: 'ORD-30',
    CaptureAwaitsOrder: 'ORD-01',
    CaptureRecorded: 'ORD-01',
    CaptureRefused: 'ORD-01',
    SurplusCaptured: 'ORD-13',
    RequestRefused: 'ORD-03',
    ReshipRequested: 'AFT-34',
    AfterSalesNeeded: 'AFT-30',
  },
  occurredAt: (event) =>
    event.type === 'OrderPlaced'
      ? event.data.placedAt
      : event.type === 'OrderDispatched'
        ? event.data.at
        : event.type === 'CaptureRecorded'
          ? event.data.capturedAt
          : undefined,
  objects: (_, id) => [{ type: 'order', id }],
  views: [ordersView],
};
