import type { ValidatedUnit } from './validated-unit.js';
import { type PreparedEvent, shardHash } from '../../store/recording/prepare-events.js';
import { valuesOrUnnest } from './cte.js';
import type { UnitCtes } from './types.js';

/**
 * Reads the predecessor of each stream's first new event and requires it to exist. A predecessor written by a newer transaction would sort
 * after the new event, so it is a conflict (decision record: global order).
 */
export function headsCte(events: readonly { readonly unit: ValidatedUnit; readonly event: PreparedEvent }[], isAlone: boolean): UnitCtes {
  // The first new event of each stream.
  const firsts = new Map(events.toReversed().map(({ unit: by, event: { event } }) => [event.stream, { by, event }]));
  const heads = [...firsts.values()].filter(({ event: { version } }) => version > 1);
  if (heads.length === 0) return [];
  return [
    {
      ...selectHeads(
        heads.map(({ event: { stream, version } }) => [stream, version - 1]),
        isAlone,
      ),
      readsOnly: true,
      requiredKeys: heads.map(({ by, event: { stream } }) => ({ key: stream, by, refused: { status: 'conflict', stream, actual: 0 } })),
    },
  ];
}

// The planner cannot estimate `case`, so it evaluates the condition last; `pg_current_xact_id()` must run after the locks are taken.
const selectHeads = valuesOrUnnest(
  ['text', 'int'],
  (rows) => `select stream from ${rows} as head (stream, version) cross join lateral
      (select xid from events where events.stream = head.stream and events.version = head.version limit 1) as last
    where case when xid <= pg_current_xact_id() then true end`,
);

/** Inserts the events; returns their positions in the order of `events`. */
export function eventsCte(events: readonly PreparedEvent[]): UnitCtes {
  if (events.length === 0) return [];
  return [
    {
      text: `insert into events (id, type, type_version, data, stream, version, subject, shard_hash, objects, rule,
          occurred_at, recorded_at, by, causation, causation_source, correlation, trace, policy_version)
        select id, type, "typeVersion", data, stream, version, subject, shard_hash, objects, rule,
          "occurredAt", "recordedAt", by, causation, "causationSource", correlation, trace, "policyVersion"
        from jsonb_to_recordset($1::jsonb) as event (id uuid, type text, "typeVersion" int, data jsonb, stream text, version int,
          subject text, shard_hash int, objects jsonb, rule text, "occurredAt" timestamptz, "recordedAt" timestamptz, by text,
          causation text, "causationSource" text, correlation text, trace text, "policyVersion" text)
        returning position`,
      values: [`[${events.map(eventJson).join(',')}]`],
      returnsKeys: true,
    },
  ];
}

/** Lists the fields one by one: copying the event without two fields costs more than the rest of the function. */
function eventJson({ event, dataJson, objectsJson }: PreparedEvent): string {
  const rest = JSON.stringify({
    id: event.id,
    type: event.type,
    typeVersion: event.typeVersion,
    stream: event.stream,
    version: event.version,
    subject: event.subject,
    shard_hash: shardHash(event.subject),
    rule: event.rule,
    occurredAt: event.occurredAt,
    recordedAt: event.recordedAt,
    by: event.by,
    causation: event.causation,
    causationSource: event.causationSource,
    correlation: event.correlation,
    trace: event.trace,
    policyVersion: event.policyVersion,
  });
  return `${rest.slice(0, -1)},"data":${dataJson},"objects":${objectsJson}}`;
}
