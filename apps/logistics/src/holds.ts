import type { Holds, ShipmentCommand, ShipmentEvent, ShipmentState } from './shipment-facts.js';
import { past, reached } from './parcels.js';

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

/** ORD-10: what the warehouse does not know, or has stopped already, is held at once; else the warehouse is asked. */
export function hold({ orderNumber, flow }: Command, state: ShipmentState): readonly ShipmentEvent[] {
  if (state.held || state.stage === 'none') return [{ type: 'ShipmentHeld', data: { orderNumber, flow } }];
  if (reached(state) === 'prepared') return [{ type: 'HoldRequested', data: { orderNumber, flow } }];
  return [{ type: 'HoldRefused', data: { orderNumber, flow, reason: reached(state) } }];
}

/** LOG-09: the warehouse has stopped it for everybody who asked; nothing where that was said before. */
export function confirmHold(orderNumber: string, flow: string, state: ShipmentState): readonly ShipmentEvent[] {
  if (past(state, 'picked') || state.stage === 'cancelled') return denyHold(orderNumber, flow, reached(state), state);
  return everybody(flow, state).map((asking) => ({ type: 'ShipmentHeld', data: { orderNumber, flow: asking } }));
}

/** The same for its refusal: the flows that ask the warehouse hear of one pick, and only the first of them says so. */
export const denyHold = (orderNumber: string, flow: string, reason: string, state: ShipmentState): readonly ShipmentEvent[] =>
  everybody(flow, state).map((asking) => ({ type: 'HoldRefused', data: { orderNumber, flow: asking, reason } }));

/** Who waits for the answer, the flow that it was given for first; nobody where that has its answer. */
const everybody = (flow: string, { holds: { asked } }: ShipmentState): readonly string[] =>
  asked.includes(flow) ? [flow, ...without(asked, flow)] : [];

/** ORD-12: it goes on unless another flow holds it too. */
export function releaseHold(
  { orderNumber, flow }: Pick<Command, 'orderNumber' | 'flow'>,
  { holds }: ShipmentState,
): readonly ShipmentEvent[] {
  const stillHeld = without(holds.by, flow).length > 0;
  return [{ type: 'HoldReleased', data: { orderNumber, flow, ...(stillHeld && { stillHeld }) } }];
}
