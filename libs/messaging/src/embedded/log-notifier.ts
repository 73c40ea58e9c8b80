import type pg from 'pg';
import { PostgresNotifications } from '../postgres-notifications.js';

/** Maximum size of a notification's payload. */
const maxPayloadBytes = 7_000;

/** `group NAME`: the members of the group changed. `topics NAME NAME`: the topics have new records. Otherwise: check everything. */
export type Notification = string;

type Listener = (news: Notification) => void;

/** Notifies listeners of new records: those of this process at once, those of other processes through LISTEN/NOTIFY. */
export class LogNotifier {
  private readonly listeners = new Set<Listener>();
  private readonly topics = new Set<string>();
  private readonly notifications: PostgresNotifications;

  constructor(client: pg.ClientConfig, pool: pg.Pool) {
    this.notifications = new PostgresNotifications({
      client,
      pool,
      channel: 'orderloom_log',
      intervalMs: 20,
      payload: () => this.takeTopics(),
      onNotification: (payload = '') => this.notifyListeners(payload),
    });
  }

  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    this.notifications.listen();
    return () => this.listeners.delete(listener);
  }

  notify(topics: Iterable<string>): void {
    for (const topic of topics) this.topics.add(topic);
    this.notifyListeners(`topics ${[...topics].join(' ')}`);
    this.notifications.notify();
  }

  async close(): Promise<void> {
    this.listeners.clear();
    await this.notifications.close();
  }

  private notifyListeners(notification: Notification): void {
    for (const listener of this.listeners) listener(notification);
  }

  private takeTopics(): string {
    const notification = `topics ${[...this.topics].join(' ')}`;
    this.topics.clear();
    return notification.length < maxPayloadBytes ? notification : '';
  }
}
