import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Ear, Line, LogRecord, Outgoing, Place } from './line.js';

const pollMs = 50;
const beatMs = 1000;
/** How long the database may be away. */
const patienceMs = 60_000;

/** The line over the log in Postgres. */
export class EmbeddedLine implements Line {
  private readonly me = randomUUID();
  private readonly pool: pg.Pool;
  private readonly hearing: Promise<void>[] = [];
  private closing = false;
  /** The functions of the log in Postgres do not say. */
  readonly produced = {};

  constructor(
    url: string,
    private readonly onCrash: (error: Error) => void,
  ) {
    this.pool = new pg.Pool({ connectionString: url, application_name: 'partners', max: 4 });
    this.pool.on('error', () => undefined);
  }

  async send(records: readonly Outgoing[]): Promise<void> {
    await this.pool.query("select log_append($1, $2, $3, $4), pg_notify('orderloom_log', '')", [
      records.map((r) => r.topic),
      records.map((r) => Buffer.from(r.key)),
      records.map((r) => JSON.stringify(r.headers)),
      records.map((r) => Buffer.from(r.value)),
    ]);
  }

  async topics(): Promise<ReadonlySet<string>> {
    const read = this.pool.query<{ topic: string }>('select topic from log_topic');
    return read.then(
      ({ rows }) => new Set(rows.map((row) => row.topic)),
      () => new Set(), // nobody has made the tables yet
    );
  }

  async listen(ear: Ear): Promise<(places: readonly Place[]) => Promise<void>> {
    this.hearing.push(this.hear(ear).catch(this.onCrash));
    return async (places) => void (await Promise.all(places.map((place) => this.commit(ear.group ?? '', place))));
  }

  async close(): Promise<void> {
    this.closing = true;
    await Promise.all(this.hearing);
    await this.pool.end();
  }

  private async hear(ear: Ear): Promise<void> {
    const next = new Map<string, Place>();
    let beatAt = 0;
    for (let heardAt = Date.now(); !this.closing; await sleep(pollMs)) {
      try {
        if (Date.now() >= beatAt) await this.hold(ear, next);
        if (Date.now() >= beatAt) beatAt = Date.now() + beatMs;
        await this.read(ear, next);
        heardAt = Date.now();
      } catch (error) {
        if (Date.now() - heardAt > patienceMs) throw error;
      }
    }
    if (ear.group !== undefined) await this.pool.query('select log_leave($1, $2)', [ear.group, this.me]);
  }

  /** Learns which partitions are ours; another member of the group may have the others. */
  private async hold({ group, topics }: Ear, next: Map<string, Place>): Promise<void> {
    const all = `select topic, partition, first_offset as committed, true as keep from log_partition where topic = any ($1)`;
    const { rows } =
      group === undefined
        ? await this.pool.query<Held>(all, [topics])
        : await this.pool.query<Held>('select * from log_join($1, $2, $3)', [group, this.me, topics]);
    const held = new Set(rows.filter((row) => row.keep).map(nameOf));
    for (const name of next.keys()) if (!held.has(name)) next.delete(name);
    for (const { topic, partition, committed, keep } of rows) {
      if (!keep) await this.pool.query('select log_release($1, $2, $3, $4)', [group, this.me, topic, partition]);
      else if (!next.has(nameOf({ topic, partition }))) next.set(nameOf({ topic, partition }), { topic, partition, offset: committed });
    }
  }

  private async read({ take }: Ear, next: Map<string, Place>): Promise<void> {
    const places = [...next.values()];
    const { rows } = await this.pool.query<LogRecord & Place>('select * from log_read($1, $2, $3, 500, 10)', [
      places.map((p) => p.topic),
      places.map((p) => p.partition),
      places.map((p) => p.offset),
    ]);
    for (const { topic, partition, offset, ...record } of rows) {
      take(record, { topic, partition, offset });
      next.set(nameOf({ topic, partition }), { topic, partition, offset: String(BigInt(offset) + 1n) });
    }
  }

  private commit(group: string, { topic, partition, offset }: Place): Promise<unknown> {
    return this.pool.query('select log_commit($1, $2, $3, $4, $5)', [group, this.me, topic, partition, offset]);
  }
}

interface Held extends Pick<Place, 'topic' | 'partition'> {
  readonly committed: string;
  readonly keep: boolean;
}

const nameOf = ({ topic, partition }: Pick<Place, 'topic' | 'partition'>): string => `${topic} ${partition}`;
