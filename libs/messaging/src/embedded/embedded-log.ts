import pg from 'pg';
import type { LogFunction } from '../kafka/kafka-logger.js';
import type { OffsetBounds, EndOffsets, Log, LogSubscription, OutgoingRecord, RunningSubscription, TopicSpec } from '../log.js';
import { EmbeddedMember, type MemberOptions } from './embedded-member.js';
import { EmbeddedPublisher } from './embedded-publisher.js';
import { install } from './install.js';
import { LogNotifier } from './log-notifier.js';

export interface EmbeddedLogConfig extends MemberOptions {
  /** URL of the Postgres database shared by all users of the log (`orderloom_log`). */
  readonly url: string;
  readonly clientId: string;
  /** Time for which `publish` retries while the database is unavailable; 120,000 by default. */
  readonly publishPatienceMs?: number;
  readonly log?: LogFunction;
}

/**
 * The log in Postgres for installations without Kafka, with the same order, groups, redelivery and offsets. Any number of processes may
 * share it.
 */
export class EmbeddedLog implements Log {
  readonly system = 'postgresql';
  private readonly pool: pg.Pool;
  private readonly notifier: LogNotifier;
  private readonly publisher: EmbeddedPublisher;
  private readonly running = new Set<RunningSubscription>();

  constructor(private readonly config: EmbeddedLogConfig) {
    const client: pg.ClientConfig = {
      connectionString: config.url,
      application_name: config.clientId,
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
    };
    this.pool = new pg.Pool({ ...client, max: 4 });
    // The pool replaces an idle connection that breaks.
    this.pool.on('error', () => undefined);
    this.notifier = new LogNotifier(client, this.pool);
    this.publisher = new EmbeddedPublisher(this.pool, config.publishPatienceMs ?? 120_000, (topics) => this.notifier.notify(topics));
  }

  publish(records: readonly OutgoingRecord[]): Promise<void> {
    return this.publisher.publish(records);
  }

  /** Migrates the tables of the log first. Applies retention too: it deletes records older than `retention.ms`. */
  async ensureTopics(topics: readonly TopicSpec[]): Promise<void> {
    await install(this.pool);
    await this.pool.query('select log_ensure_topics($1)', [JSON.stringify(topics)]);
  }

  async subscribe(subscription: LogSubscription): Promise<RunningSubscription> {
    const member = await EmbeddedMember.join(this.pool, this.notifier, subscription, this.config, this.config.log ?? silent);
    const running: RunningSubscription = {
      seek: (topic, partition, offset) => member.seek(topic, partition, offset),
      stop: async () => {
        this.running.delete(running);
        await member.stop();
      },
    };
    this.running.add(running);
    return running;
  }

  async lag(group: string, topics: readonly string[]): Promise<Record<string, number>> {
    const { rows } = await this.pool.query<{ topic: string; lag: string }>('select * from log_lag($1, $2)', [group, topics]);
    return Object.fromEntries(rows.map(({ topic, lag }) => [topic, Number(lag)]));
  }

  async bounds(topics: readonly string[]): Promise<OffsetBounds> {
    const { rows } = await this.pool.query<{ place: string; first: string; next: string }>(
      `select topic || '/' || partition as place, first_offset as first, next_offset as next from log_partition where topic = any($1)`,
      [topics],
    );
    return Object.fromEntries(rows.map(({ place, first, next }) => [place, { first: Number(first), next: Number(next) }]));
  }

  produced(): EndOffsets {
    return {};
  }

  async close(): Promise<void> {
    await Promise.all([...this.running].map((subscription) => subscription.stop()));
    await this.publisher.close();
    await this.notifier.close();
    await this.pool.end();
  }
}

const silent: LogFunction = () => undefined;
