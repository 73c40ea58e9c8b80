import type { Instant } from '@orderloom/kernel';
import type { QueryConfig, QueryResult, QueryResultRow } from 'pg';
import type { RecordedEvent } from '../decider/event.js';

/** A connection or a pool. */
export interface Queryable {
  query<R extends QueryResultRow>(query: QueryConfig): Promise<QueryResult<R>>;
}

const names = new Map<string, string>();

/** Name of the prepared statement for `text`, starting with `kind`. For a bounded number of texts only: names are never freed. */
export function nameOf(text: string, kind = 's'): string {
  const name = names.get(text) ?? `${kind}${names.size}`;
  names.set(text, name);
  return name;
}

export const prepared = (text: string, values: unknown[] = []): QueryConfig => ({ name: nameOf(text), text, values });

/** SQL expression over table `clock`: the time at which it is stopped, or the server's time plus the offset. */
export const clockNow = "coalesce(stands_at, clock_timestamp() + offset_micros * interval '1 microsecond')";

/** SQL expression for the store's time, valid in any statement. */
export const storeNow = `(select ${clockNow} from clock)`;

const withMicros = '2010-12-01 08:26:00.123456+00'.length;

/** Converts a timestamptz in ISO format and UTC, as the server sends it, to an `Instant`. */
export function fromTimestamp(text: string): Instant {
  // JSON output omits trailing zeros and has a longer zone suffix, so the length alone does not suffice.
  if (text.length === withMicros && text[10] === ' ' && text[26] === '+') return `${text.slice(0, 10)}T${text.slice(11, 26)}Z`;
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? '';
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction.padEnd(6, '0')}Z`;
}

export const eventColumns =
  'xid, position, id, type, type_version, data, stream, version, subject, objects, rule, occurred_at, recorded_at, by, causation, causation_source, correlation, trace, policy_version';

export interface EventRow extends QueryResultRow {
  xid: string;
  position: string;
  id: string;
  type: string;
  type_version: number;
  data: object;
  stream: string;
  version: number;
  subject: string;
  objects: RecordedEvent['objects'];
  rule: string | null;
  occurred_at: string;
  recorded_at: string;
  by: string;
  causation: string | null;
  causation_source: string | null;
  correlation: string;
  trace: string | null;
  policy_version: string | null;
}

export const toEvent = (row: EventRow): RecordedEvent => ({
  id: row.id,
  type: row.type,
  typeVersion: row.type_version,
  data: row.data,
  stream: row.stream,
  version: row.version,
  subject: row.subject,
  objects: row.objects,
  ...(row.rule !== null && { rule: row.rule }),
  occurredAt: fromTimestamp(row.occurred_at),
  recordedAt: fromTimestamp(row.recorded_at),
  by: row.by,
  ...(row.causation !== null && { causation: row.causation }),
  ...(row.causation_source !== null && { causationSource: row.causation_source }),
  correlation: row.correlation,
  ...(row.trace !== null && { trace: row.trace }),
  ...(row.policy_version !== null && { policyVersion: row.policy_version }),
  cursor: { transaction: row.xid, position: row.position },
});

const codeOf = (error: unknown): string => (error as { code?: string } | null)?.code ?? '';

/** SQLSTATE of a deadlock or a serialization failure: a retry may succeed. */
export const isRetryable = (error: unknown): boolean => ['40001', '40P01'].includes(codeOf(error));

export const isUniqueViolation = (error: unknown): boolean => codeOf(error) === '23505';

/** The server has not assigned this transaction id: it crashed before the transaction was durable. */
export const isInTheFuture = (error: unknown): boolean => codeOf(error) === '22023';

/** SQLSTATE raised by `refuse_unit()`. */
export const refusedUnit = 'OU001';
export const isRefusedUnit = (error: unknown): boolean => codeOf(error) === refusedUnit;

/** Errors of the server or the connection: SQLSTATE classes 08 and 57P, and socket errors. */
export const isConnectionError = (error: unknown): boolean =>
  /^(08|57P|53300|25P03|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN)/.test(codeOf(error)) ||
  (error instanceof Error &&
    /Connection terminated|connection timeout|timeout exceeded when trying to connect|Client has encountered|Cannot use a pool after/i.test(
      error.message,
    ));

/** The server ran out of disk or memory and rolled back. A retry succeeds once resources are available. */
export const isOutOfResources = (error: unknown): boolean => /^(53|58030)/.test(codeOf(error));
