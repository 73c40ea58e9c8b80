import { shardHash } from '@orderloom/event-sourcing';
import type { Pool } from 'pg';

const perStatement = 10_000;

/** Stores `count` events as commits would have, ten to a stream, in transactions of ten thousand. */
export async function seed(pool: Pool, count: number, payload: (n: number) => object, from = 0): Promise<void> {
  for (let first = from; first < count; first += perStatement) {
    const rows = Array.from({ length: Math.min(perStatement, count - first) }, (_, i) => {
      const n = first + i;
      // streams of a block take turns, so that a batch holds events of many
      const block = Math.floor(n / 1_000);
      const stream = `thing-${block * 100 + (n % 100)}`;
      return { stream, version: Math.floor((n % 1_000) / 100) + 1, hash: shardHash(stream), data: payload(n) };
    });
    await pool.query(
      `insert into events (id, type, type_version, data, stream, version, subject, shard_hash, objects, occurred_at, recorded_at, by, correlation)
       select gen_random_uuid(), 'ThingHappened', 1, data, stream, version, stream, hash, '[]', now(), now(), 'bench', stream || '/' || version
       from jsonb_to_recordset($1::jsonb) as t (stream text, version int, hash int, data jsonb)`,
      [JSON.stringify(rows)],
    );
  }
  await pool.query('vacuum analyze');
}
