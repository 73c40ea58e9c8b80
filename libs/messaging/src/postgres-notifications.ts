import pg from 'pg';

const reconnectDelayMs = 500;

interface Options {
  readonly client: pg.ClientConfig;
  /** Sends the notifications. */
  readonly pool: pg.Pool;
  readonly channel: string;
  /** Minimum time between two notifications, in milliseconds: notifying transactions are serialised by Postgres. */
  readonly intervalMs: number;
  /** Payload of the next notification, at most 8,000 bytes. */
  readonly payload: () => string;
  /** Called with each payload, and with `undefined` when notifications may have been lost: check everything. */
  readonly onNotification: (payload: string | undefined) => void;
}

/**
 * LISTEN and throttled NOTIFY on one channel. Notifications are hints: they are sent outside of the writing transaction, and a listener that
 * misses one finds the change at its next poll.
 */
export class PostgresNotifications {
  private client: pg.Client | undefined;
  private notifyTimer: NodeJS.Timeout | undefined;
  private reconnectTimer: NodeJS.Timeout | undefined;
  private lastNotified = -Infinity;
  private closed = false;

  constructor(private readonly options: Options) {}

  /** Begins to listen; reconnects after a failure. Further calls have no effect. */
  listen(): void {
    if (!this.client) this.connect();
  }

  /** Sends a notification at once, or when `intervalMs` has passed since the last one. */
  notify(): void {
    this.notifyTimer ??= setTimeout(
      () => this.send(),
      Math.max(0, this.lastNotified + this.options.intervalMs - performance.now()),
    ).unref();
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.reconnectTimer);
    clearTimeout(this.notifyTimer);
    if (this.notifyTimer) this.send();
    await this.client?.end().catch(() => undefined);
  }

  private send(): void {
    this.notifyTimer = undefined;
    this.lastNotified = performance.now();
    const { pool, channel } = this.options;
    pool.query('select pg_notify($1, $2)', [channel, this.options.payload()]).catch(() => undefined);
  }

  private connect(): void {
    const { channel, onNotification } = this.options;
    const client = new pg.Client(this.options.client);
    this.client = client;
    client.on('notification', ({ payload }) => onNotification(payload));
    client.on('error', () => this.reconnect(client));
    client.on('end', () => this.reconnect(client));
    client
      .connect()
      .then(() => client.query(`listen ${channel}`))
      // Covers changes made while the listener was disconnected.
      .then(() => onNotification(undefined))
      .catch(() => this.reconnect(client));
  }

  private reconnect(lost: pg.Client): void {
    if (this.closed || lost !== this.client || this.reconnectTimer) return;
    lost.end().catch(() => undefined);
    this.reconnectTimer = setTimeout(() => {
      this.reconnectTimer = undefined;
      if (!this.closed) this.connect();
    }, reconnectDelayMs).unref();
  }
}
