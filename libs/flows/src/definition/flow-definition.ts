import type { AnyStateMachine } from 'xstate';
import type { Policies } from '@orderloom/kernel';
import type { FlowInput } from './chart.js';

/** Reason for the withdrawal of a task, sent to the asked team. Time-outs, repeated questions and dismissals have reasons of their own. */
export type WithdrawalReason = 'held' | 'picked' | 'shipped' | 'cancelled' | 'superseded';

/** A flow: its state machine, and the routing of messages to it. */
export interface Flow {
  readonly id: string;
  readonly version: string;
  readonly service: string;
  readonly machine: AnyStateMachine;
  readonly policies: Policies;
  /** Types of events that start the flow, with a function that returns the initial context, or null where no flow starts. */
  readonly startedBy: Readonly<Record<string, (fact: FlowInput, settings?: object) => object | null>>;
  /** Types of events about its subject that the flow consumes without having asked for them. */
  readonly listensTo: readonly string[];
  /** Withdrawal reasons by the type of the input that leaves a state with an open task; `superseded` where it is not listed. */
  readonly withdraws: Readonly<Record<string, WithdrawalReason>>;
  /** Key prefix that admits one active flow per subject, until it ends or reaches a state with the tag `decided`. */
  readonly exclusive?: string;
}
