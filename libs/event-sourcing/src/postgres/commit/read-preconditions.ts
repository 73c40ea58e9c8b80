import type { Preconditions } from './types.js';
import { versionMatches } from '../../store/recording/prepare-events.js';
import type { ValidatedUnit } from './validated-unit.js';
import type { CommitCache } from './commit-cache.js';
import { clockNow, fromTimestamp, prepared, type Queryable } from '../sql.js';
import type { RefusedOutcome } from './cte.js';

interface PreconditionRow {
  readonly now: string;
  readonly stopped: boolean;
  readonly transaction: string;
  readonly heads?: readonly [stream: string, version: number, recordedAt: string][] | null;
  readonly messages?: readonly string[];
  readonly commands?: readonly string[];
}

/**
 * Reads the store's time, the stream heads, and the messages and commands that are already handled. The statement contains only the parts
 * that some unit needs.
 */
export async function readPreconditions(client: Queryable, units: readonly ValidatedUnit[], known?: CommitCache): Promise<Preconditions> {
  const streams = units.flatMap(({ unit: { appends = [] } }) => appends.map(({ stream }) => stream));
  const messages = units.flatMap(({ unit: { inbox } }) => inbox ?? []);
  const commands = units.flatMap(({ unit: { command } }) => command?.id ?? []);
  const values: unknown[] = [];
  const textArray = (those: readonly string[]): string => `$${values.push(those)}::text[]`;
  const columns = [`${clockNow} as now`, 'stands_at is not null as stopped', 'pg_current_xact_id()::text as transaction'];
  if (streams.length > 0)
    columns.push(
      `(select jsonb_agg(jsonb_build_array(stream, version, recorded_at)) from unnest(${textArray(streams)}) as asked (stream) cross join lateral
         (select version, recorded_at from events where events.stream = asked.stream order by version desc limit 1) as head) as heads`,
    );
  if (messages.length > 0)
    columns.push(
      `array(select consumer || ' ' || message from unnest(${textArray(messages.map((m) => m.consumer))}, ${textArray(messages.map((m) => m.message))})
         as asked (consumer, message) cross join lateral
         (select from inbox where inbox.consumer = asked.consumer and inbox.message = asked.message limit 1) as heard) as messages`,
    );
  if (commands.length > 0) columns.push(`array(select id from commands where id = any(${textArray(commands)})) as commands`);

  const { rows } = await client.query<PreconditionRow>(prepared(`select ${columns.join(', ')} from clock`, values));
  const row = rows[0] ?? { now: '', stopped: false, transaction: '' };
  const now = fromTimestamp(row.now);
  known?.observeTime({ now, isStopped: row.stopped });
  const heads = new Map((row.heads ?? []).map(([stream, version, at]) => [stream, { version, lastRecordedAt: fromTimestamp(at) }]));
  const [handledMessages, handledCommands] = [new Set(row.messages), new Set(row.commands)];
  const isDuplicate = ({ unit: { inbox, command } }: ValidatedUnit): boolean =>
    (inbox !== undefined && handledMessages.has(`${inbox.consumer} ${inbox.message}`)) ||
    (command !== undefined && handledCommands.has(command.id));
  return {
    now,
    transaction: row.transaction,
    heads,
    refused: (unit) => (isDuplicate(unit) ? { status: 'duplicate' } : conflict(unit, heads)),
  };
}

function conflict({ unit: { appends = [] } }: ValidatedUnit, heads: Preconditions['heads']): RefusedOutcome | undefined {
  const mismatch = appends.find(({ stream, expected }) => !versionMatches(expected, heads.get(stream)?.version ?? 0));
  return mismatch && { status: 'conflict', stream: mismatch.stream, actual: heads.get(mismatch.stream)?.version ?? 0 };
}
