import type { CloudEvent } from '@orderloom/messaging';
import type { Inbox } from '../store/store.js';

/** A message type that a service consumes. Types without a subscription are skipped. */
export interface Subscription<D = unknown> {
  readonly topic: string;
  readonly type: string;
  /** Newest supported schema version; 1 by default. A record with a newer one is parked. */
  readonly maxVersion?: number;
  /** Validates the JSON of a schema version. Throws `InvalidInput` with the invalid fields. */
  readonly parse: (data: unknown, version: number) => D;
  /**
   * Identity of unvalidated data beside the record's key, such as a task id; undefined if the data lack it. A record corrects a parked one
   * with invalid fields and the same identity. Without this function, a correction must name the parked record in `ce_replaces`.
   */
  readonly identity?: (data: unknown) => string | undefined;
  /** Inbox entry of a message with unvalidated data; undefined if the message has several entries or none. */
  readonly inbox?: (message: CloudEvent) => Inbox | undefined;
  /** Handles the message once, by a unit of work with an inbox entry. An error is retried with back-off, then the record is parked. */
  handle(message: CloudEvent<D>): Promise<void>;
}
