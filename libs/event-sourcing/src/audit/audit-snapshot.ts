import type { Instant } from '@orderloom/kernel';
import type { Cursor, RecordedEvent } from '../decider/event.js';

/** A consistent snapshot of the committed data of one service. */
export interface AuditSnapshot {
  /** Events in global order. */
  events(): AsyncIterable<RecordedEvent>;
  /** Rows of a read model by key. */
  rows(table: string): Promise<ReadonlyMap<string, object>>;
  deadlines(): Promise<readonly { readonly id: string; readonly owner: string; readonly dueAt: Instant }[]>;
  checkpoints(): Promise<ReadonlyMap<string, Cursor>>;
  /** Returns which of these event ids exist now, outside the snapshot. */
  known(ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** Column lists of the table's unique indexes, such as `consumer, message`. */
  unique(table: string): Promise<readonly string[]>;
  /** Time of the snapshot by the store's clock. */
  readonly now: Instant;
  /** Oldest transaction id that was still open in the snapshot. */
  readonly horizon: string;
}

/** Result of checking one invariant (I1 to I9). */
export interface Finding {
  readonly invariant: string;
  /** Summary of the checked data, as a sentence. */
  readonly summary: string;
  /** Violations; empty if the invariant holds. */
  readonly violations: readonly string[];
}

/** Checks one invariant: `see` receives each event in global order, `finish` reports. */
export interface Check {
  see?(event: RecordedEvent): void;
  finish(facts: AuditSnapshot): Promise<Finding[]> | Finding[];
}

/** Runs `checks` over the snapshot and returns their findings. */
export async function audit(facts: AuditSnapshot, checks: readonly Check[]): Promise<Finding[]> {
  for await (const event of facts.events()) for (const check of checks) check.see?.(event);
  const findings: Finding[] = [];
  for (const check of checks) findings.push(...(await check.finish(facts)));
  return findings;
}
