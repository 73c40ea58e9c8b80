import type { PostgresStore } from '@orderloom/event-sourcing';

/** Streams of the events read, in their order. */
type Read = readonly string[];

interface Row {
  readonly id: string;
  readonly position: string;
  readonly stream: string;
}

/** A reader whose cursor is the position alone, a common mistake: it misses events that commit later with a lower position. */
export class PositionReader {
  private cursor = '0';
  readonly read: string[] = [];
  readonly ids: string[] = [];

  constructor(private readonly store: PostgresStore) {}

  async poll(): Promise<Read> {
    const sql = 'select id, position::text, stream from events where position > $1 order by events.position limit 1000';
    const { rows } = await this.store.pool.query<Row>(sql, [this.cursor]);
    this.ids.push(...rows.map(({ id }) => id));
    this.cursor = rows.at(-1)?.position ?? this.cursor;
    this.read.push(...rows.map(({ stream }) => stream));
    return rows.map(({ stream }) => stream);
  }
}

/** A reader that waits for every gap in the positions: a rolled-back transaction blocks it for ever. */
export class GapReader {
  private cursor = 0;

  constructor(
    private readonly store: PostgresStore,
    from: number,
  ) {
    this.cursor = from;
  }

  async poll(): Promise<Read> {
    const sql = 'select position::text, stream from events where position > $1 order by events.position limit 1000';
    const { rows } = await this.store.pool.query<Row>(sql, [this.cursor]);
    const whole = rows.filter(({ position }, i) => Number(position) === this.cursor + i + 1);
    this.cursor += whole.length;
    return whole.map(({ stream }) => stream);
  }
}

/** Appends an event like the store does, without the check of the previous event's transaction id. Works on any connection. */
export async function appendUnguarded(
  client: { query(sql: string, values: readonly unknown[]): Promise<unknown> },
  stream: string,
): Promise<void> {
  await client.query(
    `insert into events (id, type, type_version, data, stream, version, subject, shard_hash, objects, occurred_at, recorded_at, by, correlation)
     select gen_random_uuid(), 'Happened', 1, '{}', $1, coalesce(max(version), 0) + 1, $1, 0, '[]', now, now, 'naive', 'naive'
     from clock_timestamp() as now left join events on stream = $1 group by now`,
    [stream],
  );
}
