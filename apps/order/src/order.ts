import type { OrderEvent, OrderCommand, OrderState, Known } from './order-facts.js';
import { paymentsOf } from '@orderloom/contracts';
import type { Decider } from '@orderloom/event-sourcing';
import { Refusal } from '@orderloom/kernel';
import { defaultStorefrontSettings, type StorefrontSettings } from '@orderloom/settings';
import {
  amendingFlows,
  assertChangeable,
  cancel,
  refuseCancellation,
  requestCancellation,
  startQueuedCancellation,
} from './cancellation.js';
import { refusalAsEvent, changeClosed, dispatchOf } from './changes.js';
import { concernsOf, newAddressOf, promisesTo } from './order-details.js';
import { addCapture, recordCapture, applyEarlyCapture } from './payments.js';
import { closeProductChange, evolveProductChange, replaceLines, requestProductChange, withoutRequests } from './products/product-change.js';
import { repeatOf } from './repeat.js';
import { reshipOf } from './reship.js';
import { ordersView } from './views/orders.view.js';

function evolve(state: OrderState, event: OrderEvent): OrderState {
  if (event.type === 'OrderPlaced') {
    const { promisedDispatchBy, processedUntil: _window, concerns: _concerns, ...order } = event.data;
    const { lines, address } = order;
    const nothingYet = { captures: [], settled: 0, amendedBy: [], change: null, queue: [], repeats: [], requests: [], reserved: 0 };
    const lastLine = Math.max(...lines.map(({ line }) => line));
    return {
      ...{ status: 'placed', order, lines, address, payments: paymentsOf(order), ...nothingYet, promisedDispatchBy },
      ...{ pricing: order, lastLine },
    };
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
      return addCapture(state, event.data);
    case 'SurplusCaptured':
      return { ...state, settled: state.settled + event.data.amount };
    case 'OrderLinesCancelled': {
      const { remaining: lines, refund, agreedLoss, flow } = event.data;
      return { ...state, lines, settled: state.settled + refund + agreedLoss, amendedBy: [...state.amendedBy, flow], change: still };
    }
    case 'OrderCancelled':
      return {
        ...withoutRequests(state),
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
      return evolveProductChange(state, event) ?? state;
  }
}

/** Decides; where the command closes the open change, says so and starts the next queued cancellation. */
function decide(command: OrderCommand, state: OrderState, settings = defaultStorefrontSettings): readonly OrderEvent[] {
  const events =
    command.type === 'RequestCancellation' && command.flow
      ? refusalAsEvent(command, () => decided(command, state, settings))
      : decided(command, state, settings);
  const after = events.reduce(evolve, state);
  return after.status === 'none' ? events : [...events, ...changeClosed(events, state, after), ...startQueuedCancellation(after)];
}

function decided(command: OrderCommand, state: OrderState, settings: StorefrontSettings): readonly OrderEvent[] {
  const { orderNumber } = command;
  if (command.type === 'PlaceOrder') return place(command, state, settings);
  if (command.type === 'NoteRefusal') {
    const { request, code, message } = command;
    return [{ type: 'RequestRefused', data: { orderNumber, request, code, message } }];
  }
  if (command.type === 'RecordCapture') return recordCapture(command, state, settings);
  if (state.status === 'none') throw new Refusal('order-unknown', `there is no order ${orderNumber}`, 'ORD-06');
  switch (command.type) {
    case 'ApproveOrder':
      return state.status === 'placed' || state.status === 'held' ? [{ type: 'OrderApproved', data: { orderNumber } }] : [];
    case 'HoldOrder':
      return state.status === 'placed' ? [{ type: 'OrderHeld', data: { orderNumber, reason: command.reason } }] : [];
    case 'ReleaseOrder':
      if (state.status !== 'approved') return [];
      if (state.change) return [{ type: 'ReleaseDeferred', data: { orderNumber, changeId: state.change } }];
      return [{ type: 'OrderReleased', data: { orderNumber, lines: state.lines, address: state.address, ...amendingFlows(state) } }];
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
            ...{ orderNumber, changeId: command.changeId, ...newAddressOf(command, settings), ...dispatchOf(state) },
          },
        },
      ];
    case 'ChangeAddress':
      return [{ type: 'AddressChanged', data: { orderNumber, changeId: command.changeId, address: command.address, flow: command.flow } }];
    case 'RequestProductChange':
      return requestProductChange(command, state);
    case 'RequestDifference': {
      const { changeId, reference, amount, flow } = command;
      const { currency } = state.order;
      return [{ type: 'DifferenceRequested', data: { orderNumber, changeId, reference, amount, currency, flow } }];
    }
    case 'ReplaceOrderLines':
      return replaceLines(command, state, settings);
    case 'CloseProductChange':
      return closeProductChange(command, state);
    case 'RefuseCancellation':
      return refuseCancellation(command, state);
    case 'RefuseAddressChange':
      return [
        { type: 'AddressChangeRefused', data: { orderNumber, changeId: command.changeId, reason: command.reason, flow: command.flow } },
      ];
    case 'RequestTracking':
      return [trackingOf(command, state)];
    case 'RequestReship':
      return [{ type: 'ReshipRequested', data: reshipOf(command, state) }];
  }
}

/** ORD-01: the same order sent twice is one order. ORD-05: the dispatch promise counts from acceptance. */
function place(
  { type: _type, now, by: _by, noticed = [], ...order }: Extract<OrderCommand, { type: 'PlaceOrder' }>,
  state: OrderState,
  settings: StorefrontSettings,
): readonly OrderEvent[] {
  const { orderNumber } = order;
  if (state.status !== 'none') {
    const repeat = repeatOf(state.order, order);
    return !repeat || state.repeats.includes(repeat.content) ? [] : [{ type: 'OrderRepeated', data: { orderNumber, ...repeat } }];
  }
  const concerns = [...concernsOf(order, settings), ...noticed];
  const placed: OrderEvent = { type: 'OrderPlaced', data: { ...order, ...promisesTo(order, now, settings), concerns } };
  return (state.early ?? []).reduce<readonly OrderEvent[]>(
    (events, capture) => [...events, ...applyEarlyCapture(capture, events.reduce(evolve, state) as Known, settings)],
    [placed],
  );
}

/** LOG-02: where the parcel is, is for the logistics service to answer; what was promised is known here. */
function trackingOf({ orderNumber, requestId, text }: Extract<OrderCommand, { type: 'RequestTracking' }>, state: Known): OrderEvent {
  const { promisedDispatchBy, status } = state;
  const said = text === undefined ? {} : { text };
  return { type: 'TrackingRequested', data: { orderNumber, requestId, cancelled: status === 'cancelled', promisedDispatchBy, ...said } };
}

/** An order, from its placement to its dispatch or cancellation. */
export const order: Decider<OrderState, OrderCommand, OrderEvent, StorefrontSettings> = {
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
    ChangeClosed: 'ORD-03',
    CaptureAwaitsOrder: 'ORD-01',
    CaptureRecorded: 'ORD-01',
    CaptureRefused: 'ORD-01',
    SurplusCaptured: 'ORD-13',
    RequestRefused: 'ORD-03',
    TrackingRequested: 'LOG-02',
    ProductChangeRequested: 'ORD-20',
    DifferenceRequested: 'ORD-22',
    OrderLinesReplaced: 'ORD-23',
    ProductChangeRefused: 'ORD-20',
    ProductChangeClosed: 'ORD-23',
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
