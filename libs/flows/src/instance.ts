import type { Instant } from '@orderloom/kernel';
import type { FlowInput } from './flow.js';

/** A running (or ended) flow, as its row keeps it. Plain JSON. */
export interface FlowInstance {
  readonly flowId: string;
  readonly flow: string;
  /** Of the chart it was started with, for ever. */
  readonly version: string;
  readonly subject: string;
  readonly status: 'active' | 'parked' | 'ended';
  /** XState's state value: `negotiating`, or `{ open: 'reviewing' }`. */
  readonly state: unknown;
  readonly snapshot: unknown;
  /** Version of the flow's stream that this row is the fold of. */
  readonly streamVersion: number;
  readonly tasks: readonly OpenTask[];
  /** Ids of the deadlines that are set. */
  readonly deadlines: readonly string[];
  /** Inputs that came too early, and while it is parked every input, in order. */
  readonly kept: readonly KeptInput[];
  readonly outcome?: string;
  readonly parked?: { readonly error: string; readonly input: KeptInput };
  readonly correlation: string;
  readonly startedAt: Instant;
  readonly movedAt: Instant;
  /** A unique key that it holds until it is decided (`Flow.exclusive`). */
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
}

export interface KeptInput {
  readonly input: FlowInput;
  readonly messageId: string;
  readonly by: string;
  /** Set for an answer to a task, with the teams whose tasks it may answer. */
  readonly taskId?: string;
  readonly teams?: readonly string[];
  /** Why an answer does not count, whatever state its flow is in: it contradicts what its task is about. */
  readonly refused?: string;
}

/** The names of a state value, outermost first: `open.reviewing`. */
export const stateName = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : Object.entries((value ?? {}) as Record<string, unknown>)
        .map(([key, inner]) => (inner && Object.keys(inner).length === 0 ? key : `${key}.${stateName(inner)}`))
        .join('+');
