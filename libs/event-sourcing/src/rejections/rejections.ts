import type { IncomingRecord } from '@orderloom/messaging';
import type { Failure } from '../parking/parked-record.js';
import type { Append } from '../store/store.js';

/** Tells the sender of a record what is wrong with it: as an event, in the unit of work that keeps the record. */
export interface Rejections {
  /** Of a record that is parked as `parkedId`; undefined where its sender is told by another service, or not at all. */
  ofParked(record: IncomingRecord, failure: Failure, parkedId: string): Append | undefined;
  /**
   * Of a record whose type no subscription names; undefined where another service reads it, or tells its sender; `suppressed` where its
   * sender is not told of it alone.
   */
  ofUnknownType(record: IncomingRecord): Append | 'suppressed' | undefined;
}
