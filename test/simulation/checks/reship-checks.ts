import type { RecordedEvent } from '@orderloom/event-sourcing';

type Events = readonly RecordedEvent[];
type Units = { readonly line: number; readonly quantity: number };
interface OfReship {
  readonly orderNumber: string;
  readonly lines: readonly Units[];
  readonly reship?: { readonly caseId: string; readonly originalOrder: string; readonly gifts?: readonly number[] };
}

/** AFT-15: a gift goes only with goods. */
export function giftsAlone(events: Events): string[] {
  return reshipsIn(events).flatMap(({ orderNumber, lines, reship }) => {
    const order = events.filter(({ stream }) => stream === `order-${orderNumber}`);
    const left = lines.filter(({ line, quantity }) => quantity > sumOf(dataOf(order, 'OrderLinesCancelled'), line));
    const alone = order.some(({ type }) => type === 'OrderDispatched') && left.every(({ line }) => reship?.gifts?.includes(line));
    return alone ? [`${orderNumber} left with nothing but its gift`] : [];
  });
}

/** AFT-34, LOG-06: per unit of the original order at most one of refunded, or sent again and kept. */
export function refundedAndReshipped(events: Events): string[] {
  const of = (stream: string): Events => events.filter((event) => event.stream === stream);
  return reshipsIn(events).flatMap((placed) => [...bothOf(placed, of), ...claimedAtReship(placed, of(`purchase-${placed.orderNumber}`))]);
}

const reshipsIn = (events: Events): OfReship[] =>
  events.flatMap(({ type, data }) => (type === 'OrderPlaced' && (data as OfReship).reship ? [data as OfReship] : []));

/** The units claimed by a case are at least those of its re-ship and of its settlements together. */
function bothOf({ orderNumber, lines, reship }: OfReship, of: (stream: string) => Events): string[] {
  const order = of(`order-${orderNumber}`);
  if (!reship || !order.some(({ type }) => type === 'OrderDispatched')) return [];
  const ofCase = of(`purchase-${reship.originalOrder}`).filter(({ data }) => (data as { caseId?: string }).caseId === reship.caseId);
  return claimedBy(ofCase).flatMap(({ line, quantity }) => {
    const sent = sumOf([{ lines }], line) - sumOf(dataOf(order, 'OrderLinesCancelled'), line);
    const refunded = sumOf(dataOf(ofCase, 'UnitsSettled'), line) - sumOf(dataOf(ofCase, 'UnitsRestored'), line);
    return sent + refunded > quantity
      ? [`of ${quantity} of line ${line} that case ${reship.caseId} claims, ${sent} left with ${orderNumber} and ${refunded} were refunded`]
      : [];
  });
}

/** A re-ship cost nothing: what is claimed at it would be worth nothing. */
const claimedAtReship = ({ orderNumber }: OfReship, purchase: Events): string[] =>
  purchase
    .filter(({ type }) => type === 'UnitsClaimed')
    .map(({ version }) => `version ${version} of ${orderNumber} claims what was sent for nothing`);

const dataOf = (events: Events, type: string): { readonly lines: readonly Units[] }[] =>
  events.filter((event) => event.type === type).map(({ data }) => data as { lines: readonly Units[] });

const claimedBy = (ofCase: Events): readonly Units[] => dataOf(ofCase, 'UnitsClaimed')[0]?.lines ?? [];

const sumOf = (all: readonly { readonly lines: readonly Units[] }[], line: number): number =>
  all.flatMap(({ lines }) => lines).reduce((sum, u) => sum + (u.line === line ? u.quantity : 0), 0);
