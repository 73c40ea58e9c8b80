import { isDeepStrictEqual } from 'node:util';
import type { AnyDecider, View } from '../decider.js';
import type { GivenUp } from '../restored/given-up.js';
import type { Missed } from '../delivery/missed.js';
import { compareCursors, type Cursor, type RecordedEvent, start } from '../event.js';
import { lift } from '../upcasters.js';
import type { Check, Facts, Finding } from './facts.js';

/** I3: versions of a stream come in order, from 1 without gaps, and its time never goes back. */
export class StreamsInOrder implements Check {
  private readonly last = new Map<string, { readonly version: number; readonly at: string }>();
  private readonly broken: string[] = [];
  private count = 0;

  see({ stream, version, recordedAt }: RecordedEvent): void {
    const before = this.last.get(stream) ?? { version: 0, at: '' };
    if (version !== before.version + 1) this.broken.push(`${stream}: version ${version} comes after ${before.version}`);
    if (recordedAt < before.at) this.broken.push(`${stream}: version ${version} was recorded before the one before it`);
    this.last.set(stream, { version, at: recordedAt });
    this.count += 1;
  }

  finish(): Finding[] {
    return [{ invariant: 'I3', says: `${this.count} events of ${this.last.size} streams: no gap, in order`, witnesses: this.broken }];
  }
}

/** I4: a message has one effect on a stream, so all events that it caused there were committed together. */
export class OneEffect implements Check {
  private readonly seen = new Map<string, string>();
  private readonly broken: string[] = [];

  see({ stream, version, by, causation, causationSource, cursor }: RecordedEvent): void {
    if (causation === undefined) return;
    // events recorded before their cause's source was: who said it tells more than the id alone
    const effect = JSON.stringify([stream, causationSource ?? by, causation]);
    const before = this.seen.get(effect);
    if (before !== undefined && before !== cursor.transaction)
      this.broken.push(`${stream}: version ${version} is a second effect of ${causation}`);
    this.seen.set(effect, cursor.transaction);
  }

  async finish(facts: Facts): Promise<Finding[]> {
    const guarded = (await facts.unique('inbox')).includes('consumer, message');
    const guard = guarded ? [] : ['the inbox has no unique key of consumer and message'];
    return [{ invariant: 'I4', says: `${this.seen.size} effects of messages, each once`, witnesses: [...guard, ...this.broken] }];
  }
}

/** I7: each row of a view equals the fold of history. */
export class ViewsAreFolds implements Check {
  private readonly views: { readonly decider: AnyDecider; readonly view: View; readonly rows: Map<string, object | null> }[];

  constructor(deciders: readonly AnyDecider[]) {
    this.views = deciders.flatMap((decider) =>
      (decider.views ?? []).map((view) => ({ decider, view: view as unknown as View, rows: new Map<string, object | null>() })),
    );
  }

  see(event: RecordedEvent): void {
    for (const { decider, view, rows } of this.views) {
      if (!isOf(decider, event)) continue;
      const lifted = lift(decider, event) as unknown as RecordedEvent;
      const key = view.key(lifted);
      if (key !== undefined) rows.set(key, view.evolve(rows.get(key) ?? null, lifted));
    }
  }

  async finish(facts: Facts): Promise<Finding[]> {
    const findings: Finding[] = [];
    for (const { view, rows } of this.views) {
      const shown = await facts.rows(view.table);
      const folded = new Map([...rows].filter(([, row]) => row !== null).map(([key, row]) => [key, asStored(row)]));
      const broken = [...new Set([...folded.keys(), ...shown.keys()])].filter((key) => !isDeepStrictEqual(folded.get(key), shown.get(key)));
      const witnesses = broken.map((key) => `${view.table} ${key}: ${difference(folded.get(key), shown.get(key))}`);
      findings.push({ invariant: 'I7', says: `${shown.size} rows of ${view.table} are what history says`, witnesses });
    }
    return findings;
  }
}

/** A rule about the state of a noun, for ever true. */
export interface StateRule {
  readonly invariant: string;
  readonly says: string;
  readonly decider: AnyDecider;
  /** Why `state` breaks it, if it does. */
  readonly broken: (state: never) => string | undefined;
}

/** A rule at each moment of history. */
export class StatesKeepRule implements Check {
  private readonly states = new Map<string, unknown>();
  private readonly witnesses: string[] = [];

  constructor(private readonly rule: StateRule) {}

  see(event: RecordedEvent): void {
    const { decider, broken } = this.rule;
    if (!isOf(decider, event)) return;
    const state: unknown = decider.evolve(this.states.get(event.stream) ?? decider.initial, lift(decider, event));
    this.states.set(event.stream, state);
    const why = broken(state as never);
    if (why !== undefined) this.witnesses.push(`${event.stream}: since version ${event.version}, ${why}`);
  }

  finish(): Finding[] {
    const { invariant, says } = this.rule;
    return [{ invariant, says: `${this.states.size} times ${this.rule.decider.name}: ${says}`, witnesses: this.witnesses }];
  }
}

/** I1: what others have said was heard before retention took it, or somebody has seen to it. */
export class NothingMissed implements Check {
  async finish(facts: Facts): Promise<Finding[]> {
    const open = [...(await facts.rows('missed')).values()].filter((row) => !(row as Missed).resolved) as Missed[];
    const witnesses = open.map(
      ({ id, topic, partition, from, to }) => `${topic}/${partition}: ${from} to ${to - 1} were gone before they were heard (${id})`,
    );
    return [{ invariant: 'I1', says: 'nothing was missed of what others said', witnesses }];
  }
}

/** I2, after a restore: what `source` said before it, and what does not count any more by somebody's word. */
export class GivenUpAfterRestore implements Check {
  constructor(private readonly source: string) {}

  async finish(facts: Facts): Promise<Finding[]> {
    const own = ([...(await facts.rows('given_up')).values()] as GivenUp[]).filter(({ source }) => source === this.source);
    if (own.length === 0) return [];
    const offsets = own.reduce((sum, { from, to }) => sum + to - from, 0);
    return [{ invariant: 'I2', says: `${offsets} offsets of ${own.length} partitions were given up`, witnesses: [] }];
  }
}

/** I9: no reader's cursor is past what it can have seen. */
export class CursorsBehindHistory implements Check {
  private last: Cursor = start;

  see({ cursor }: RecordedEvent): void {
    this.last = cursor;
  }

  async finish(facts: Facts): Promise<Finding[]> {
    const checkpoints = await facts.checkpoints();
    const witnesses: string[] = [];
    for (const [name, cursor] of checkpoints) {
      if (BigInt(cursor.transaction) >= BigInt(facts.horizon))
        witnesses.push(`${name} is at transaction ${cursor.transaction}, though ${facts.horizon} may still be open`);
      else if (compareCursors(cursor, this.last) > 0) witnesses.push(`${name} is past the last event`);
    }
    return [{ invariant: 'I9', says: `${checkpoints.size} cursors, none past what can be seen`, witnesses }];
  }
}

const isOf = (decider: AnyDecider, { stream, type }: RecordedEvent): boolean =>
  stream.startsWith(`${decider.name}-`) && Object.hasOwn(decider.rules, type);

const asStored = (row: object | null): object => JSON.parse(JSON.stringify(row)) as object;

function difference(folded: object | undefined, shown: object | undefined): string {
  if (!folded) return 'is shown, and never happened';
  if (!shown) return 'is missing';
  const [a, b] = [folded as Record<string, unknown>, shown as Record<string, unknown>];
  const field = Object.keys({ ...a, ...b }).find((name) => !isDeepStrictEqual(a[name], b[name])) ?? '';
  return `${field} is ${JSON.stringify(b[field])}, history says ${JSON.stringify(a[field])}`;
}
