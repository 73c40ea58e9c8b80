import { storableJson, storableKey, storableText } from './plain-data.js';
import { storableInstant } from './recorded-at.js';
import type { Deadline, DeadlineWrite, RowWrite, UnitOfWork } from '../store.js';

const identifier = /^[a-z][a-z0-9_]{0,62}$/;

/** `name` itself; throws a `RangeError` unless it is a plain SQL identifier. */
export function identified(name: string): string {
  if (!identifier.test(name)) throw new RangeError(`not a table or field name: ${name}`);
  return name;
}

/** A row write with its row as JSON text; at most one per table and key. */
export type NetRow = { readonly table: string; readonly key: string } & (
  { readonly op: 'insert' | 'put'; readonly json: string } | { readonly op: 'remove' }
);

/** What is left of `rows` when each key is written once, sorted by table and key, so that no two units wait for each other. */
export function netRows(rows: readonly RowWrite[]): readonly NetRow[] {
  if (rows.length === 0) return [];
  const net = new Map<string, NetRow>();
  for (const write of rows) {
    const place = { table: identified(write.table), key: storableKey(write.key, `${write.table}.key`) };
    const id = `${write.table} ${write.key}`;
    const inserted = net.get(id)?.op === 'insert';
    if (write.op === 'remove') net.set(id, { ...place, op: 'remove' });
    else net.set(id, { ...place, op: inserted ? 'insert' : write.op, json: storableJson(write.row, write.table) });
  }
  return [...net.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, write]) => write);
}

export interface NetDeadlines {
  readonly fires: readonly { readonly id: string; readonly generation: number }[];
  readonly cancels: readonly string[];
  readonly sets: readonly (Deadline & { readonly json: string })[];
}

const none: NetDeadlines = { fires: [], cancels: [], sets: [] };

/** What is left of `writes` in their order: what fires must be there first; then the last word on each id counts. */
export function netDeadlines(writes: readonly DeadlineWrite[]): NetDeadlines {
  if (writes.length === 0) return none;
  const fires: { id: string; generation: number }[] = [];
  const last = new Map<string, DeadlineWrite>();
  for (const write of writes) {
    if (write.op === 'fire') {
      if (fires.some(({ id }) => id === write.id)) throw new Error(`deadline ${write.id} fires twice in a unit of work`);
      fires.push({ id: write.id, generation: write.generation });
    } else last.set(write.op === 'set' ? write.deadline.id : write.id, write);
  }
  const cancels = [...last.values()].flatMap((w) => (w.op === 'cancel' ? [w.id] : []));
  const sets = [...last.values()].flatMap((w) => (w.op === 'set' ? [checked(w.deadline)] : []));
  return { fires, cancels, sets };
}

const checked = (deadline: Deadline): Deadline & { json: string } => ({
  ...deadline,
  id: storableKey(deadline.id, 'deadline.id'),
  owner: storableText(deadline.owner, 'deadline.owner'),
  dueAt: storableInstant(deadline.dueAt, 'deadline.dueAt'),
  json: storableJson(deadline.data, 'deadline.data'),
});

/** Refuses what no store can keep, before anything is written: `InvalidInput` for texts from outside, an `Error` for a wrong unit. */
export function checkUnit(unit: UnitOfWork): void {
  const { meta, inbox, command, appends = [] } = unit;
  for (const name of ['by', 'causation', 'causationSource', 'correlation', 'trace', 'policyVersion'] as const)
    storableText(meta[name] ?? '', name);
  if (inbox) storableKey(inbox.message, 'message id');
  if (command) storableKey(command.id, 'command id');
  for (const append of appends) {
    storableKey(append.stream, 'stream');
    storableKey(append.subject, 'subject');
    if (append.events.length === 0) throw new Error(`an append to ${append.stream} without events`);
  }
  if (new Set(appends.map((a) => a.stream)).size < appends.length) throw new Error('a stream may appear once in a unit of work');
}
