import { randomUUID } from 'node:crypto';
import pg from 'pg';

const channel = 'orderloom_commit';
const notifyIntervalMs = 50;
const reconnectDelayMs = 500;

/**
 * Notifies listeners of commits: those of this process at once, those of other processes through LISTEN/NOTIFY. Notifications are hints: a
 * lost one delays a listener until its next poll.
 */
export class CommitNotifier {
  private readonly instanceId = randomUUID();
  private readonly listeners = new Set<() => void>();
  private client: pg.Client | undefined;
  private notifyTimer: NodeJS.Timeout | undefined;
  private reconnectTimer: NodeJS.Timeout | undefined;
  private lastNotified = 0;
  private closed = false;

  constructor(
    private readonly url: string,
    private readonly pool: pg.Pool,
  ) {}

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    if (!this.client) this.listen();
    return () => this.listeners.delete(listener);
  }

  notify(): void {
    for (const listener of this.listeners) listener();
    // A NOTIFY inside every transaction costs 40 % of insert throughput, so it is sent outside and at most once per interval.
    this.notifyTimer ??= setTimeout(() => this.sendNotify(), Math.max(0, this.lastNotified + notifyIntervalMs - performance.now())).unref();
  }

  async close(): Promise<void> {
    this.closed = true;
    this.listeners.clear();
    clearTimeout(this.notifyTimer);
    clearTimeout(this.reconnectTimer);
    await this.client?.end().catch(() => undefined);
  }

  private sendNotify(): void {
    this.notifyTimer = undefined;
    this.lastNotified = performance.now();
    // A listener that misses the notification polls.
    this.pool.query('select pg_notify($1, $2)', [channel, this.instanceId]).catch(() => undefined);
  }

  private listen(): void {
    const client = new pg.Client({ connectionString: this.url, application_name: 'orderloom listener', keepAlive: true });
    this.client = client;
    client.on('notification', ({ payload }) => {
      if (payload !== this.instanceId) for (const listener of this.listeners) listener();
    });
    client.on('error', () => this.reconnect(client));
    client.on('end', () => this.reconnect(client));
    client
      .connect()
      .then(() => client.query(`listen ${channel}`))
      // Covers commits made while the listener was disconnected.
      .then(() => this.listeners.forEach((listener) => listener()))
      .catch(() => this.reconnect(client));
  }

  private reconnect(lost: pg.Client): void {
    if (this.closed || lost !== this.client || this.reconnectTimer) return;
    lost.end().catch(() => undefined);
    this.reconnectTimer = setTimeout(() => {
      this.reconnectTimer = undefined;
      if (!this.closed) this.listen();
    }, reconnectDelayMs).unref();
  }
}
