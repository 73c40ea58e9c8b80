import type { AboutOf, AnswerOf, FactOf } from '@orderloom/flows';
import { millis } from '@orderloom/kernel';

/** A parcel that somebody asked about, as it was found last. */
export interface Tracking extends Omit<FactOf<'TrackingOpened'>, 'requestId'> {
  /** Somebody asked, and has no answer yet. */
  readonly asked: boolean;
  /** The last message to the customer. */
  readonly told: string;
  /** The answer of a team. */
  readonly note: string;
  readonly expectedAt: string;
  /** LOG-07: what the courier is asked to do with a problem parcel, and where to. */
  readonly instruction?: 'redeliver' | 'redirect' | 'return';
  readonly redirectTo?: AnswerOf<'RedirectChosen'>['to'];
}

const dayMillis = 86_400_000;

export const order = ({ orderNumber }: Tracking) => ({ orderNumber });
export const promise = ({ orderNumber, promisedDispatchBy }: Tracking) => ({ orderNumber, promisedDispatchBy });
export const wait = (c: Tracking) => ({
  ...promise(c),
  expectedAt: c.expectedAt,
  daysLate: Math.max(1, Math.ceil((millis(c.expectedAt) - millis(c.promisedDispatchBy)) / dayMillis)),
});
export const delay = (c: Tracking) => ({ ...order(c), reason: c.note, expectedAt: c.expectedAt });
export const exchange = (c: Tracking) => ({ ...promise(c), expectedAt: c.expectedAt });

export const parcel = ({ orderNumber, promisedDispatchBy, trackingNumber, carrier, shippedAt, lastScan, lastScanAt, place }: Tracking) => ({
  ...{ orderNumber, promisedDispatchBy, trackingNumber },
  ...(carrier !== undefined && { carrier }),
  ...(shippedAt !== undefined && { shippedAt }),
  ...(lastScan !== undefined && { lastScan, lastScanAt }),
  ...(place !== undefined && { place }),
});
export const asked = (c: Tracking) => {
  const { promisedDispatchBy: _promise, ...rest } = parcel(c);
  return rest;
};
export const explanation = (c: Tracking) => ({ ...asked(c), note: c.note });
export const instruction = (c: Tracking): AboutOf<'handle-problem-parcel'> => ({
  ...explanation(c),
  instruction: c.instruction ?? 'redeliver',
  ...(c.instruction === 'redirect' && { to: c.redirectTo }),
});
export const handled = (c: Tracking) => ({ ...explanation(c), instruction: c.instruction ?? 'redeliver' });
export const loss = ({ orderNumber, trackingNumber, note, finding }: Tracking) => ({
  ...{ orderNumber, trackingNumber, reason: note },
  ...(finding === 'delivered' && { signedFor: true as const }),
});
