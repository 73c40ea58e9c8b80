import { realTimers, type Timers } from '@orderloom/kernel';
import {
  type OffsetBounds,
  type IncomingRecord,
  type Log,
  type TopicPartition,
  type OffsetRange,
  topicPartitionId,
  topicOf,
} from '@orderloom/messaging';
import type { EventStore, RowWrite } from '../store/store.js';
import { gapRow } from './retention-gaps.js';

const table = 'heard';
const maxRows = 1_000_000;
const saveEveryMs = 5000;
/** Number of seeks per gap after which the skipped offsets count as empty, as in a compacted topic. */
const maxSeeks = 3;

/** The first offset of a partition that a group has not consumed. The stored value may lag behind, but is never ahead. */
interface ConsumedOffsetRow {
  readonly id: string;
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly next: number;
}

type LogMethod = (details: object, message: string) => void;

/** Destination of log lines, in the form of pino's methods. */
export interface Logger {
  readonly info: LogMethod;
  readonly warn: LogMethod;
  readonly error: LogMethod;
}

export interface ConsumedOffsetsOptions {
  readonly store: EventStore;
  readonly log: Pick<Log, 'bounds'>;
  readonly group: string;
  readonly topics: readonly string[];
  readonly logger?: Logger;
}

const rowOf = (group: string, { topic, partition, next }: Pick<ConsumedOffsetRow, 'topic' | 'partition' | 'next'>): ConsumedOffsetRow => ({
  id: `${group}/${topic}/${partition}`,
  ...{ group, topic, partition, next },
});

/** Sets the next offsets of a group, so that it skips all earlier records. */
export async function setConsumedOffsets(
  store: EventStore,
  group: string,
  partitions: readonly Pick<ConsumedOffsetRow, 'topic' | 'partition' | 'next'>[],
): Promise<void> {
  const rows = partitions.map((tp) => rowOf(group, tp));
  await store.commit({ meta: { by: `heard/${group}` }, rows: rows.map((row) => ({ op: 'put', table, key: row.id, row })) });
}

/**
 * The consumed offsets of a group, kept in the store (decision record: offsets in the store). A restored store is behind the offsets
 * committed to Kafka. Offsets are persisted periodically: a record consumed twice has no second effect.
 */
export class ConsumedOffsets {
  private readonly nextOffsets = new Map<string, number>();
  private readonly unsaved = new Map<string, ConsumedOffsetRow>();
  private readonly seekCounts = new Map<string, number>();
  /** Assigned partitions of which no record has arrived yet. */
  private readonly awaitingFirstRecord = new Map<string, TopicPartition>();
  private readonly timers: Timers;
  private stopTimer: () => void = () => undefined;

  constructor(private readonly options: ConsumedOffsetsOptions) {
    this.timers = options.store.timers ?? realTimers;
  }

  /** Loads the offsets. A topic that the group never consumed starts at its first available record, which is not a retention gap. */
  async initialise(): Promise<void> {
    const knownTopics = new Set((await this.rows()).map(({ topic }) => topic));
    const newTopics = this.options.topics.filter((topic) => !knownTopics.has(topic));
    if (newTopics.length > 0) await this.insertBeginnings(newTopics);
    for (const { topic, partition, next } of await this.rows()) this.advance(topicPartitionId({ topic, partition }), next);
    this.stopTimer = this.timers.every(saveEveryMs, () => void this.flush());
  }

  /** Marks partitions as assigned to this process. */
  onAssigned(partitions: readonly TopicPartition[]): void {
    for (const tp of partitions) this.awaitingFirstRecord.set(topicPartitionId(tp), { ...tp });
  }

  /**
   * Returns the seeks for assigned partitions without records so far: Kafka's committed offset may be ahead of the store. Each partition is
   * returned once per assignment.
   */
  async initialSeeks(): Promise<readonly (TopicPartition & { readonly offset: number })[]> {
    const pending = [...this.awaitingFirstRecord];
    if (pending.length === 0) return [];
    for (const { topic, partition, next } of await this.rows()) this.advance(topicPartitionId({ topic, partition }), next);
    const bounds = await this.options.log.bounds([...new Set(pending.map(([, { topic }]) => topic))]);
    return pending.flatMap(([key, tp]) => {
      // A partition created after the bounds were read has no consumed records.
      const bound = bounds[key] ?? { first: 0, next: Infinity };
      // Skips a partition whose first record arrived meanwhile, or that was assigned again: it has a newer entry.
      if (this.awaitingFirstRecord.get(key) !== tp) return [];
      this.awaitingFirstRecord.delete(key);
      this.resetToBeginning(tp, bound);
      const offset = this.nextOffsetOf(key);
      // A partition that is consumed completely needs no seek: the group reaches its end and commits it.
      return offset < bound.next ? [{ ...tp, offset }] : [];
    });
  }

  /** Returns the offset to seek to if a batch starts after the next expected offset, otherwise undefined. */
  async seekTarget({ topic, partition }: IncomingRecord, { from }: OffsetRange): Promise<number | undefined> {
    const key = topicPartitionId({ topic, partition });
    this.awaitingFirstRecord.delete(key);
    if (from <= this.nextOffsetOf(key)) return undefined;
    // Another member of the group may have consumed these records meanwhile.
    const row = await this.options.store.row<ConsumedOffsetRow>(table, this.row(topic, partition, 0).id);
    if (row) this.advance(key, row.next);
    await this.recordGap(topic, partition);
    const expected = this.nextOffsetOf(key);
    if (from <= expected) return undefined;
    const seeks = (this.seekCounts.get(key) ?? 0) + 1;
    if (seeks > maxSeeks) return undefined;
    this.seekCounts.set(key, seeks);
    this.options.logger?.info(
      { topic, partition, from: expected, to: from },
      'the committed offset is ahead of the consumed offset in the store: seeking back',
    );
    return expected;
  }

  /** Records that all records before `next` took effect or are parked. */
  markConsumed({ topic, partition }: IncomingRecord, { next }: OffsetRange): void {
    const key = topicPartitionId({ topic, partition });
    this.seekCounts.delete(key);
    if (this.advance(key, next)) this.unsaved.set(key, this.row(topic, partition, next));
  }

  /** Persists the offsets. A failure is ignored, since the records are then consumed again without effect. */
  async flush(): Promise<void> {
    await this.save().catch(() => undefined);
  }

  /** Stops the periodic persisting and persists the offsets once more. */
  async stop(): Promise<void> {
    this.stopTimer();
    await this.flush();
  }

  /** A log that ends before the consumed offset was replaced or restored, so its records are new. */
  private resetToBeginning({ topic, partition }: TopicPartition, { first, next }: OffsetBounds[string]): void {
    const key = topicPartitionId({ topic, partition });
    const consumed = this.nextOffsetOf(key);
    if (consumed <= next) return;
    this.nextOffsets.set(key, first);
    this.unsaved.set(key, this.row(topic, partition, first));
    this.options.logger?.error(
      { topic, partition, consumed, next },
      'the log ends before the consumed offset: consuming it from its beginning',
    );
  }

  /**
   * Records a gap if retention deleted records before they were consumed. Gap and offset are stored together, so that the gap is recorded
   * once.
   */
  private async recordGap(topic: string, partition: number): Promise<void> {
    const key = topicPartitionId({ topic, partition });
    const from = this.nextOffsetOf(key);
    const to = (await this.options.log.bounds([topic]))[key]?.first ?? 0;
    if (to <= from) return;
    const row = this.row(topic, partition, to);
    const at = await this.options.store.now();
    await this.commit([gapRow({ topic, partition, from, to, at }), { op: 'put', table, key: row.id, row }]);
    this.advance(key, to);
    this.options.logger?.error({ topic, partition, from, to }, 'records were deleted by retention before they were consumed');
  }

  private async save(): Promise<void> {
    const rows = [...this.unsaved.values()];
    if (rows.length === 0) return;
    await this.commit(rows.map((row) => ({ op: 'put', table, key: row.id, row })));
    for (const row of rows) {
      const key = topicPartitionId(row);
      if (this.unsaved.get(key) === row) this.unsaved.delete(key);
    }
  }

  private async insertBeginnings(topics: readonly string[]): Promise<void> {
    const bounds = Object.entries(await this.options.log.bounds(topics));
    for (const topic of topics) {
      const ofTopic = bounds.filter(([key]) => topicOf(key) === topic);
      const rows = ofTopic.map(([key, { first }]) => this.row(topic, Number(key.slice(topic.length + 1)), first));
      // Several processes may start at the same time; the first one inserts the row.
      await this.commit(rows.map((row) => ({ op: 'insert', table, key: row.id, row })));
    }
  }

  private async commit(rows: readonly RowWrite[]): Promise<void> {
    await this.options.store.commit({ meta: { by: `heard/${this.options.group}` }, rows });
  }

  private rows = (): Promise<readonly ConsumedOffsetRow[]> =>
    this.options.store.rows<ConsumedOffsetRow>(table, { group: this.options.group }, maxRows);

  private nextOffsetOf = (key: string): number => this.nextOffsets.get(key) ?? 0;

  private advance(key: string, next: number): boolean {
    if (next <= this.nextOffsetOf(key)) return false;
    this.nextOffsets.set(key, next);
    return true;
  }

  private row(topic: string, partition: number, next: number): ConsumedOffsetRow {
    return rowOf(this.options.group, { topic, partition, next });
  }
}
