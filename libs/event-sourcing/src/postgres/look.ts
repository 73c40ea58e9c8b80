import type { Instant } from '@orderloom/kernel';
import { holds, type StreamHead } from '../recording/recording.js';
import type { CheckedUnit } from './checked-unit.js';
import { fromTimestamp, prepared, type Queryable, storeNow } from './sql.js';
import type { Refused } from './sql-parts.js';

/** What there was before units are written. */
export interface Seen {
  readonly now: Instant;
  /** Id of the transaction, which is taken now: after the locks, before any write. */
  readonly transaction: string;
  /** Of the streams appended to, which are locked. */
  readonly heads: ReadonlyMap<string, StreamHead>;
  /** Why the unit, the `index`th that was looked for, can't be written. */
  refused(unit: CheckedUnit, index: number): Refused | undefined;
}

interface Found {
  readonly now: string;
  readonly transaction: string;
  readonly heads: readonly [stream: string, version: number, recordedAt: string][] | null;
  readonly seen: readonly number[];
}

/** The store's time, the heads of streams, and which messages and commands were seen before. */
export async function look(client: Queryable, units: readonly CheckedUnit[]): Promise<Seen> {
  const { rows } = await client.query<Found>(
    prepared(
      `select ${storeNow} as now, pg_current_xact_id()::text as transaction,
         (select jsonb_agg(jsonb_build_array(stream, version, recorded_at)) from streams where stream = any($1)) as heads,
         array(select index::int from unnest($2::text[], $3::text[], $4::text[]) with ordinality as asked (consumer, message, command, index)
           where exists (select from inbox where inbox.consumer = asked.consumer and inbox.message = asked.message)
             or exists (select from commands where commands.id = asked.command)) as seen`,
      [
        units.flatMap(({ unit }) => (unit.appends ?? []).map((a) => a.stream)),
        units.map(({ unit }) => unit.inbox?.consumer ?? null),
        units.map(({ unit }) => unit.inbox?.message ?? null),
        units.map(({ unit }) => unit.command?.id ?? null),
      ],
    ),
  );
  const { now, transaction, heads, seen } = rows[0] ?? { now: '', transaction: '', heads: null, seen: [] };
  const before = new Map((heads ?? []).map(([stream, version, at]) => [stream, { version, lastRecordedAt: fromTimestamp(at) }]));
  const seenBefore = new Set(seen);
  return {
    now: fromTimestamp(now),
    transaction,
    heads: before,
    refused: (unit, index) => (seenBefore.has(index + 1) ? { status: 'duplicate' } : conflict(unit, before)),
  };
}

function conflict({ unit: { appends = [] } }: CheckedUnit, heads: Seen['heads']): Refused | undefined {
  const lost = appends.find(({ stream, expected }) => !holds(expected, heads.get(stream)?.version ?? 0));
  return lost && { status: 'conflict', stream: lost.stream, actual: heads.get(lost.stream)?.version ?? 0 };
}
