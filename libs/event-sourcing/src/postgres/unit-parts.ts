import { type PlacedEvent, shardHash } from '../recording/recording.js';
import type { Part } from './sql-parts.js';
import type { UnitOfWork } from '../store.js';
import { identified, type NetDeadlines, type NetRow } from '../recording/unit-check.js';

export const inboxPart = ({ consumer, message }: NonNullable<UnitOfWork['inbox']>): Part => ({
  text: 'insert into inbox (consumer, message) values ($1, $2) on conflict do nothing returning message',
  values: [consumer, message],
  must: { keys: [message], refused: () => ({ status: 'duplicate' }) },
});

export const commandPart = ({ id, fingerprint, status }: NonNullable<UnitOfWork['command']>, bodyJson: string): Part => ({
  text: 'insert into commands (id, fingerprint, status, body) values ($1, $2, $3, $4) on conflict do nothing returning id',
  values: [id, fingerprint, status, bodyJson],
  must: { keys: [id], refused: () => ({ status: 'duplicate' }) },
});

/** Heads of the streams appended to: one whose last transaction is newer than this one would be inverted, a conflict (decision 2). */
export function headsPart(placed: readonly PlacedEvent[]): Part {
  const heads = [...new Map(placed.map(({ event }) => [event.stream, event])).values()];
  return {
    text: `insert into streams (stream, version, recorded_at, last_xid)
      select stream, version, recorded_at, pg_current_xact_id()
      from unnest($1::text[], $2::int[], $3::timestamptz[]) as head (stream, version, recorded_at)
      on conflict (stream) do update
      set version = excluded.version, recorded_at = excluded.recorded_at, last_xid = excluded.last_xid
      where streams.version < excluded.version and streams.last_xid <= excluded.last_xid
      returning stream`,
    values: [heads.map((h) => h.stream), heads.map((h) => h.version), heads.map((h) => h.recordedAt)],
    must: { keys: heads.map((h) => h.stream), refused: (stream) => ({ status: 'conflict', stream, actual: 0 }) },
  };
}

/** Returns the positions, in the order of `placed`. */
export const eventsPart = (placed: readonly PlacedEvent[]): Part => ({
  text: `insert into events (id, type, type_version, data, stream, version, subject, shard_hash, objects, rule,
      occurred_at, recorded_at, by, causation, correlation, trace, policy_version)
    select id, type, "typeVersion", data, stream, version, subject, shard_hash, objects, rule,
      "occurredAt", "recordedAt", by, causation, correlation, trace, "policyVersion"
    from jsonb_to_recordset($1::jsonb) as event (id uuid, type text, "typeVersion" int, data jsonb, stream text, version int,
      subject text, shard_hash int, objects jsonb, rule text, "occurredAt" timestamptz, "recordedAt" timestamptz, by text,
      causation text, correlation text, trace text, "policyVersion" text)
    returning position`,
  values: [JSON.stringify(placed.map(({ event }) => ({ ...event, shard_hash: shardHash(event.subject) })))],
});

/** One part per table and kind of write. */
export function rowParts(rows: readonly NetRow[]): Part[] {
  const groups = new Map<string, NetRow[]>();
  for (const row of rows) {
    const group = groups.get(`${row.op} ${row.table}`);
    if (group) group.push(row);
    else groups.set(`${row.op} ${row.table}`, [row]);
  }
  return [...groups.values()].map(rowPart);
}

function rowPart(rows: readonly NetRow[]): Part {
  const { op, table } = rows[0] as NetRow;
  const keys = rows.map((r) => r.key);
  if (op === 'remove') return { text: `delete from ${identified(table)} where key = any($1) returning key`, values: [keys] };
  const insert = `insert into ${identified(table)} (key, row) select * from unnest($1::text[], $2::jsonb[]) on conflict`;
  const values = [keys, rows.map((r) => (r.op === 'remove' ? null : r.json))];
  if (op === 'put') return { text: `${insert} (key) do update set row = excluded.row returning key`, values };
  return { text: `${insert} do nothing returning key`, values, must: { keys, refused: (key) => ({ status: 'taken', table, key }) } };
}

/** What must be gone before the same unit writes it anew. */
export function clearingParts({ fires, cancels }: NetDeadlines, restart: UnitOfWork['restart']): Part[] {
  const parts: Part[] = [];
  if (fires.length > 0)
    parts.push({
      text: `delete from deadlines using unnest($1::text[], $2::int[]) as fired (id, generation)
        where deadlines.id = fired.id and deadlines.generation = fired.generation returning deadlines.id`,
      values: [fires.map((f) => f.id), fires.map((f) => f.generation)],
      must: { keys: fires.map((f) => f.id), refused: (id) => ({ status: 'stale', what: `deadline ${id}` }) },
    });
  const withdrawn = cancels.filter((id) => !fires.some((f) => f.id === id));
  if (withdrawn.length > 0) parts.push({ text: 'delete from deadlines where id = any($1) returning id', values: [withdrawn] });
  if (restart) {
    if (restart.fence !== undefined) parts.push(fencePart(restart.checkpoint, restart.fence));
    parts.push({ text: 'delete from checkpoints where name = $1 returning name', values: [restart.checkpoint] });
    for (const table of restart.tables) parts.push({ text: `delete from ${identified(table)} returning key`, values: [] });
  }
  return parts;
}

export const deadlinesPart = (sets: NetDeadlines['sets']): Part => ({
  text: `insert into deadlines (id, generation, due_at, owner, data)
    select * from unnest($1::text[], $2::int[], $3::timestamptz[], $4::text[], $5::jsonb[])
    on conflict (id) do update
    set generation = excluded.generation, due_at = excluded.due_at, owner = excluded.owner, data = excluded.data
    returning id`,
  values: [
    sets.map((d) => d.id),
    sets.map((d) => d.generation),
    sets.map((d) => d.dueAt),
    sets.map((d) => d.owner),
    sets.map((d) => d.json),
  ],
});

/** Moves forward only, and under the newest lease only. */
export function checkpointParts({ name, cursor, fence }: NonNullable<UnitOfWork['checkpoint']>): Part[] {
  const move: Part = {
    text: `insert into checkpoints (name, xid, position) values ($1, $2::text::xid8, $3)
      on conflict (name) do update set xid = excluded.xid, position = excluded.position
      where (checkpoints.xid, checkpoints.position) < (excluded.xid, excluded.position)
      returning name`,
    values: [name, cursor.transaction, cursor.position],
    must: { keys: [name], refused: () => ({ status: 'stale', what: `checkpoint ${name}` }) },
  };
  return fence === undefined ? [move] : [fencePart(name, fence), move];
}

/** Holds the lease's row until the end of the transaction, so that nobody takes it over in between. */
const fencePart = (name: string, fence: string): Part => ({
  text: 'select name from leases where name = $1 and fence = $2 for share',
  values: [name, fence],
  must: { keys: [name], refused: () => ({ status: 'stale', what: `lease ${name}` }) },
});
