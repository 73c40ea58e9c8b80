import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { withClient } from './postgres/databases.js';

const runFromSql = 'update clock set stands_at = null, offset_micros = $1';
const stopAtSql = 'update clock set stands_at = $1';
const dueSql = `select id from deadlines where due_at <= (select coalesce(stands_at, clock_timestamp() + offset_micros * interval '1 microsecond') from clock)`;
const pollIntervalMs = 5;
const fireTimeoutMs = 3_000;

/** Sets the clock in the databases `urls` to `at` (ISO 8601), from which it runs on. `real` restores the actual time. */
export async function setClock(urls: readonly string[], at: string): Promise<void> {
  const offset = offsetOf(at);
  await Promise.all(urls.map((url) => withClient(url, (client) => client.query(runFromSql, [offset]))));
}

/** Sets clocks repeatedly over open connections. */
export class Clocks {
  /** Due deadlines that do not fire, since their flow is parked. */
  private readonly unfired = new Set<string>();

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
        async (client) => (await client.query<{ present: boolean }>("select to_regclass('deadlines') is not null as present")).rows[0],
      ),
    );
    return new Clocks(
      clients,
      clients.filter((_, i) => found[i]?.present),
    );
  }

  async move(at: string): Promise<void> {
    const offset = offsetOf(at);
    await Promise.all(this.clients.map((client) => client.query(runFromSql, [offset])));
  }

  /**
   * Stops the clocks at `at` and waits until the due deadlines have fired; resolves to true if there were any. The clock stands still, so
   * that the set of due deadlines does not depend on the speed of the test.
   */
  async standAndFire(at: string): Promise<boolean> {
    offsetOf(at);
    await Promise.all(this.clients.map((client) => client.query(stopAtSql, [at])));
    const fired = await Promise.all(this.withDeadlines.map((client) => this.waitUntilFired(client)));
    return fired.includes(true);
  }

  private async waitUntilFired(client: pg.Client): Promise<boolean> {
    for (let waited = 0; ; waited += pollIntervalMs) {
      const pending = (await client.query<{ id: string }>(dueSql)).rows.filter(({ id }) => !this.unfired.has(id));
      if (pending.length === 0) return waited > 0;
      if (waited > fireTimeoutMs) for (const { id } of pending) this.unfired.add(id);
      await delay(pollIntervalMs);
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.end().catch(() => undefined)));
  }
}

function offsetOf(at: string): number {
  const offset = at === 'real' ? 0 : (Date.parse(at) - Date.now()) * 1000;
  if (Number.isNaN(offset)) throw new RangeError(`invalid instant "${at}": expected ISO 8601 or real`);
  return offset;
}
