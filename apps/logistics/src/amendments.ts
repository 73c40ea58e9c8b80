import type { Amendment, LineQuantity, Line, ShipmentCommand, ShipmentEvent, ShipmentState } from './shipment-facts.js';

/**
 * ORD-13: removes quantities that were cancelled before the shipment was prepared, unless the command has removed them already.
 */
export function prepare(command: Extract<ShipmentCommand, { type: 'PrepareShipment' }>, state: ShipmentState): readonly ShipmentEvent[] {
  if (state.stage !== 'none') return [];
  const { orderNumber, amendedBy = [], placedAt } = command;
  const unheard = state.amendments.filter(({ flow }) => !amendedBy.includes(flow));
  const lines = unheard.reduce((left, amendment) => amendedLines(left, amendment), command.lines);
  if (lines.length === 0) return [];
  const address = state.address ?? command.address;
  return [
    { type: 'ShipmentPrepared', data: { orderNumber, lines, address, held: state.held, ...(placedAt !== undefined && { placedAt }) } },
  ];
}

/** ORD-13, ORD-23: lines without what is cancelled or replaced, and with what ships in its place. */
export const amendedLines = (lines: readonly Line[], amendment: Pick<Amendment, 'lines' | 'added'>): readonly Line[] => [
  ...without(lines, amendment.lines),
  ...(amendment.added ?? []),
];

const without = (lines: readonly Line[], units: readonly LineQuantity[]): readonly Line[] =>
  lines
    .map((l) => ({ ...l, quantity: l.quantity - (units.find(({ line }) => line === l.line)?.quantity ?? 0) }))
    .filter(({ quantity }) => quantity > 0);
