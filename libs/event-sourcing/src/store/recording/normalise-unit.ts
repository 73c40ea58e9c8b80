import { storableJson, storableKey, storableText } from './plain-data.js';
import { storableInstant } from './hybrid-logical-clock.js';
import type { Deadline, DeadlineWrite, RowWrite, UnitOfWork } from '../store.js';

const identifierPattern = /^[a-z][a-z0-9_]{0,62}$/;

/** Returns `name`; throws `RangeError` unless it is a lower-case SQL identifier of at most 63 characters. */
export function assertIdentifier(name: string): string {
  if (!identifierPattern.test(name))
    throw new RangeError(`invalid table name "${name}": expected lower-case letters, digits and underscores, at most 63`);
  return name;
}

/** A row write with its row as JSON text; at most one per table and key. */
export type NormalisedRow = { readonly table: string; readonly key: string } & (
  { readonly op: 'insert' | 'put'; readonly json: string } | { readonly op: 'remove' }
);

/** Reduces `rows` to the last write per key, sorted by table and key, so that units take row locks in the same order. */
export function normaliseRows(rows: readonly RowWrite[]): readonly NormalisedRow[] {
  if (rows.length === 0) return [];
  const byKey = new Map<string, NormalisedRow>();
  for (const write of rows) {
    const target = { table: assertIdentifier(write.table), key: storableKey(write.key, `${write.table}.key`) };
    const id = `${write.table} ${write.key}`;
    const inserted = byKey.get(id)?.op === 'insert';
    if (write.op === 'remove') byKey.set(id, { ...target, op: 'remove' });
    else byKey.set(id, { ...target, op: inserted ? 'insert' : write.op, json: storableJson(write.row, write.table) });
  }
  return [...byKey.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, write]) => write);
}

export interface NormalisedDeadlines {
  readonly fires: readonly { readonly id: string; readonly generation: number }[];
  readonly cancels: readonly string[];
  readonly sets: readonly (Deadline & { readonly json: string })[];
}

const noDeadlines: NormalisedDeadlines = { fires: [], cancels: [], sets: [] };

/** Reduces `writes` to the firings and the last write per deadline id. Throws `Error` if a deadline fires twice. */
export function normaliseDeadlines(writes: readonly DeadlineWrite[]): NormalisedDeadlines {
  if (writes.length === 0) return noDeadlines;
  const fires: { id: string; generation: number }[] = [];
  const lastWrites = new Map<string, DeadlineWrite>();
  for (const write of writes) {
    if (write.op === 'fire') {
      if (fires.some(({ id }) => id === write.id)) throw new Error(`invalid unit of work: it fires deadline ${write.id} twice`);
      fires.push({ id: write.id, generation: write.generation });
    } else lastWrites.set(write.op === 'set' ? write.deadline.id : write.id, write);
  }
  const cancels = [...lastWrites.values()].flatMap((w) => (w.op === 'cancel' ? [w.id] : []));
  const sets = [...lastWrites.values()].flatMap((w) => (w.op === 'set' ? [validatedDeadline(w.deadline)] : []));
  return { fires, cancels, sets };
}

const validatedDeadline = (deadline: Deadline): Deadline & { json: string } => ({
  ...deadline,
  id: storableKey(deadline.id, 'deadline.id'),
  owner: storableText(deadline.owner, 'deadline.owner'),
  dueAt: storableInstant(deadline.dueAt, 'deadline.dueAt'),
  json: storableJson(deadline.data, 'deadline.data'),
});

/**
 * Validates a unit before anything is written. Throws `InvalidInput` for text that cannot be stored, and `Error` for a unit that is built
 * wrongly.
 */
export function validateUnit(unit: UnitOfWork): void {
  const { meta, inbox, command, appends = [] } = unit;
  for (const name of ['by', 'causation', 'causationSource', 'correlation', 'trace', 'policyVersion'] as const)
    storableText(meta[name] ?? '', name);
  if (inbox) storableKey(inbox.message, 'message id');
  if (command) storableKey(command.id, 'command id');
  for (const append of appends) {
    storableKey(append.stream, 'stream');
    storableKey(append.subject, 'subject');
    if (append.events.length === 0) throw new Error(`invalid unit of work: the append to ${append.stream} has no events`);
  }
  if (new Set(appends.map((a) => a.stream)).size < appends.length)
    throw new Error('invalid unit of work: it appends to a stream more than once');
}
