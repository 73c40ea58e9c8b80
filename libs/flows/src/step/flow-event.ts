import type { Instant } from '@orderloom/kernel';
import type { FlowInput } from '../definition/chart.js';

// These names are stored and must never change.
interface Of {
  readonly flowId: string;
  readonly flow: string;
  readonly version: string;
}

interface OfTask extends Of {
  readonly taskId: string;
  readonly team: string;
  readonly question: string;
}

type Event<Type extends string, Data> = { readonly type: Type; readonly data: Data; readonly rule?: string };

/** Events of a flow's stream, which is its inbox and outbox: every input as an event, followed by its effects. */
export type FlowEvent =
  | Event<'FlowStarted', Of & { input: FlowInput; to: unknown; dueAt?: Instant }>
  | Event<'FlowMoved', Of & { from: unknown; input: FlowInput; to: unknown; dueAt?: Instant }>
  | Event<'InputKept', Of & { input: FlowInput }>
  | Event<'InputStrayed', Of & { input: FlowInput; why: string }>
  | Event<'TaskAsked', OfTask & { about: object; answers: readonly string[]; dueAt: Instant | null; rule: string }>
  | Event<'TaskReminded', OfTask & { about: object; answers: readonly string[]; dueAt: Instant | null; rule: string; reminder: number }>
  | Event<'DeadlinesRecounted', Of & { settings: string; deadlines: readonly { policy: string; dueBefore: Instant; dueAt: Instant }[] }>
  | Event<'TaskDueChanged', OfTask & { dueAt: Instant }>
  | Event<'TaskEscalated', OfTask>
  | Event<'TaskClaimed', OfTask & { by: string; until: Instant }>
  | Event<'TaskReleased', OfTask & { by: string; holder: string }>
  | Event<'TaskHandedOver', OfTask & { by: string; from: string | null; to: string; until: Instant }>
  | Event<'TaskCommented', OfTask & { by: string; comment: string }>
  | Event<'TaskClosed', OfTask & { how: 'answered' | 'withdrawn'; reason?: string }>
  | Event<'CommandSent', Of & { service: string; command: string; data: object }>
  | Event<'CustomerTold', Of & { template: string; fields: object; locale?: string | undefined }>
  | Event<'TeamInformed', Of & { team: string; notice: string; about: object }>
  | Event<'FlowParked', Of & { input: FlowInput; error: string }>
  | Event<'FlowRedriven', Of & { input: FlowInput }>
  | Event<'FlowDismissed', Of & { reason: string }>
  | Event<'FlowEnded', Of & { outcome: string }>;
