import { topicPartitionId } from '../topic-partition.js';
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { LogFunction } from '../kafka/kafka-logger.js';
import type { IncomingRecord, LogSubscription, RunningSubscription } from '../log.js';
import type { LogNotifier, Notification } from './log-notifier.js';
import { AssignedPartition } from './assigned-partition.js';
import { WakeSignal } from './wake-signal.js';
import { isTransient } from './transient.js';

export interface MemberOptions {
  /** Maximum number of partitions processed concurrently; 3 by default. */
  readonly partitionsConsumedConcurrently?: number;
  /** Maximum number of records per call of `handle`; 500 by default. */
  readonly maxRecords?: number;
  /** Time without heartbeats after which the member loses its partitions; 10,000 by default. */
  readonly sessionTimeoutMs?: number;
}

const heartbeatIntervalMs = 1000;
const pollIntervalMs = 500;
const minBackOffMs = 100;
const maxBackOffMs = 5000;

/** A member of a consumer group. It holds partitions by a lease, delivers records batch by batch and commits handled offsets. */
export class EmbeddedMember implements RunningSubscription {
  private readonly memberId = randomUUID();
  private readonly partitions = new Map<string, AssignedPartition>();
  private readonly inFlight = new Set<Promise<void>>();
  private readonly wakeSignal = new WakeSignal();
  private readonly unsubscribe: () => void;
  private nextHeartbeatAt = 0;
  private stopping = false;
  private running: Promise<void> = Promise.resolve();

  private constructor(
    private readonly pool: pg.Pool,
    notifier: LogNotifier,
    private readonly subscription: LogSubscription,
    private readonly options: MemberOptions,
    private readonly log: LogFunction,
  ) {
    this.unsubscribe = notifier.subscribe((news) => this.onNotification(news));
  }

  static async join(
    pool: pg.Pool,
    notifier: LogNotifier,
    subscription: LogSubscription,
    options: MemberOptions,
    log: LogFunction,
  ): Promise<EmbeddedMember> {
    const member = new EmbeddedMember(pool, notifier, subscription, options, log);
    try {
      await member.heartbeat();
    } catch (error) {
      member.unsubscribe();
      throw error;
    }
    member.running = member.run();
    return member;
  }

  seek(topic: string, partition: number, offset: string): void {
    this.partitions.get(topicPartitionId({ topic, partition }))?.seek(Number(offset));
    this.wakeSignal.signal();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.wakeSignal.signal();
    await this.running;
    this.unsubscribe();
    await this.pool.query('select log_leave($1, $2)', [this.subscription.group, this.memberId]).catch(() => undefined);
  }

  private onNotification(notification: Notification): void {
    const { group, topics } = this.subscription;
    const [kind, ...names] = notification.split(' ');
    if (kind === 'group') {
      if (!names.includes(group)) return;
      this.nextHeartbeatAt = 0;
    } else if (kind === 'topics' && !names.some((name) => topics.includes(name))) return;
    this.wakeSignal.signal();
  }

  private async run(): Promise<void> {
    while (!this.stopping || this.inFlight.size > 0) {
      try {
        if (performance.now() >= this.nextHeartbeatAt) await this.heartbeat();
        if (!this.stopping && (await this.fetch())) continue;
        await this.wakeSignal.wait(this.waitMs());
      } catch (error) {
        if (!isTransient(error)) return this.crash(error as Error);
        this.log('warn', 'the log database is unavailable: retrying', { group: this.subscription.group, error });
        await this.wakeSignal.wait(pollIntervalMs);
      }
    }
  }

  private crash(error: Error): void {
    if (!this.stopping) this.subscription.onCrash(error);
  }

  /** Milliseconds until the next heartbeat, the end of a back-off, or the poll that covers lost notifications. */
  private waitMs(): number {
    const now = performance.now();
    const pauses = [...this.partitions.values()].flatMap((p) => (p.pausedUntil > now ? [p.pausedUntil - now] : []));
    return Math.max(1, Math.min(pollIntervalMs, this.nextHeartbeatAt - now, ...pauses));
  }

  /** Renews the lease, and reads which partitions this member holds and which of them it must release. */
  private async heartbeat(): Promise<void> {
    this.nextHeartbeatAt = performance.now() + heartbeatIntervalMs;
    const { group, topics } = this.subscription;
    const lease = `${this.options.sessionTimeoutMs ?? 10_000} ms`;
    const { rows } = await this.pool.query<HeldPartition>({
      name: 'join',
      text: 'select * from log_join($1, $2, $3, $4)',
      values: [group, this.memberId, topics, lease],
    });
    const heldKeys = new Set(rows.map(({ topic, partition }) => topicPartitionId({ topic, partition })));
    for (const [key, partition] of this.partitions) if (!heldKeys.has(key)) this.lose(key, partition);
    const added = rows.filter(({ topic, partition, keep }) => keep && !this.partitions.has(topicPartitionId({ topic, partition })));
    for (const { topic, partition, committed, keep } of rows) {
      const key = topicPartitionId({ topic, partition });
      const assigned = this.partitions.get(key) ?? new AssignedPartition(topic, partition, Number(committed));
      this.partitions.set(key, assigned);
      assigned.leaving = !keep;
      if (assigned.leaving && !assigned.busy) await this.release(key, assigned);
    }
    if (added.length > 0) this.subscription.onAssigned?.(added.map(({ topic, partition }) => ({ topic, partition })));
  }

  private lose(key: string, partition: AssignedPartition): void {
    partition.lost = true;
    this.partitions.delete(key);
  }

  private async release(key: string, partition: AssignedPartition): Promise<void> {
    this.lose(key, partition);
    await this.pool.query('select log_release($1, $2, $3, $4)', [
      this.subscription.group,
      this.memberId,
      partition.topic,
      partition.partition,
    ]);
  }

  /** Fetches and delivers records of idle partitions; resolves to whether there were any. */
  private async fetch(): Promise<boolean> {
    const free = (this.options.partitionsConsumedConcurrently ?? 3) - this.inFlight.size;
    const idle = free > 0 ? [...this.partitions.values()].filter((place) => place.isIdle) : [];
    if (idle.length === 0) return false;
    const offsets = idle.map((place) => place.next);
    const { rows } = await this.pool.query<RecordRow>({
      name: 'read',
      text: 'select * from log_read($1, $2, $3, $4, $5)',
      values: [idle.map((p) => p.topic), idle.map((p) => p.partition), offsets, this.options.maxRecords ?? 500, free],
    });
    let any = false;
    idle.forEach((partition, i) => {
      const records = rows.filter((row) => row.topic === partition.topic && row.partition === partition.partition).map(recordOf);
      // The partition was sought or revoked during the fetch.
      if (records.length === 0 || partition.next !== offsets[i] || !partition.isIdle || this.stopping) return;
      any = true;
      this.deliver(partition, records);
    });
    return any;
  }

  private deliver(partition: AssignedPartition, records: readonly IncomingRecord[]): void {
    const key = topicPartitionId(partition);
    partition.busy = true;
    const handling = this.handle(partition, records).finally(() => {
      partition.busy = false;
      this.inFlight.delete(handling);
      // Moves the partition to the end of the queue, so that no partition starves.
      if (this.partitions.delete(key)) this.partitions.set(key, partition);
      if (partition.leaving) this.nextHeartbeatAt = 0;
      this.wakeSignal.signal();
    });
    this.inFlight.add(handling);
  }

  /** Handles and commits records, then advances. After a failure the records are delivered again. */
  private async handle(assigned: AssignedPartition, records: readonly IncomingRecord[]): Promise<void> {
    const { seeks, topic, partition } = assigned;
    const from = Number(records[0]?.offset);
    const next = from + records.length;
    try {
      await this.subscription.handle(records, { from, next });
      assigned.rejections = 0;
      if (assigned.seeks !== seeks || assigned.lost) return;
      const values = [this.subscription.group, this.memberId, topic, partition, next];
      const { rows } = await this.pool.query<{ ok: boolean }>({ name: 'commit', text: 'select log_commit($1, $2, $3, $4, $5) ok', values });
      if (!rows[0]?.ok) this.nextHeartbeatAt = 0;
      else if (assigned.seeks === seeks) assigned.next = next;
    } catch (error) {
      this.rejected(assigned, records, error);
    }
  }

  private rejected(assigned: AssignedPartition, records: readonly IncomingRecord[], error: unknown): void {
    assigned.rejections += 1;
    const waitMs = Math.min(minBackOffMs * 2 ** (assigned.rejections - 1), maxBackOffMs);
    assigned.pausedUntil = performance.now() + waitMs;
    const { topic, partition, rejections: attempt } = assigned;
    const { group } = this.subscription;
    const details = { group, topic, partition, offset: records[0]?.offset, attempt, waitMs, error };
    this.log('warn', 'handling of records failed: they will be delivered again', details);
  }
}

interface HeldPartition {
  readonly topic: string;
  readonly partition: number;
  readonly committed: string;
  readonly keep: boolean;
}

interface RecordRow extends Pick<IncomingRecord, 'topic' | 'partition' | 'offset' | 'headers' | 'value'> {
  readonly key: Buffer | null;
  readonly written_at: Date;
}

const recordOf = ({ topic, partition, offset, key, headers, value, written_at }: RecordRow): IncomingRecord => ({
  topic,
  partition,
  offset,
  key: key?.toString() ?? null,
  headers,
  value,
  timestamp: written_at.getTime(),
});
