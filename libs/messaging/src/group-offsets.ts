import type { EachBatchPayload, TopicPartitionOffset } from 'kafkajs';

/** How long what was handled may wait until the brokers are told: each telling is a request of its own. */
const tellWithinMs = 200;
const tellAgainMs = 1000;

type Place = Pick<TopicPartitionOffset, 'topic' | 'partition'>;
/** A batch, and how it tells the brokers: once. kafkajs' consumer would try again, as a member of whatever the group is by then. */
export type BatchInHand = Pick<EachBatchPayload, 'commitOffsetsIfNecessary'> & {
  readonly batch: Place & { firstOffset(): string | null };
};

/**
 * How far each partition was handled, which the brokers are told a moment later, of all partitions together. A batch that was not sought
 * begins where the group has committed. Brokers take any member's word for any partition, so what was handled before partitions changed
 * hands is never told after: whoever has them now is further (I9).
 */
export class GroupOffsets {
  private readonly told = new Map<string, number>();
  private readonly untold = new Map<string, TopicPartitionOffset>();
  private tell: BatchInHand['commitOffsetsIfNecessary'] | undefined;
  private telling: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private generation = 0;
  private closing = false;

  /** Partitions have changed hands. */
  joined(): void {
    this.generation += 1;
    this.untold.clear();
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  begins({ batch }: BatchInHand): void {
    this.isTold(batch, Number(batch.firstOffset()));
  }

  /** Everything before `next` was handled. Resolves at once, but for what is handled while the member leaves. */
  async handled({ batch, commitOffsetsIfNecessary }: BatchInHand, next: number): Promise<void> {
    if (next <= this.toldOf(batch)) return;
    this.tell = commitOffsetsIfNecessary;
    this.untold.set(placeName(batch), { topic: batch.topic, partition: batch.partition, offset: String(next) });
    if (this.closing) return this.tellAll();
    this.later(tellWithinMs);
  }

  /** Tells what is left now; what can't be told comes again to whoever has it next. */
  tellAll(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    // one after the other: what failed would be told after what came later
    return (this.telling = this.telling.then(() => this.tellUntold()));
  }

  /** Tells what is left; from now on nothing waits. */
  close(): Promise<void> {
    this.closing = true;
    return this.tellAll();
  }

  private async tellUntold(): Promise<void> {
    const { generation, tell } = this;
    const offsets = [...this.untold.values()];
    this.untold.clear();
    if (!tell || offsets.length === 0) return;
    try {
      const topics = [...new Set(offsets.map(({ topic }) => topic))];
      await tell({ topics: topics.map((topic) => ({ topic, partitions: offsets.filter((one) => one.topic === topic) })) });
      for (const one of offsets) this.isTold(one, Number(one.offset));
    } catch {
      if (generation !== this.generation || this.closing) return;
      for (const one of offsets) if (!this.untold.has(placeName(one))) this.untold.set(placeName(one), one);
      this.later(tellAgainMs);
    }
  }

  private later(ms: number): void {
    this.timer ??= setTimeout(() => void this.tellAll(), ms);
  }

  private toldOf = (place: Place): number => this.told.get(placeName(place)) ?? -1;

  private isTold(place: Place, offset: number): void {
    if (offset > this.toldOf(place)) this.told.set(placeName(place), offset);
  }
}

/** A partition's name among all: `topic/partition`. */
export const placeName = ({ topic, partition }: Place): string => `${topic}/${partition}`;
