/** A CloudEvents 1.0 event, independent of its content mode. `data` is JSON that is not validated yet. */
export interface CloudEvent<D = unknown> {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** Version of the type's schema; 1 if the sender gives none. */
  readonly typeVersion: number;
  readonly subject: string;
  /** Time of occurrence (`time`), an `Instant`. */
  readonly time: string;
  readonly data: D;
  /** Time at which the sender recorded the event, an `Instant`; later than that of its cause. */
  readonly recordedAt?: string;
  readonly by?: string;
  readonly rule?: string;
  /** Version of the settings under which it was decided: `settings-3`, or `defaults`. */
  readonly policyVersion?: string;
  readonly causation?: string;
  /** Source of the message that `causation` refers to. */
  readonly causationSource?: string;
  readonly correlation?: string;
  readonly traceparent?: string;
  /** Id of the flow that asks, or that this message answers. */
  readonly flow?: string;
  readonly stream?: string;
  readonly streamVersion?: number;
  /** Key of the record. */
  readonly key?: string | null;
  /** Timestamp of the record in milliseconds since 1970. */
  readonly writtenAt?: number;
}
