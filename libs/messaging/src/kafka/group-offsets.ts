import { topicPartitionId } from '../topic-partition.js';
import type { EachBatchPayload, TopicPartitionOffset } from 'kafkajs';

/** Maximum delay of an offset commit. Each commit is a request, so commits are batched. */
const commitIntervalMs = 200;
const retryDelayMs = 1000;

type TopicPartition = Pick<TopicPartitionOffset, 'topic' | 'partition'>;
/** A batch, and the function that commits offsets once. The commit of kafkajs's consumer would retry under a later group generation. */
export type AssignedBatch = Pick<EachBatchPayload, 'commitOffsetsIfNecessary'> & {
  readonly batch: TopicPartition & { firstOffset(): string | null };
};

/**
 * Batches the offset commits of one member. A batch that was not sought starts at the committed offset. Brokers accept commits of any
 * member, so offsets processed before a rebalance are dropped: the new owner may be ahead (I9).
 */
export class GroupOffsets {
  private readonly committed = new Map<string, number>();
  private readonly uncommitted = new Map<string, TopicPartitionOffset>();
  private commit: AssignedBatch['commitOffsetsIfNecessary'] | undefined;
  private committing: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private generation = 0;
  private closing = false;

  /** Drops uncommitted offsets after a rebalance. */
  onJoined(): void {
    this.generation += 1;
    this.uncommitted.clear();
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  onBatch({ batch }: AssignedBatch): void {
    this.setCommitted(batch, Number(batch.firstOffset()));
  }

  /** Records that all records before `next` are processed. Resolves at once; while the member leaves, after the commit. */
  async markHandled({ batch, commitOffsetsIfNecessary }: AssignedBatch, next: number): Promise<void> {
    if (next <= this.committedOf(batch)) return;
    this.commit = commitOffsetsIfNecessary;
    this.uncommitted.set(topicPartitionId(batch), { topic: batch.topic, partition: batch.partition, offset: String(next) });
    if (this.closing) return this.flush();
    this.scheduleCommit(commitIntervalMs);
  }

  /** Commits all pending offsets now. Records whose commit fails are delivered again. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    // Commits run one after the other: a failed commit must not be retried after a later one.
    return (this.committing = this.committing.then(() => this.sendCommit()));
  }

  /** Commits the pending offsets; later offsets are committed without delay. */
  close(): Promise<void> {
    this.closing = true;
    return this.flush();
  }

  private async sendCommit(): Promise<void> {
    const { generation, commit: tell } = this;
    const offsets = [...this.uncommitted.values()];
    this.uncommitted.clear();
    if (!tell || offsets.length === 0) return;
    try {
      const topics = [...new Set(offsets.map(({ topic }) => topic))];
      await tell({ topics: topics.map((topic) => ({ topic, partitions: offsets.filter((one) => one.topic === topic) })) });
      for (const one of offsets) this.setCommitted(one, Number(one.offset));
    } catch {
      if (generation !== this.generation || this.closing) return;
      for (const one of offsets) if (!this.uncommitted.has(topicPartitionId(one))) this.uncommitted.set(topicPartitionId(one), one);
      this.scheduleCommit(retryDelayMs);
    }
  }

  private scheduleCommit(ms: number): void {
    this.timer ??= setTimeout(() => void this.flush(), ms);
  }

  private committedOf = (place: TopicPartition): number => this.committed.get(topicPartitionId(place)) ?? -1;

  private setCommitted(place: TopicPartition, offset: number): void {
    if (offset > this.committedOf(place)) this.committed.set(topicPartitionId(place), offset);
  }
}
