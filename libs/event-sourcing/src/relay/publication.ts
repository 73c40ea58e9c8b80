import type { RecordedEvent } from '../decider/event.js';

/** A message that is published for a recorded event. */
export interface PublishedMessage {
  readonly topic: string;
  readonly type: string;
  readonly data: object;
  readonly typeVersion?: number;
  /** The event's subject by default. */
  readonly key?: string;
  /** Id of the flow that asks, or that this message answers. */
  readonly flow?: string;
}

/** Maps a recorded event to the messages to publish. Pure. */
export type Publication = (event: RecordedEvent) => readonly PublishedMessage[];
