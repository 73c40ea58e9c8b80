import type { LineQuantity, Line, ShipmentCommand, ShipmentEvent, ShipmentState } from './shipment-facts.js';

/**
 * ORD-13: removes quantities that were cancelled before the shipment was prepared, unless the command has removed them already.
 */
export function prepare(command: Extract<ShipmentCommand, { type: 'PrepareShipment' }>, state: ShipmentState): readonly ShipmentEvent[] {
  if (state.stage !== 'none') return [];
  const { orderNumber, amendedBy = [], placedAt } = command;
  const unheard = state.amendments.filter(({ flow }) => !amendedBy.includes(flow));
  const lines = unheard.reduce((left, { lines: cancelled }) => without(left, cancelled), command.lines);
  if (lines.length === 0) return [];
  const address = state.address ?? command.address;
  return [
    { type: 'ShipmentPrepared', data: { orderNumber, lines, address, held: state.held, ...(placedAt !== undefined && { placedAt }) } },
  ];
}

export const without = (lines: readonly Line[], units: readonly LineQuantity[]): readonly Line[] =>
  lines
    .map((l) => ({ ...l, quantity: l.quantity - (units.find(({ line }) => line === l.line)?.quantity ?? 0) }))
    .filter(({ quantity }) => quantity > 0);
