import { isDeepStrictEqual } from 'node:util';
import type { AnyDecider, Projection } from '../decider/decider.js';
import type { DiscardedRange } from '../restore/discarded-ranges.js';
import type { RetentionGap } from '../consumer/retention-gaps.js';
import { compareCursors, type Cursor, type RecordedEvent, start } from '../decider/event.js';
import { upcast } from '../decider/upcasters.js';
import type { Check, AuditSnapshot, Finding } from './audit-snapshot.js';

/** I3: the versions of a stream start at 1 without gaps, and recording times never decrease. */
export class StreamVersionsAreGapless implements Check {
  private readonly last = new Map<string, { readonly version: number; readonly at: string }>();
  private readonly violations: string[] = [];
  private count = 0;

  see({ stream, version, recordedAt }: RecordedEvent): void {
    const previous = this.last.get(stream) ?? { version: 0, at: '' };
    if (version !== previous.version + 1) this.violations.push(`${stream}: version ${version} follows version ${previous.version}`);
    if (recordedAt < previous.at)
      this.violations.push(`${stream}: version ${version} has an earlier recording time than the version before`);
    this.last.set(stream, { version, at: recordedAt });
    this.count += 1;
  }

  finish(): Finding[] {
    return [
      {
        invariant: 'I3',
        summary: `${this.count} events of ${this.last.size} streams are in order without gaps`,
        violations: this.violations,
      },
    ];
  }
}

/**
 * I4: a message has one effect on a stream for each flow, so all events that it caused there have the same transaction. Two flows may
 * answer one message in one stream: what was done for a flow names it in `flow`.
 */
export class OneEffectPerMessage implements Check {
  private readonly seen = new Map<string, string>();
  private readonly violations: string[] = [];

  see({ stream, version, by, causation, causationSource, cursor, data }: RecordedEvent): void {
    if (causation === undefined) return;
    // Old events have no source of their cause; `by` then distinguishes senders.
    const key = JSON.stringify([stream, causationSource ?? by, causation, (data as { flow?: unknown } | null)?.flow]);
    const previous = this.seen.get(key);
    if (previous !== undefined && previous !== cursor.transaction)
      this.violations.push(`${stream}: version ${version} is a second effect of message ${causation}`);
    this.seen.set(key, cursor.transaction);
  }

  async finish(facts: AuditSnapshot): Promise<Finding[]> {
    const hasUniqueKey = (await facts.unique('inbox')).includes('consumer, message');
    const missingKey = hasUniqueKey ? [] : ['table inbox has no unique index on consumer and message'];
    return [
      {
        invariant: 'I4',
        summary: `${this.seen.size} effects of messages occurred once each`,
        violations: [...missingKey, ...this.violations],
      },
    ];
  }
}

/** I7: each row of a projection equals the fold of its events. */
export class ProjectionsMatchHistory implements Check {
  private readonly views: { readonly decider: AnyDecider; readonly view: Projection; readonly rows: Map<string, object | null> }[];

  constructor(deciders: readonly AnyDecider[]) {
    this.views = deciders.flatMap((decider) =>
      (decider.views ?? []).map((view) => ({ decider, view: view as unknown as Projection, rows: new Map<string, object | null>() })),
    );
  }

  see(event: RecordedEvent): void {
    for (const { decider, view, rows } of this.views) {
      if (!isOf(decider, event)) continue;
      const upcasted = upcast(decider, event) as unknown as RecordedEvent;
      const key = view.key(upcasted);
      if (key !== undefined) rows.set(key, view.evolve(rows.get(key) ?? null, upcasted));
    }
  }

  async finish(facts: AuditSnapshot): Promise<Finding[]> {
    const findings: Finding[] = [];
    for (const { view, rows } of this.views) {
      const stored = await facts.rows(view.table);
      const folded = new Map([...rows].filter(([, row]) => row !== null).map(([key, row]) => [key, asStored(row)]));
      const differing = [...new Set([...folded.keys(), ...stored.keys()])].filter(
        (key) => !isDeepStrictEqual(folded.get(key), stored.get(key)),
      );
      const violations = differing.map((key) => `${view.table} ${key}: ${difference(folded.get(key), stored.get(key))}`);
      findings.push({ invariant: 'I7', summary: `${stored.size} rows of ${view.table} match their events`, violations });
    }
    return findings;
  }
}

/** An invariant of the state of an entity type that must hold after every event. */
export interface StateInvariant {
  readonly invariant: string;
  readonly summary: string;
  readonly decider: AnyDecider;
  /** Returns the reason if `state` violates the invariant, otherwise undefined. */
  readonly broken: (state: never) => string | undefined;
}

/** Checks a state invariant after every event. */
export class StateInvariantCheck implements Check {
  private readonly states = new Map<string, unknown>();
  private readonly violations: string[] = [];

  constructor(private readonly rule: StateInvariant) {}

  see(event: RecordedEvent): void {
    const { decider, broken } = this.rule;
    if (!isOf(decider, event)) return;
    const state: unknown = decider.evolve(this.states.get(event.stream) ?? decider.initial, upcast(decider, event));
    this.states.set(event.stream, state);
    const reason = broken(state as never);
    if (reason !== undefined) this.violations.push(`${event.stream}: after version ${event.version}, ${reason}`);
  }

  finish(): Finding[] {
    const { invariant, summary } = this.rule;
    return [{ invariant, summary: `${this.states.size} ${this.rule.decider.name} streams: ${summary}`, violations: this.violations }];
  }
}

/** I1: every record of other services was consumed before retention deleted it, or an operator has resolved the gap. */
export class NoRetentionGaps implements Check {
  async finish(facts: AuditSnapshot): Promise<Finding[]> {
    const open = [...(await facts.rows('missed')).values()].filter((row) => !(row as RetentionGap).resolved) as RetentionGap[];
    const violations = open.map(
      ({ id, topic, partition, from, to }) =>
        `${topic}/${partition}: offsets ${from} to ${to - 1} were deleted before they were consumed (${id})`,
    );
    return [{ invariant: 'I1', summary: 'no records were deleted before they were consumed', violations }];
  }
}

/** I2 after a restore: reports the offset ranges of `source` that are discarded. */
export class DiscardedAfterRestore implements Check {
  constructor(private readonly source: string) {}

  async finish(facts: AuditSnapshot): Promise<Finding[]> {
    const own = ([...(await facts.rows('given_up')).values()] as DiscardedRange[]).filter(({ source }) => source === this.source);
    if (own.length === 0) return [];
    const offsets = own.reduce((sum, { from, to }) => sum + to - from, 0);
    return [{ invariant: 'I2', summary: `${offsets} offsets of ${own.length} partitions are discarded`, violations: [] }];
  }
}

/** I9: no checkpoint is beyond the events that its reader could have seen. */
export class CheckpointsWithinHistory implements Check {
  private last: Cursor = start;

  see({ cursor }: RecordedEvent): void {
    this.last = cursor;
  }

  async finish(facts: AuditSnapshot): Promise<Finding[]> {
    const checkpoints = await facts.checkpoints();
    const violations: string[] = [];
    for (const [name, cursor] of checkpoints) {
      if (BigInt(cursor.transaction) >= BigInt(facts.horizon))
        violations.push(`${name} is at transaction ${cursor.transaction}, but transaction ${facts.horizon} may still be open`);
      else if (compareCursors(cursor, this.last) > 0) violations.push(`${name} is beyond the last event`);
    }
    return [{ invariant: 'I9', summary: `${checkpoints.size} checkpoints are within the visible events`, violations }];
  }
}

const isOf = (decider: AnyDecider, { stream, type }: RecordedEvent): boolean =>
  stream.startsWith(`${decider.name}-`) && Object.hasOwn(decider.rules, type);

const asStored = (row: object | null): object => JSON.parse(JSON.stringify(row)) as object;

function difference(folded: object | undefined, stored: object | undefined): string {
  if (!folded) return 'exists without events';
  if (!stored) return 'is missing';
  const [a, b] = [folded as Record<string, unknown>, stored as Record<string, unknown>];
  const field = Object.keys({ ...a, ...b }).find((name) => !isDeepStrictEqual(a[name], b[name])) ?? '';
  return `${field} is ${JSON.stringify(b[field])}, its events give ${JSON.stringify(a[field])}`;
}
