import { type Line, type LineQuantity, summed, unitsOf } from '../../purchase/purchase-details.js';
import type { Finding, InspectedLine } from '../../case-facts.js';
import { amountIn, defaultStorefrontSettings, type StorefrontSettings } from '../../policies.js';

/** The counts that determine the accepted units of a return and their refund. */
export interface Counts {
  readonly goods: readonly Line[];
  readonly inspected: readonly InspectedLine[];
  readonly found: Finding;
  /** Somebody decided that all of it goes back, or its refund is rejected. */
  readonly noneTaken: boolean;
  readonly freightPaid: number;
  readonly currency: string;
  /** By the settings at the start, in units; absent in returns that began before they were kept. */
  readonly freightCaps?: StorefrontSettings['returnFreightCaps'];
}

const rows = (inspected: readonly InspectedLine[], ...by: ('accepted' | 'rejected')[]): readonly LineQuantity[] =>
  inspected.flatMap((l) => by.map((count) => ({ line: l.line, quantity: l[count] })));
const some = (units: readonly LineQuantity[]): readonly LineQuantity[] => summed(units).filter(({ quantity }) => quantity > 0);

/** Accepted by the warehouse, in all rows of a line; never more than the customer has claimed (AFT-32). */
export const acceptedUnits = ({ goods, inspected, noneTaken }: Counts): readonly LineQuantity[] =>
  some(
    goods.map(({ line, quantity }) => ({
      line,
      quantity: noneTaken ? 0 : Math.min(quantity, unitsOf(rows(inspected, 'accepted'), line)),
    })),
  );

/** Everything else that came: rejected, or never claimed. It is the customer's. */
export const unacceptedUnits = (c: Counts): readonly LineQuantity[] =>
  some(
    summed(rows(c.inspected, 'accepted', 'rejected')).map(({ line, quantity }) => ({
      line,
      quantity: quantity - unitsOf(acceptedUnits(c), line),
    })),
  );

export const nothingCame = ({ inspected }: Counts): boolean => some(rows(inspected, 'accepted', 'rejected')).length === 0;

/** Whether some of what was claimed is not taken. */
export const inPart = (c: Counts): boolean => c.goods.some(({ line, quantity }) => unitsOf(acceptedUnits(c), line) < quantity);

/** Nothing was found to be wrong with it. */
export const isSound = ({ found }: Counts): boolean => found === 'none' || found === 'untrue';

/** AFT-30: freight that is refunded at most, in minor units. */
export const freightCap = ({ currency, freightCaps = defaultStorefrontSettings.returnFreightCaps }: Counts): number =>
  amountIn(currency, freightCaps);

/** AFT-30: what is found decides: for the merchant's fault what the customer bore is refunded, up to the cap; for nothing taken, nothing. */
export const freightOwed = (c: Counts): number =>
  isSound(c) || acceptedUnits(c).length === 0 ? 0 : Math.min(c.freightPaid, freightCap(c));
