import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { SubscribeOptions, Transport, LogRecord, OutgoingRecord, TopicPartition } from './transport.js';

const pollIntervalMs = 50;
const heartbeatIntervalMs = 1000;
/** Time for which the database may be unavailable. */
const timeoutMs = 60_000;

/** Transport over the log in Postgres. */
export class EmbeddedTransport implements Transport {
  private readonly memberId = randomUUID();
  private readonly pool: pg.Pool;
  private readonly consuming: Promise<void>[] = [];
  private closing = false;
  /** Always empty: the log's SQL functions return no offsets. */
  readonly produced = {};

  constructor(
    url: string,
    private readonly onCrash: (error: Error) => void,
  ) {
    this.pool = new pg.Pool({ connectionString: url, application_name: 'partners', max: 4 });
    this.pool.on('error', () => undefined);
  }

  async send(records: readonly OutgoingRecord[]): Promise<void> {
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
      () => new Set(), // the tables do not exist yet
    );
  }

  async subscribe(options: SubscribeOptions): Promise<(places: readonly TopicPartition[]) => Promise<void>> {
    this.consuming.push(this.consume(options).catch(this.onCrash));
    return async (places) => void (await Promise.all(places.map((place) => this.commit(options.group ?? '', place))));
  }

  async close(): Promise<void> {
    this.closing = true;
    await Promise.all(this.consuming);
    await this.pool.end();
  }

  private async consume(options: SubscribeOptions): Promise<void> {
    const next = new Map<string, TopicPartition>();
    let nextHeartbeatAt = 0;
    for (let lastReadAt = Date.now(); !this.closing; await sleep(pollIntervalMs)) {
      try {
        if (Date.now() >= nextHeartbeatAt) await this.heartbeat(options, next);
        if (Date.now() >= nextHeartbeatAt) nextHeartbeatAt = Date.now() + heartbeatIntervalMs;
        await this.fetch(options, next);
        lastReadAt = Date.now();
      } catch (error) {
        if (Date.now() - lastReadAt > timeoutMs) throw error;
      }
    }
    if (options.group !== undefined) await this.pool.query('select log_leave($1, $2)', [options.group, this.memberId]);
  }

  /** Renews the lease and reads which partitions this member holds. */
  private async heartbeat({ group, topics }: SubscribeOptions, next: Map<string, TopicPartition>): Promise<void> {
    const all = `select topic, partition, first_offset as committed, true as keep from log_partition where topic = any ($1)`;
    const { rows } =
      group === undefined
        ? await this.pool.query<Held>(all, [topics])
        : await this.pool.query<Held>('select * from log_join($1, $2, $3)', [group, this.memberId, topics]);
    const held = new Set(rows.filter((row) => row.keep).map(partitionName));
    for (const name of next.keys()) if (!held.has(name)) next.delete(name);
    for (const { topic, partition, committed, keep } of rows) {
      if (!keep) await this.pool.query('select log_release($1, $2, $3, $4)', [group, this.memberId, topic, partition]);
      else if (!next.has(partitionName({ topic, partition })))
        next.set(partitionName({ topic, partition }), { topic, partition, offset: committed });
    }
  }

  private async fetch({ onRecord }: SubscribeOptions, next: Map<string, TopicPartition>): Promise<void> {
    const places = [...next.values()];
    const { rows } = await this.pool.query<LogRecord & TopicPartition>('select * from log_read($1, $2, $3, 500, 10)', [
      places.map((p) => p.topic),
      places.map((p) => p.partition),
      places.map((p) => p.offset),
    ]);
    for (const { topic, partition, offset, ...record } of rows) {
      onRecord(record, { topic, partition, offset });
      next.set(partitionName({ topic, partition }), { topic, partition, offset: String(BigInt(offset) + 1n) });
    }
  }

  private commit(group: string, { topic, partition, offset }: TopicPartition): Promise<unknown> {
    return this.pool.query('select log_commit($1, $2, $3, $4, $5)', [group, this.memberId, topic, partition, offset]);
  }
}

interface Held extends Pick<TopicPartition, 'topic' | 'partition'> {
  readonly committed: string;
  readonly keep: boolean;
}

const partitionName = ({ topic, partition }: Pick<TopicPartition, 'topic' | 'partition'>): string => `${topic} ${partition}`;
