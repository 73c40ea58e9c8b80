import { randomUUID } from 'node:crypto';
import pg from 'pg';

const channel = 'orderloom_commit';
const quiet = 50;
const reconnectAfter = 500;

/** Tells listeners here at once, and in other processes soon, that something was committed. */
export class CommitBell {
  private readonly me = randomUUID();
  private readonly listeners = new Set<() => void>();
  private client: pg.Client | undefined;
  private pending: NodeJS.Timeout | undefined;
  private reconnecting: NodeJS.Timeout | undefined;
  private lastNotified = 0;
  private closed = false;

  constructor(
    private readonly url: string,
    private readonly pool: pg.Pool,
  ) {}

  on(listener: () => void): () => void {
    this.listeners.add(listener);
    if (!this.client) this.listen();
    return () => this.listeners.delete(listener);
  }

  ring(): void {
    for (const listener of this.listeners) listener();
    // A NOTIFY in every transaction costs 40 % of inserts: at most one in `quiet`, outside of them
    this.pending ??= setTimeout(() => this.notify(), Math.max(0, this.lastNotified + quiet - performance.now())).unref();
  }

  async close(): Promise<void> {
    this.closed = true;
    this.listeners.clear();
    clearTimeout(this.pending);
    clearTimeout(this.reconnecting);
    await this.client?.end().catch(() => undefined);
  }

  private notify(): void {
    this.pending = undefined;
    this.lastNotified = performance.now();
    // who misses it polls
    this.pool.query('select pg_notify($1, $2)', [channel, this.me]).catch(() => undefined);
  }

  private listen(): void {
    const client = new pg.Client({ connectionString: this.url, application_name: 'orderloom listener', keepAlive: true });
    this.client = client;
    client.on('notification', ({ payload }) => {
      if (payload !== this.me) for (const listener of this.listeners) listener();
    });
    client.on('error', () => this.reconnect(client));
    client.on('end', () => this.reconnect(client));
    client
      .connect()
      .then(() => client.query(`listen ${channel}`))
      // what was committed while nobody listened
      .then(() => this.listeners.forEach((listener) => listener()))
      .catch(() => this.reconnect(client));
  }

  private reconnect(lost: pg.Client): void {
    if (this.closed || lost !== this.client || this.reconnecting) return;
    lost.end().catch(() => undefined);
    this.reconnecting = setTimeout(() => {
      this.reconnecting = undefined;
      if (!this.closed) this.listen();
    }, reconnectAfter).unref();
  }
}
