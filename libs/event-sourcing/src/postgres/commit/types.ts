import type { Outcome } from '../../store/store.js';
import type { PreparedEvent, StreamHead } from '../../store/recording/prepare-events.js';
import type { Cte, RefusedOutcome } from './cte.js';
import type { ValidatedUnit } from './validated-unit.js';
import type { Instant } from '@orderloom/kernel';

/** The store's time. `isStopped`: the clock stands still until it is set. */
export interface StoreTime {
  readonly now: Instant;
  readonly isStopped: boolean;
}

/** State of the store before units are written. */
export interface Preconditions {
  readonly now: Instant;
  /** The values are predicted; the write statement has to verify them. */
  readonly predicted?: true;
  /** Id of the transaction, assigned after the locks and before any write; empty where `predicted`. */
  readonly transaction: string;
  /** Heads of the streams that are appended to. Their advisory locks are held. */
  readonly heads: ReadonlyMap<string, StreamHead>;
  /** Returns the reason why the unit cannot be written, or undefined. */
  refused(unit: ValidatedUnit): RefusedOutcome | undefined;
}

export type UnitCtes = Cte<ValidatedUnit>[];

/** Result of one unit: its outcome, or the error that prevents storing it. */
export type Result = { readonly outcome: Outcome } | { readonly error: unknown };

export type Settled = ReadonlyMap<ValidatedUnit, Result>;

/** Results of units inside their open transaction. */
export interface Written {
  /** Units that are missing here must be written again, without the settled ones. */
  readonly settled: Settled;
  /** True if the transaction must be committed for the results to hold; false if it must be rolled back. */
  readonly toCommit: boolean;
}

export interface PreparedUnit {
  readonly unit: ValidatedUnit;
  readonly events: readonly PreparedEvent[];
}
