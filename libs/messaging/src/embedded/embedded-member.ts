import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { LogFunction } from '../kafka-logger.js';
import type { IncomingRecord, LogSubscription, RunningSubscription } from '../log.js';
import type { LogBell, News } from './log-bell.js';
import { Place } from './place.js';
import { Alarm } from './alarm.js';
import { isTransient } from './transient.js';

export interface MemberOptions {
  /** Partitions handled at the same time; 3 unless said. */
  readonly partitionsConsumedConcurrently?: number;
  /** Most records of one `handle`; 500 unless said. */
  readonly maxRecords?: number;
  /** How long a member may be silent before its partitions go to others; 10,000 unless said. */
  readonly sessionTimeoutMs?: number;
}

const heartbeatMs = 1000;
const pollMs = 500;
const firstBackOffMs = 100;
const lastBackOffMs = 5000;

/** A member of a group: holds partitions by its lease, hands over batch by batch, commits what was handled. */
export class EmbeddedMember implements RunningSubscription {
  private readonly me = randomUUID();
  private readonly places = new Map<string, Place>();
  private readonly inHand = new Set<Promise<void>>();
  private readonly alarm = new Alarm();
  private readonly silence: () => void;
  private beatAt = 0;
  private stopping = false;
  private running: Promise<void> = Promise.resolve();

  private constructor(
    private readonly pool: pg.Pool,
    bell: LogBell,
    private readonly subscription: LogSubscription,
    private readonly options: MemberOptions,
    private readonly log: LogFunction,
  ) {
    this.silence = bell.on((news) => this.hear(news));
  }

  static async join(
    pool: pg.Pool,
    bell: LogBell,
    subscription: LogSubscription,
    options: MemberOptions,
    log: LogFunction,
  ): Promise<EmbeddedMember> {
    const member = new EmbeddedMember(pool, bell, subscription, options, log);
    try {
      await member.beat();
    } catch (error) {
      member.silence();
      throw error;
    }
    member.running = member.run();
    return member;
  }

  seek(topic: string, partition: number, offset: string): void {
    this.places.get(placeKey(topic, partition))?.seek(Number(offset));
    this.alarm.ring();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.alarm.ring();
    await this.running;
    this.silence();
    await this.pool.query('select log_leave($1, $2)', [this.subscription.group, this.me]).catch(() => undefined);
  }

  private hear(news: News): void {
    const { group, topics } = this.subscription;
    const [what, ...names] = news.split(' ');
    if (what === 'group') {
      if (!names.includes(group)) return;
      this.beatAt = 0;
    } else if (what === 'topics' && !names.some((name) => topics.includes(name))) return;
    this.alarm.ring();
  }

  private async run(): Promise<void> {
    while (!this.stopping || this.inHand.size > 0) {
      try {
        if (performance.now() >= this.beatAt) await this.beat();
        if (!this.stopping && (await this.read())) continue;
        await this.alarm.wait(this.restMs());
      } catch (error) {
        if (!isTransient(error)) return this.crash(error as Error);
        this.log('warn', 'the log can not be reached', { group: this.subscription.group, error });
        await this.alarm.wait(pollMs);
      }
    }
  }

  private crash(error: Error): void {
    if (!this.stopping) this.subscription.onCrash(error);
  }

  /** Until the next beat, the end of a back-off, or the poll that is the net under the bell. */
  private restMs(): number {
    const now = performance.now();
    const pauses = [...this.places.values()].flatMap((p) => (p.pausedUntil > now ? [p.pausedUntil - now] : []));
    return Math.max(1, Math.min(pollMs, this.beatAt - now, ...pauses));
  }

  /** Renews the lease, and learns which partitions this member holds and which of them it shall give up. */
  private async beat(): Promise<void> {
    this.beatAt = performance.now() + heartbeatMs;
    const { group, topics } = this.subscription;
    const lease = `${this.options.sessionTimeoutMs ?? 10_000} ms`;
    const { rows } = await this.pool.query<Held>({
      name: 'join',
      text: 'select * from log_join($1, $2, $3, $4)',
      values: [group, this.me, topics, lease],
    });
    const held = new Set(rows.map(({ topic, partition }) => placeKey(topic, partition)));
    for (const [key, place] of this.places) if (!held.has(key)) this.lose(key, place);
    const fresh = rows.filter(({ topic, partition, keep }) => keep && !this.places.has(placeKey(topic, partition)));
    for (const { topic, partition, committed, keep } of rows) {
      const key = placeKey(topic, partition);
      const place = this.places.get(key) ?? new Place(topic, partition, Number(committed));
      this.places.set(key, place);
      place.leaving = !keep;
      if (place.leaving && !place.busy) await this.release(key, place);
    }
    if (fresh.length > 0) this.subscription.onAssigned?.(fresh.map(({ topic, partition }) => ({ topic, partition })));
  }

  private lose(key: string, place: Place): void {
    place.lost = true;
    this.places.delete(key);
  }

  private async release(key: string, place: Place): Promise<void> {
    this.lose(key, place);
    await this.pool.query('select log_release($1, $2, $3, $4)', [this.subscription.group, this.me, place.topic, place.partition]);
  }

  /** Hands over what there is for partitions that wait for it; whether there was anything. */
  private async read(): Promise<boolean> {
    const free = (this.options.partitionsConsumedConcurrently ?? 3) - this.inHand.size;
    const idle = free > 0 ? [...this.places.values()].filter((place) => place.isIdle) : [];
    if (idle.length === 0) return false;
    const offsets = idle.map((place) => place.next);
    const { rows } = await this.pool.query<Row>({
      name: 'read',
      text: 'select * from log_read($1, $2, $3, $4, $5)',
      values: [idle.map((p) => p.topic), idle.map((p) => p.partition), offsets, this.options.maxRecords ?? 500, free],
    });
    let any = false;
    idle.forEach((place, i) => {
      const records = rows.filter((row) => row.topic === place.topic && row.partition === place.partition).map(recordOf);
      // sought away from, or taken away, while it was read
      if (records.length === 0 || place.next !== offsets[i] || !place.isIdle || this.stopping) return;
      any = true;
      this.handOver(place, records);
    });
    return any;
  }

  private handOver(place: Place, records: readonly IncomingRecord[]): void {
    const key = placeKey(place.topic, place.partition);
    place.busy = true;
    const handling = this.handle(place, records).finally(() => {
      place.busy = false;
      this.inHand.delete(handling);
      // to the end of the queue: no partition starves another
      if (this.places.delete(key)) this.places.set(key, place);
      if (place.leaving) this.beatAt = 0;
      this.alarm.ring();
    });
    this.inHand.add(handling);
  }

  /** Handle, commit, only then move on: whatever fails in between makes the records come again. */
  private async handle(place: Place, records: readonly IncomingRecord[]): Promise<void> {
    const { seeks, topic, partition } = place;
    const from = Number(records[0]?.offset);
    const next = from + records.length;
    try {
      await this.subscription.handle(records, { from, next });
      place.rejections = 0;
      if (place.seeks !== seeks || place.lost) return;
      const values = [this.subscription.group, this.me, topic, partition, next];
      const { rows } = await this.pool.query<{ ok: boolean }>({ name: 'commit', text: 'select log_commit($1, $2, $3, $4, $5) ok', values });
      if (!rows[0]?.ok) this.beatAt = 0;
      else if (place.seeks === seeks) place.next = next;
    } catch (error) {
      this.rejected(place, records, error);
    }
  }

  private rejected(place: Place, records: readonly IncomingRecord[], error: unknown): void {
    place.rejections += 1;
    const waitMs = Math.min(firstBackOffMs * 2 ** (place.rejections - 1), lastBackOffMs);
    place.pausedUntil = performance.now() + waitMs;
    const { topic, partition, rejections: attempt } = place;
    const { group } = this.subscription;
    const details = { group, topic, partition, offset: records[0]?.offset, attempt, waitMs, error };
    this.log('warn', 'records were not handled and will come again', details);
  }
}

interface Held {
  readonly topic: string;
  readonly partition: number;
  readonly committed: string;
  readonly keep: boolean;
}

interface Row extends Pick<IncomingRecord, 'topic' | 'partition' | 'offset' | 'headers' | 'value'> {
  readonly key: Buffer | null;
  readonly written_at: Date;
}

const placeKey = (topic: string, partition: number): string => `${topic}/${partition}`;

const recordOf = ({ topic, partition, offset, key, headers, value, written_at }: Row): IncomingRecord => ({
  topic,
  partition,
  offset,
  key: key?.toString() ?? null,
  headers,
  value,
  timestamp: written_at.getTime(),
});
