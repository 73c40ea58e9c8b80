import { type Calendar, type Instant, InvalidInput } from '@orderloom/kernel';
import type { PickedLine, Line, ShipmentCommand, ShipmentEvent, ShipmentState } from './shipment-facts.js';
import { releaseHold } from './holds.js';
import { isContradicted, hasReached, report } from './parcels.js';

/** Holder of an order with missing units: the pick itself, not a flow. */
const shortPick = 'short-pick';

/** LOG-09, ORD-04: an order is picked when all its units are. Missing units are settled before anything ships. */
export function picked(
  { orderNumber, at, lines }: Extract<ShipmentCommand, { type: 'ReportPicked' }>,
  state: ShipmentState,
  calendar: Calendar,
): readonly ShipmentEvent[] {
  const short = lines === undefined ? [] : missing(state.lines, lines);
  if (lines === undefined || short.length === 0 || (isContradicted(state) && !state.short))
    return report(state, 'picked', { type: 'ParcelPicked', data: { orderNumber, at } });
  if (hasReached(state, 'picked') || state.short) return [];
  assertCountable(at, calendar);
  return [
    { type: 'PickedShort', data: { orderNumber, at, picked: lines, short } },
    { type: 'ShipmentHeld', data: { orderNumber, flow: shortPick } },
  ];
}

/** LOG-02: the processing window is counted from the pick. Throws `InvalidInput` for a day of before the calendar. */
function assertCountable(at: Instant, { name, knownFrom }: Calendar): void {
  if (at >= knownFrom) return;
  throw new InvalidInput([{ field: 'at', message: `is ${at}, but ${name} begins at ${knownFrom}: report a later day` }]);
}

/** Units that were not picked. A line without a report was not picked. */
const missing = (lines: readonly Line[], found: readonly PickedLine[]): readonly Line[] =>
  lines
    .map((line) => ({ ...line, quantity: line.quantity - found.reduce((sum, f) => sum + (f.line === line.line ? f.quantity : 0), 0) }))
    .filter(({ quantity }) => quantity > 0);

/** The missing units are available or cancelled: the warehouse is asked again for all remaining units. */
export function resumed(
  { orderNumber, flow }: Extract<ShipmentCommand, { type: 'ResumePicking' }>,
  state: ShipmentState,
): readonly ShipmentEvent[] {
  const isHeld = state.short && state.holds.by.includes(shortPick);
  return [{ type: 'PickingResumed', data: { orderNumber, flow } }, ...(isHeld ? releaseHold({ orderNumber, flow: shortPick }, state) : [])];
}
