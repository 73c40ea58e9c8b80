import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { withClient } from './databases.js';

const move = 'update clock set stands_at = null, offset_micros = $1';
const stand = 'update clock set stands_at = $1';
const due = `select id from deadlines where due_at <= (select coalesce(stands_at, clock_timestamp() + offset_micros * interval '1 microsecond') from clock)`;
const lookEveryMs = 5;
const patienceMs = 3_000;

/** Moves the time that services of `urls` (databases) read to `at` (ISO 8601), from where it runs on; `real` is the true time again. */
export async function setClock(urls: readonly string[], at: string): Promise<void> {
  const offset = offsetOf(at);
  await Promise.all(urls.map((url) => withClient(url, (client) => client.query(move, [offset]))));
}

/** The same for clocks that are moved again and again. */
export class Clocks {
  /** What is due and does not fire: a parked flow's. */
  private readonly left = new Set<string>();

  private constructor(
    private readonly clients: readonly pg.Client[],
    private readonly withDeadlines: readonly pg.Client[],
  ) {}

  static async open(urls: readonly string[]): Promise<Clocks> {
    const clients = urls.map(
      (connectionString) => new pg.Client({ connectionString, connectionTimeoutMillis: 5_000, options: '-c synchronous_commit=off' }),
    );
    for (const client of clients) client.on('error', () => undefined);
    await Promise.all(clients.map((client) => client.connect()));
    const found = await Promise.all(
      clients.map(
        async (client) => (await client.query<{ there: boolean }>("select to_regclass('deadlines') is not null as there")).rows[0],
      ),
    );
    return new Clocks(
      clients,
      clients.filter((_, i) => found[i]?.there),
    );
  }

  async move(at: string): Promise<void> {
    const offset = offsetOf(at);
    await Promise.all(this.clients.map((client) => client.query(move, [offset])));
  }

  /**
   * Moves them to `at`, where they stand until they are moved again, and waits until the deadlines that fell due have fired; resolves
   * with whether any did. A clock that ran on would leave it to chance which of them fall due.
   */
  async standAndFire(at: string): Promise<boolean> {
    offsetOf(at);
    await Promise.all(this.clients.map((client) => client.query(stand, [at])));
    const fired = await Promise.all(this.withDeadlines.map((client) => this.fired(client)));
    return fired.includes(true);
  }

  private async fired(client: pg.Client): Promise<boolean> {
    for (let waited = 0; ; waited += lookEveryMs) {
      const open = (await client.query<{ id: string }>(due)).rows.filter(({ id }) => !this.left.has(id));
      if (open.length === 0) return waited > 0;
      if (waited > patienceMs) for (const { id } of open) this.left.add(id);
      await delay(lookEveryMs);
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.end().catch(() => undefined)));
  }
}

function offsetOf(at: string): number {
  const offset = at === 'real' ? 0 : (Date.parse(at) - Date.now()) * 1000;
  if (Number.isNaN(offset)) throw new RangeError(`not an instant: ${at}`);
  return offset;
}
