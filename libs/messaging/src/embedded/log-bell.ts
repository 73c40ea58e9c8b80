import pg from 'pg';

const channel = 'orderloom_log';
const quietMs = 20;
/** Bytes that a notification takes. */
const longest = 7_000;
const reconnectAfterMs = 500;

/** `group NAME`: its members changed; `topics NAME NAME`: there are records; anything else: look at everything. */
export type News = string;

type Listener = (news: News) => void;

/** Tells listeners here at once, and in other processes soon, that something was published. */
export class LogBell {
  private readonly listeners = new Set<Listener>();
  private readonly topics = new Set<string>();
  private client: pg.Client | undefined;
  private pending: NodeJS.Timeout | undefined;
  private reconnecting: NodeJS.Timeout | undefined;
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
    this.tell(`topics ${[...topics].join(' ')}`);
    // notifying transactions commit one after the other: at most one in `quietMs`, outside of those that write
    this.pending ??= setTimeout(() => this.notify(), Math.max(0, this.lastNotified + quietMs - Date.now()));
  }

  async close(): Promise<void> {
    this.closed = true;
    this.listeners.clear();
    if (this.pending) this.notify();
    clearTimeout(this.pending);
    clearTimeout(this.reconnecting);
    await this.client?.end().catch(() => undefined);
  }

  private tell(news: News): void {
    for (const listener of this.listeners) listener(news);
  }

  private notify(): void {
    this.pending = undefined;
    this.lastNotified = Date.now();
    const news = `topics ${[...this.topics].join(' ')}`;
    this.topics.clear();
    // who misses it polls
    this.pool.query('select pg_notify($1, $2)', [channel, news.length < longest ? news : '']).catch(() => undefined);
  }

  private listen(): void {
    const client = new pg.Client(this.config);
    this.client = client;
    client.on('notification', ({ payload }) => this.tell(payload ?? ''));
    client.on('error', () => this.reconnect(client));
    client.on('end', () => this.reconnect(client));
    client
      .connect()
      .then(() => client.query(`listen ${channel}`))
      // what was published while nobody listened
      .then(() => this.tell(''))
      .catch(() => this.reconnect(client));
  }

  private reconnect(lost: pg.Client): void {
    if (this.closed || lost !== this.client || this.reconnecting) return;
    lost.end().catch(() => undefined);
    this.reconnecting = setTimeout(() => {
      this.reconnecting = undefined;
      if (!this.closed) this.listen();
    }, reconnectAfterMs).unref();
  }
}
