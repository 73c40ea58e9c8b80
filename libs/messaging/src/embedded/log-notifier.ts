import pg from 'pg';

const channel = 'orderloom_log';
const notifyIntervalMs = 20;
/** Maximum size of a notification's payload. */
const maxPayloadBytes = 7_000;
const reconnectDelayMs = 500;

/** `group NAME`: the members of the group changed. `topics NAME NAME`: the topics have new records. Otherwise: check everything. */
export type Notification = string;

type Listener = (news: Notification) => void;

/** Notifies listeners of new records: those of this process at once, those of other processes through LISTEN/NOTIFY. */
export class LogNotifier {
  private readonly listeners = new Set<Listener>();
  private readonly topics = new Set<string>();
  private client: pg.Client | undefined;
  private notifyTimer: NodeJS.Timeout | undefined;
  private reconnectTimer: NodeJS.Timeout | undefined;
  private lastNotified = 0;
  private closed = false;

  constructor(
    private readonly config: pg.ClientConfig,
    private readonly pool: pg.Pool,
  ) {}

  on(listener: Listener): () => void {
    this.listeners.add(listener);
    if (!this.client) this.listen();
    return () => this.listeners.delete(listener);
  }

  ring(topics: Iterable<string>): void {
    for (const topic of topics) this.topics.add(topic);
    this.notifyListeners(`topics ${[...topics].join(' ')}`);
    // Notifying transactions are serialised, so NOTIFY runs outside of writes and at most once per interval.
    this.notifyTimer ??= setTimeout(() => this.sendNotify(), Math.max(0, this.lastNotified + notifyIntervalMs - Date.now()));
  }

  async close(): Promise<void> {
    this.closed = true;
    this.listeners.clear();
    if (this.notifyTimer) this.sendNotify();
    clearTimeout(this.notifyTimer);
    clearTimeout(this.reconnectTimer);
    await this.client?.end().catch(() => undefined);
  }

  private notifyListeners(notification: Notification): void {
    for (const listener of this.listeners) listener(notification);
  }

  private sendNotify(): void {
    this.notifyTimer = undefined;
    this.lastNotified = Date.now();
    const notification = `topics ${[...this.topics].join(' ')}`;
    this.topics.clear();
    // A listener that misses the notification polls.
    this.pool
      .query('select pg_notify($1, $2)', [channel, notification.length < maxPayloadBytes ? notification : ''])
      .catch(() => undefined);
  }

  private listen(): void {
    const client = new pg.Client(this.config);
    this.client = client;
    client.on('notification', ({ payload }) => this.notifyListeners(payload ?? ''));
    client.on('error', () => this.reconnect(client));
    client.on('end', () => this.reconnect(client));
    client
      .connect()
      .then(() => client.query(`listen ${channel}`))
      // Covers records published while the listener was disconnected.
      .then(() => this.notifyListeners(''))
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
