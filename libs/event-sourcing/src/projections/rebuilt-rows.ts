import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { AnyDecider } from '../decider/decider.js';
import type { Fact } from '../decider/event.js';
import { projectInline } from './inline-projection.js';
import { assertIdentifier } from '../store/recording/normalise-unit.js';
import type { RowWrite } from '../store/store.js';
import { upcast } from '../decider/upcasters.js';
import { eventColumns, type EventRow, toEvent } from '../postgres/sql.js';

const streamsAtOnce = 200;

/**
 * A migration that rebuilds all rows of a decider's inline projections from the events. Add one with each change of a projection: otherwise
 * old rows differ from their history until the next event of their stream (I7). `migration` is its name, with its time.
 */
export const rebuildRowsMigration = (migration: string, decider: AnyDecider) =>
  class implements MigrationInterface {
    readonly name = migration;

    async up(runner: QueryRunner): Promise<void> {
      for (const { table } of decider.views ?? []) {
        // An instance of the previous program may still write. The rows below include its commits, and its later writes wait for the lock.
        await runner.query(`lock table ${assertIdentifier(table)} in share row exclusive mode`);
        await runner.query(`delete from ${assertIdentifier(table)}`);
      }
      for (let after = ''; ;) {
        const streams = await nextStreams(runner, decider.name, after);
        const last = streams.at(-1);
        if (last === undefined) return;
        await put(runner, await folded(runner, decider, streams));
        after = last;
      }
    }

    down(): Promise<void> {
      // The old rows are folded from the same events.
      return Promise.resolve();
    }
  };

async function nextStreams(runner: QueryRunner, name: string, after: string): Promise<string[]> {
  const rows = (await runner.query(
    'select distinct stream from events where stream > $1 and starts_with(stream, $2) order by stream limit $3',
    [after, `${name}-`, streamsAtOnce],
  )) as { stream: string }[];
  return rows.map(({ stream }) => stream);
}

async function folded(runner: QueryRunner, decider: AnyDecider, streams: readonly string[]): Promise<RowWrite[]> {
  const rows = (await runner.query(`select ${eventColumns} from events where stream = any($1) order by stream, version`, [
    streams,
  ])) as EventRow[];
  const events = rows.map((row) => upcast<unknown, unknown, Fact>(decider, toEvent(row)));
  return projectInline(decider.views ?? [], [], events);
}

async function put(runner: QueryRunner, writes: readonly RowWrite[]): Promise<void> {
  const rows = writes.flatMap((write) => (write.op === 'remove' ? [] : [write]));
  for (const table of new Set(rows.map((row) => row.table)))
    await runner.query(
      `insert into ${assertIdentifier(table)} (key, row) select key, row from jsonb_to_recordset($1::jsonb) as put (key text, row jsonb)`,
      [JSON.stringify(rows.filter((row) => row.table === table))],
    );
}
