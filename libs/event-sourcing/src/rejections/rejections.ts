import type { IncomingRecord } from '@orderloom/messaging';
import type { Failure } from '../parking/parked-record.js';
import type { Append } from '../store/store.js';

/** Builds the events that inform senders of invalid records. They are stored in the unit of work that parks the record. */
export interface Rejections {
  /** The rejection of a record that is parked as `parkedId`; undefined if another service, or no service, informs its sender. */
  ofParked(record: IncomingRecord, failure: Failure, parkedId: string): Append | undefined;
  /**
   * The rejection of a record with a type that no subscription handles; undefined if another service handles it or informs its sender;
   * `suppressed` if the sender is informed by a summary only.
   */
  ofUnknownType(record: IncomingRecord): Append | 'suppressed' | undefined;
}
