import type { Instant } from '@orderloom/kernel';
import type { Cursor, RecordedEvent } from '../event.js';

/** What an auditor may look at: committed facts of one service, all of the same moment. */
export interface Facts {
  /** In global order. */
  events(): AsyncIterable<RecordedEvent>;
  /** Rows of a read model by key. */
  rows(table: string): Promise<ReadonlyMap<string, object>>;
  deadlines(): Promise<readonly { readonly id: string; readonly owner: string; readonly dueAt: Instant }[]>;
  checkpoints(): Promise<ReadonlyMap<string, Cursor>>;
  /** Of these events, those that are there now. */
  known(ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** Tables whose rows are unique by these columns. */
  unique(table: string): Promise<readonly string[]>;
  /** By the store's clock. */
  readonly now: Instant;
  /** The first transaction that was still open. */
  readonly horizon: string;
}

/** What was found about one invariant of `architecture.md`. */
export interface Finding {
  readonly invariant: string;
  /** What was looked at, as a sentence. */
  readonly says: string;
  /** Where it does not hold; empty where it does. */
  readonly witnesses: readonly string[];
}

/** Looks at one invariant: at each event in global order, then at the rest. */
export interface Check {
  see?(event: RecordedEvent): void;
  finish(facts: Facts): Promise<Finding[]> | Finding[];
}

/** Everything that `checks` find. */
export async function audit(facts: Facts, checks: readonly Check[]): Promise<Finding[]> {
  for await (const event of facts.events()) for (const check of checks) check.see?.(event);
  const findings: Finding[] = [];
  for (const check of checks) findings.push(...(await check.finish(facts)));
  return findings;
}
