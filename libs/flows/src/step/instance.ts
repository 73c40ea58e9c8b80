import type { Instant } from '@orderloom/kernel';
import type { FlowInput } from '../definition/chart.js';

/** A running or ended flow, as stored in its row. Plain JSON. */
export interface FlowInstance {
  readonly flowId: string;
  readonly flow: string;
  /** Version of the flow at its start; it never changes. */
  readonly version: string;
  readonly subject: string;
  readonly status: 'active' | 'parked' | 'ended';
  /** XState's state value: `negotiating`, or `{ open: 'reviewing' }`. */
  readonly state: unknown;
  readonly snapshot: unknown;
  /** Version of the flow's stream up to which this row is projected. */
  readonly streamVersion: number;
  readonly tasks: readonly OpenTask[];
  /** Ids of pending deadlines. */
  readonly deadlines: readonly string[];
  /** Deferred inputs in order: those that came too early, and all inputs while the flow is parked. */
  readonly kept: readonly DeferredInput[];
  readonly outcome?: string;
  readonly parked?: { readonly error: string; readonly input: DeferredInput };
  readonly correlation: string;
  /** Language of messages to the customer (BCP 47), by the settings at the start; English where absent. */
  readonly language?: string;
  readonly startedAt: Instant;
  readonly movedAt: Instant;
  /** Unique key held until the flow is decided (`Flow.exclusive`). */
  readonly exclusive?: string;
}

export interface OpenTask {
  readonly taskId: string;
  readonly team: string;
  readonly question: string;
  readonly rule: string;
  readonly about: object;
  readonly answers: readonly string[];
  readonly askedAt: Instant;
  readonly dueAt: Instant | null;
  readonly reminders: number;
  readonly escalated: boolean;
  readonly subject: string;
  /** The claim of a person; it expires at `until`, without a further event. */
  readonly claim?: TaskClaim;
}

/** `by` as in events: `purchasing:li`. */
export interface TaskClaim {
  readonly by: string;
  readonly until: Instant;
}

export interface DeferredInput {
  readonly input: FlowInput;
  readonly messageId: string;
  readonly by: string;
  /** Set for an answer to a task; `teams` are those for which the sender may answer. */
  readonly taskId?: string;
  readonly teams?: readonly string[];
  /** Reason why an answer is ignored in any state: it contradicts its task. */
  readonly refused?: string;
}

/** Names of a state value, outermost first: `open.reviewing`. */
export const stateName = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : Object.entries((value ?? {}) as Record<string, unknown>)
        .map(([key, inner]) => (inner && Object.keys(inner).length === 0 ? key : `${key}.${stateName(inner)}`))
        .join('+');
