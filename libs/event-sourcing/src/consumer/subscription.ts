import type { CloudEvent } from '@orderloom/messaging';
import type { Inbox } from '../store/store.js';

/** What a service reads. A type that no subscription of the topic names is skipped. */
export interface Subscription<D = unknown> {
  readonly topic: string;
  readonly type: string;
  /** Newest schema version that is understood; one from the future parks its key. */
  readonly maxVersion?: number;
  /** Unchecked JSON of a schema version to data; throws `InvalidInput` naming fields. */
  readonly parse: (data: unknown, version: number) => D;
  /**
   * What data of this type are about beside their key (a task's id), unchecked; undefined where they do not say. A record about the same
   * thing as a parked one with wrong fields takes its place. Without it only a record that names the parked one does.
   */
  readonly identity?: (data: unknown) => string | undefined;
  /** Where a message that was handled is remembered, unchecked data in it; undefined where there is no one place. */
  readonly inbox?: (message: CloudEvent) => Inbox | undefined;
  /** Handles it, exactly once (by a unit of work with an inbox). A throw is retried with back-off, then parked. */
  handle(message: CloudEvent<D>): Promise<void>;
}
