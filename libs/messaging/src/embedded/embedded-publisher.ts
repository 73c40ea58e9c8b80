import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { OutgoingRecord } from '../log.js';
import { isTransient } from './transient.js';

const maxBytes = 4_000_000;
const retryDelayMs = 250;

/** Appends one batch at a time, so that no batch overtakes one that is being retried. */
export class EmbeddedPublisher {
  private lastAppend: Promise<void> = Promise.resolve();
  private closing = false;

  constructor(
    private readonly pool: pg.Pool,
    private readonly patienceMs: number,
    private readonly onPublished: (topics: ReadonlySet<string>) => void,
  ) {}

  publish(records: readonly OutgoingRecord[]): Promise<void> {
    const appending = this.lastAppend.then(async () => {
      for (const batch of splitBySize(records)) await this.append(batch);
    });
    this.lastAppend = appending.catch(() => undefined);
    return appending;
  }

  async close(): Promise<void> {
    this.closing = true;
    await this.lastAppend;
  }

  private async append(batch: readonly OutgoingRecord[]): Promise<void> {
    const values = [
      batch.map((r) => r.topic),
      batch.map((r) => Buffer.from(r.key)),
      batch.map((r) => JSON.stringify(r.headers)),
      batch.map((r) => r.value),
    ];
    for (const deadline = performance.now() + this.patienceMs; ; await sleep(retryDelayMs)) {
      try {
        await this.pool.query({ name: 'append', text: 'select log_append($1, $2, $3, $4)', values });
        this.onPublished(new Set(batch.map((r) => r.topic)));
        return;
      } catch (error) {
        if (!isTransient(error) || this.closing || performance.now() >= deadline) throw error;
      }
    }
  }
}

function* splitBySize(records: readonly OutgoingRecord[]): Generator<readonly OutgoingRecord[]> {
  let batch: OutgoingRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    if (batch.length > 0 && bytes + record.value.length > maxBytes) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(record);
    bytes += record.value.length;
  }
  if (batch.length > 0) yield batch;
}
