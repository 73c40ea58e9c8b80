/** A CloudEvents 1.0 event as services see it, whatever mode it came in; `data` is JSON that nobody has checked yet. */
export interface CloudEvent<D = unknown> {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** Version of the type's schema; 1 where the sender says none. */
  readonly typeVersion: number;
  readonly subject: string;
  /** When it occurred in the world (`time`). */
  readonly time: string;
  readonly data: D;
  /** When the sender recorded it; later than its cause's. */
  readonly recordedAt?: string;
  readonly by?: string;
  readonly rule?: string;
  readonly causation?: string;
  /** The source of the message that `causation` names. */
  readonly causationSource?: string;
  readonly correlation?: string;
  readonly traceparent?: string;
  /** The flow that this answers, or that asks. */
  readonly flow?: string;
  readonly stream?: string;
  readonly streamVersion?: number;
  /** Of the record it was read from: its key. */
  readonly key?: string | null;
  /** Of the record it was read from: when the log got it, in ms since 1970. */
  readonly writtenAt?: number;
}
