import type { ValidatedUnit } from './validated-unit.js';
import type { UnitCtes, StoreTime } from './types.js';
import type { Instant } from '@orderloom/kernel';
import { assertIdentifier, type NormalisedRow } from '../../store/recording/normalise-unit.js';
import type { UnitOfWork } from '../../store/store.js';
import { nextTable } from '../row-table.js';
import { clockNow, fromTimestamp } from '../sql.js';
import { valuesOrUnnest, type Cte } from './cte.js';
const stoppedSuffix = ' stopped';
const isAlone = ({ length }: readonly ValidatedUnit[]): boolean => length === 1;

/** The units that have `field`, with its value. */
function unitsWith<F extends keyof UnitOfWork>(
  units: readonly ValidatedUnit[],
  field: F,
): { by: ValidatedUnit; value: NonNullable<UnitOfWork[F]> }[] {
  return units.flatMap((by) => (by.unit[field] === undefined ? [] : [{ by, value: by.unit[field] }]));
}

/**
 * Verifies a predicted time: equal to the time of a stopped clock, or at most 1 s ahead and 5 ms behind a running one; otherwise the
 * statement fails. Returns the store's time.
 */
export const clockCte = (predicted: Instant): Cte<ValidatedUnit> => ({
  text: `select case
      when stands_at = $1::timestamptz then stands_at::text || '${stoppedSuffix}'
      when stands_at is null and now between $1::timestamptz - interval '5 ms' and $1::timestamptz + interval '1 s' then now::text
      else refuse_unit()::text end
    from (select stands_at, ${clockNow} as now from clock offset 0) as clock`,
  values: [predicted],
  readsOnly: true,
  returnsKeys: true,
});

/** Parses the result of `clockCte`. */
export const storeTime = (text: string): StoreTime => ({
  now: fromTimestamp(text.replace(stoppedSuffix, '')),
  isStopped: text.endsWith(stoppedSuffix),
});

const insertMessages = valuesOrUnnest(
  ['text', 'text', 'text'],
  (rows) =>
    `insert into inbox (consumer, message, about) select * from ${rows} as heard on conflict do nothing returning consumer || ' ' || message`,
);

export function inboxCte(units: readonly ValidatedUnit[]): UnitCtes {
  const all = unitsWith(units, 'inbox');
  if (all.length === 0) return [];
  return [
    {
      ...insertMessages(
        all.map(({ value: { consumer, message, about = null } }) => [consumer, message, about]),
        isAlone(units),
      ),
      requiredKeys: all.map(({ by, value: is }) => ({ key: `${is.consumer} ${is.message}`, by, refused: { status: 'duplicate' } })),
    },
  ];
}

const insertCommands = valuesOrUnnest(
  ['text', 'text', 'int', 'jsonb'],
  (rows) => `insert into commands (id, fingerprint, status, body) select * from ${rows} as answered on conflict do nothing returning id`,
);

export function commandsCte(units: readonly ValidatedUnit[]): UnitCtes {
  const all = unitsWith(units, 'command');
  if (all.length === 0) return [];
  return [
    {
      ...insertCommands(
        all.map(({ by, value: { id, fingerprint, status } }) => [id, fingerprint, status, by.responseJson]),
        isAlone(units),
      ),
      requiredKeys: all.map(({ by, value: is }) => ({ key: is.id, by, refused: { status: 'duplicate' } })),
    },
  ];
}

/** One part per table and kind of write. */
export function rowCtes(units: readonly ValidatedUnit[]): UnitCtes {
  const groups = new Map<string, { by: ValidatedUnit; row: NormalisedRow }[]>();
  for (const by of units)
    for (const row of by.rows) {
      const group = groups.get(`${row.op} ${row.table}`);
      if (group) group.push({ by, row });
      else groups.set(`${row.op} ${row.table}`, [{ by, row }]);
    }
  return [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => rowPart(group, isAlone(units)));
}

function rowPart(group: readonly { by: ValidatedUnit; row: NormalisedRow }[], alone: boolean): Cte<ValidatedUnit> {
  const sorted = group.toSorted((a, b) => (a.row.key < b.row.key ? -1 : 1));
  const { op, table } = (sorted[0] as { row: NormalisedRow }).row;
  const rows = sorted.map(({ row }) => row);
  if (op === 'remove') return { text: rowText(op, table), values: [rows.map(({ key }) => key)] };
  const [row, another] = rows;
  // For one row the JSON is parsed only once.
  const write =
    alone && row?.op === op && !another
      ? { text: rowText(op, table, 'one'), values: [row.key, row.json] }
      : { text: rowText(op, table), values: [`[${rows.map(keyAndRow).join(',')}]`] };
  if (op === 'put') return write;
  const requiredKeys = sorted.map(({ by, row: { key } }) => ({ key, by, refused: { status: 'taken' as const, table, key } }));
  return { ...write, requiredKeys };
}

const keyAndRow = (row: NormalisedRow): string => `{"key":${JSON.stringify(row.key)},"row":${row.op === 'remove' ? '' : row.json}}`;

const rowTexts = new Map<string, string>();

/** Caches one string per kind of write and table, since statements are looked up by text. */
function rowText(op: NormalisedRow['op'], table: string, of?: 'one'): string {
  const name = `${op} ${table} ${of ?? ''}`;
  const text = rowTexts.get(name) ?? rowTextOf(op, assertIdentifier(table), of);
  rowTexts.set(name, text);
  return text;
}

function rowTextOf(op: NormalisedRow['op'], table: string, of?: 'one'): string {
  if (op === 'remove') return `delete from ${table} where key = any($1) returning key`;
  const from = of ? 'values ($1::text, $2::jsonb)' : 'select key, row from jsonb_to_recordset($1::jsonb) as t (key text, row jsonb)';
  const end = op === 'put' ? '(key) do update set row = excluded.row' : 'do nothing';
  return `insert into ${table} (key, row) ${from} on conflict ${end} returning key`;
}

/** Writes that must precede the other writes of the same unit: firings, fence checks and restarts. */
export function clearingCtes(units: readonly ValidatedUnit[]): UnitCtes {
  const fires = units.flatMap((by) => by.deadlines.fires.map((fire) => ({ by, ...fire })));
  const parts: UnitCtes = [];
  if (fires.length > 0)
    parts.push({
      text: `delete from deadlines where id = any($1::text[]) and generation = ($2::int[])[array_position($1::text[], id)] returning id`,
      values: [fires.map((f) => f.id), fires.map((f) => f.generation)],
      requiredKeys: fires.map(({ by, id }) => ({ key: id, by, refused: { status: 'stale', what: `deadline ${id}` } })),
    });
  for (const { by, value: is } of unitsWith(units, 'restart')) {
    if (is.fence !== undefined) parts.push(fencePart([{ by, name: is.checkpoint, fence: is.fence }], isAlone(units)));
    parts.push({ text: 'delete from checkpoints where name = $1 returning name', values: [is.checkpoint] });
    for (const table of is.tables) parts.push({ text: `delete from ${assertIdentifier(table)} returning key`, values: [] });
  }
  return parts;
}

/** Deletes cancelled deadlines that no unit sets; the last write of a unit on each deadline counts. */
export function withdrawalsCte(units: readonly ValidatedUnit[]): UnitCtes {
  const withdrawn = units.flatMap(({ deadlines }) => deadlines.cancels);
  return withdrawn.length === 0 ? [] : [{ text: 'delete from deadlines where id = any($1) returning id', values: [withdrawn] }];
}

const setDeadlines = valuesOrUnnest(
  ['text', 'int', 'timestamptz', 'text', 'jsonb'],
  (rows) => `insert into deadlines (id, generation, due_at, owner, data) select * from ${rows} as due
    on conflict (id) do update
    set generation = excluded.generation, due_at = excluded.due_at, owner = excluded.owner, data = excluded.data
    returning id`,
);

export function deadlinesCte(units: readonly ValidatedUnit[]): UnitCtes {
  const sets = units.flatMap(({ deadlines }) => deadlines.sets);
  return sets.length === 0
    ? []
    : [
        setDeadlines(
          sets.map((d) => [d.id, d.generation, d.dueAt, d.owner, d.json]),
          isAlone(units),
        ),
      ];
}

/**
 * Replaces the live tables by the rebuilt ones. Only rows that differ are written. One statement changes rows and checkpoint, so readers
 * see all of it or nothing.
 */
export function switchOverCtes(units: readonly ValidatedUnit[]): UnitCtes {
  return unitsWith(units, 'switchOver').flatMap(({ by, value: { live, next, tables } }) => {
    const fenced = [live, next].flatMap(({ name, fence }) => (fence === undefined ? [] : [{ by, name, fence }]));
    const move: Cte<ValidatedUnit> = {
      text: `insert into checkpoints (name, xid, position)
        select $1, coalesce(built.xid, '0'), coalesce(built.position, 0)
        from (values ($2)) as next (name) left join checkpoints as built using (name)
        on conflict (name) do update set xid = excluded.xid, position = excluded.position
        where (checkpoints.xid, checkpoints.position) <= (excluded.xid, excluded.position)
        returning name`,
      values: [live.name, next.name],
      requiredKeys: [{ key: live.name, by, refused: { status: 'stale', what: `checkpoint ${live.name}` } }],
    };
    const rows = tables.flatMap((table): UnitCtes => {
      const [to, from] = [assertIdentifier(table), nextTable(table)];
      return [
        { text: `delete from ${to} where not exists (select from ${from} as built where built.key = ${to}.key) returning ''`, values: [] },
        {
          text: `insert into ${to} (key, row) select key, row from ${from}
            on conflict (key) do update set row = excluded.row where ${to}.row is distinct from excluded.row returning ''`,
          values: [],
        },
        { text: `delete from ${from} returning ''`, values: [] },
      ];
    });
    const done: Cte<ValidatedUnit> = { text: 'delete from checkpoints where name = $1 returning name', values: [next.name] };
    return [...(fenced.length === 0 ? [] : [fencePart(fenced, isAlone(units))]), move, ...rows, done];
  });
}

const moveCheckpoints = valuesOrUnnest(
  ['text', 'text', 'bigint'],
  (rows) => `insert into checkpoints (name, xid, position) select name, xid::xid8, position from ${rows} as moved (name, xid, position)
    on conflict (name) do update set xid = excluded.xid, position = excluded.position
    where (checkpoints.xid, checkpoints.position) < (excluded.xid, excluded.position)
    returning name`,
);

/** Moves checkpoints forward, and only under the current lease. */
export function checkpointCtes(units: readonly ValidatedUnit[]): UnitCtes {
  const all = unitsWith(units, 'checkpoint');
  if (all.length === 0) return [];
  const fenced = all.flatMap(({ by, value: { name, fence } }) => (fence === undefined ? [] : [{ by, name, fence }]));
  const move: Cte<ValidatedUnit> = {
    ...moveCheckpoints(
      all.map(({ value: { name, cursor } }) => [name, cursor.transaction, cursor.position]),
      isAlone(units),
    ),
    requiredKeys: all.map(({ by, value: { name } }) => ({ key: name, by, refused: { status: 'stale', what: `checkpoint ${name}` } })),
  };
  return fenced.length === 0 ? [move] : [fencePart(fenced, isAlone(units)), move];
}

const holdLeases = valuesOrUnnest(
  ['text', 'bigint'],
  (rows) => `select leases.name from leases join ${rows} as held (name, fence) using (name, fence) for share of leases`,
);

/** Locks the lease rows until the end of the transaction, so that no other process takes the leases over. */
const fencePart = (fenced: readonly { by: ValidatedUnit; name: string; fence: string }[], alone: boolean): Cte<ValidatedUnit> => ({
  ...holdLeases(
    fenced.map(({ name, fence }) => [name, fence]),
    alone,
  ),
  requiredKeys: fenced.map(({ by, name }) => ({ key: name, by, refused: { status: 'stale', what: `lease ${name}` } })),
});
