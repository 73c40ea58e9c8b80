import type { Holds, ShipmentCommand, ShipmentEvent, ShipmentState } from './shipment-facts.js';
import { hasReached, progressOf } from './parcels.js';

export const noHolds: Holds = { by: [], asked: [] };

const without = (flows: readonly string[], flow: string): readonly string[] => flows.filter((other) => other !== flow);

export function holdsAfter({ by, asked }: Holds, event: ShipmentEvent): Holds {
  switch (event.type) {
    case 'HoldRequested':
      return { by, asked: [...without(asked, event.data.flow), event.data.flow] };
    case 'ShipmentHeld':
      return { by: [...without(by, event.data.flow), event.data.flow], asked: without(asked, event.data.flow) };
    case 'HoldRefused':
      return { by, asked: without(asked, event.data.flow) };
    case 'HoldReleased':
      return { by: without(by, event.data.flow), asked };
    case 'ShipmentCancelled':
      return { by: [], asked };
    default:
      return { by, asked };
  }
}

type Command = Extract<ShipmentCommand, { flow: string }>;

/** ORD-10: holds an order that the warehouse does not know or has stopped already; otherwise the warehouse is asked. */
export function hold({ orderNumber, flow }: Command, state: ShipmentState): readonly ShipmentEvent[] {
  if (state.held || state.stage === 'none') return [{ type: 'ShipmentHeld', data: { orderNumber, flow } }];
  if (progressOf(state) === 'prepared') return [{ type: 'HoldRequested', data: { orderNumber, flow } }];
  return [{ type: 'HoldRefused', data: { orderNumber, flow, reason: progressOf(state) } }];
}

/** LOG-09: the warehouse has stopped the order for every requesting flow. No event if that was recorded before. */
export function confirmHold(orderNumber: string, flow: string, state: ShipmentState): readonly ShipmentEvent[] {
  if (hasReached(state, 'picked') || state.stage === 'cancelled') return denyHold(orderNumber, flow, progressOf(state), state);
  return everybody(flow, state).map((asking) => ({ type: 'ShipmentHeld', data: { orderNumber, flow: asking } }));
}

/** The same for a refusal: all requesting flows are refused by one answer. */
export const denyHold = (orderNumber: string, flow: string, reason: string, state: ShipmentState): readonly ShipmentEvent[] =>
  everybody(flow, state).map((asking) => ({ type: 'HoldRefused', data: { orderNumber, flow: asking, reason } }));

/** The flows that wait for the answer, first the one it was given for; empty if that flow has its answer. */
const everybody = (flow: string, { holds: { asked } }: ShipmentState): readonly string[] =>
  asked.includes(flow) ? [flow, ...without(asked, flow)] : [];

/** ORD-12: the shipment goes on unless another flow holds it too. */
export function releaseHold(
  { orderNumber, flow }: Pick<Command, 'orderNumber' | 'flow'>,
  { holds }: ShipmentState,
): readonly ShipmentEvent[] {
  const stillHeld = without(holds.by, flow).length > 0;
  return [{ type: 'HoldReleased', data: { orderNumber, flow, ...(stillHeld && { stillHeld }) } }];
}
