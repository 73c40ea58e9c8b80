import type { RecordedEvent } from '../decider/event.js';

/** What is said to others about a recorded event: its own event to a published one is one pure function. */
export interface PublishedMessage {
  readonly topic: string;
  readonly type: string;
  readonly data: object;
  readonly typeVersion?: number;
  /** The event's subject, unless said. */
  readonly key?: string;
  /** The flow that this answers, or that asks. */
  readonly flow?: string;
}

export type Publication = (event: RecordedEvent) => readonly PublishedMessage[];
