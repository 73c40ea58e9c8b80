import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { RecordHandler, LogTransport, OutgoingRecord } from './log-transport.js';

const pollMs = 20;

/** The log embedded in Postgres as an external system uses it (`deploy/contracts/embedded.md`). */
export class EmbeddedTransport implements LogTransport {
  private readonly pool: pg.Pool;
  private hearing: Promise<void> = Promise.resolve();
  private closing = false;

  constructor(url: string, name: string) {
    this.pool = new pg.Pool({ connectionString: url, application_name: name, max: 3 });
    this.pool.on('error', () => undefined);
  }

  async send(records: readonly OutgoingRecord[]): Promise<void> {
    const bytes = (value: string | Buffer | null): Buffer | null => (value === null ? null : Buffer.from(value));
    await this.pool.query("select log_append($1, $2, $3, $4), pg_notify('orderloom_log', '')", [
      records.map((r) => r.topic),
      records.map((r) => bytes(r.key)),
      records.map((r) => JSON.stringify(Object.fromEntries(Object.entries(r.headers).map(([name, value]) => [name, value.toString()])))),
      records.map((r) => bytes(r.value)),
    ]);
  }

  async listen(handle: RecordHandler): Promise<void> {
    const ends = "select topic, partition, next_offset from log_partition where topic like 'orderloom.%'";
    const places = (await this.pool.query<Place>(ends)).rows;
    this.hearing = this.follow(places, handle);
  }

  async close(): Promise<void> {
    this.closing = true;
    await this.hearing;
    await this.pool.end();
  }

  private async follow(places: Place[], handle: RecordHandler): Promise<void> {
    for (; !this.closing; await sleep(pollMs)) {
      const { rows } = await this.pool.query<Row>('select * from log_read($1, $2, $3, 1000, 1000)', [
        places.map((p) => p.topic),
        places.map((p) => p.partition),
        places.map((p) => p.next_offset),
      ]);
      for (const { topic, partition, offset, written_at, ...record } of rows) {
        const place = places.find((p) => p.topic === topic && p.partition === partition);
        if (place) place.next_offset = String(BigInt(offset) + 1n);
        handle(topic, { ...record, partition, timestamp: written_at.getTime() });
      }
    }
  }
}

interface Place {
  readonly topic: string;
  readonly partition: number;
  next_offset: string;
}

interface Row extends Pick<Place, 'topic' | 'partition'> {
  readonly offset: string;
  readonly key: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Buffer | null;
  readonly written_at: Date;
}
