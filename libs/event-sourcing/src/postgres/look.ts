import type { Instant } from '@orderloom/kernel';
import { holds, type StreamHead } from '../recording/recording.js';
import type { CheckedUnit } from './checked-unit.js';
import type { Known } from './known.js';
import { clockNow, fromTimestamp, prepared, type Queryable } from './sql.js';
import type { Refused } from './sql-parts.js';

/** What there was before units are written. */
export interface Seen {
  readonly now: Instant;
  /** Nobody looked: the database has to confirm it when it writes. */
  readonly guessed?: true;
  /** Id of the transaction, which is taken now: after the locks, before any write; empty where nobody looked. */
  readonly transaction: string;
  /** Of the streams appended to, which are locked. */
  readonly heads: ReadonlyMap<string, StreamHead>;
  /** Why the unit can't be written. */
  refused(unit: CheckedUnit): Refused | undefined;
}

interface Found {
  readonly now: string;
  readonly stands: boolean;
  readonly transaction: string;
  readonly heads?: readonly [stream: string, version: number, recordedAt: string][] | null;
  readonly messages?: readonly string[];
  readonly commands?: readonly string[];
}

/** The store's time, the heads of streams, and which messages and commands were seen before; it asks for nothing that no unit has. */
export async function look(client: Queryable, units: readonly CheckedUnit[], known?: Known): Promise<Seen> {
  const streams = units.flatMap(({ unit: { appends = [] } }) => appends.map(({ stream }) => stream));
  const messages = units.flatMap(({ unit: { inbox } }) => inbox ?? []);
  const commands = units.flatMap(({ unit: { command } }) => command?.id ?? []);
  const values: unknown[] = [];
  const texts = (those: readonly string[]): string => `$${values.push(those)}::text[]`;
  const asked = [`${clockNow} as now`, 'stands_at is not null as stands', 'pg_current_xact_id()::text as transaction'];
  if (streams.length > 0)
    asked.push(
      `(select jsonb_agg(jsonb_build_array(stream, version, recorded_at)) from unnest(${texts(streams)}) as asked (stream) cross join lateral
         (select version, recorded_at from events where events.stream = asked.stream order by version desc limit 1) as head) as heads`,
    );
  if (messages.length > 0)
    asked.push(
      `array(select consumer || ' ' || message from unnest(${texts(messages.map((m) => m.consumer))}, ${texts(messages.map((m) => m.message))})
         as asked (consumer, message) cross join lateral
         (select from inbox where inbox.consumer = asked.consumer and inbox.message = asked.message limit 1) as heard) as messages`,
    );
  if (commands.length > 0) asked.push(`array(select id from commands where id = any(${texts(commands)})) as commands`);

  const { rows } = await client.query<Found>(prepared(`select ${asked.join(', ')} from clock`, values));
  const found = rows[0] ?? { now: '', stands: false, transaction: '' };
  const now = fromTimestamp(found.now);
  known?.time({ now, stands: found.stands });
  const heads = new Map((found.heads ?? []).map(([stream, version, at]) => [stream, { version, lastRecordedAt: fromTimestamp(at) }]));
  const [heard, answered] = [new Set(found.messages), new Set(found.commands)];
  const seen = ({ unit: { inbox, command } }: CheckedUnit): boolean =>
    (inbox !== undefined && heard.has(`${inbox.consumer} ${inbox.message}`)) || (command !== undefined && answered.has(command.id));
  return {
    now,
    transaction: found.transaction,
    heads,
    refused: (unit) => (seen(unit) ? { status: 'duplicate' } : conflict(unit, heads)),
  };
}

function conflict({ unit: { appends = [] } }: CheckedUnit, heads: Seen['heads']): Refused | undefined {
  const lost = appends.find(({ stream, expected }) => !holds(expected, heads.get(stream)?.version ?? 0));
  return lost && { status: 'conflict', stream: lost.stream, actual: heads.get(lost.stream)?.version ?? 0 };
}
