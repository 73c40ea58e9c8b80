import type { Instant } from '@orderloom/kernel';
import { type IncomingRecord, topicPartitionId } from '@orderloom/messaging';
import type { EventStore } from '../store/store.js';

const table = 'given_up';
const maxRows = 1_000_000;

/**
 * An offset range of a partition, from `from` up to and excluding `to`, whose records by `source` are ignored. The store of `source` was
 * restored to an earlier state.
 */
export interface DiscardedRange {
  readonly source: string;
  readonly topic: string;
  readonly partition: number;
  readonly from: number;
  readonly to: number;
}

/** Operator, time and reason of the decision. */
interface Attribution {
  readonly by: string;
  readonly at: Instant;
  readonly reason: string;
}

/** Discards offset ranges for this store: from its next start, the consumer ignores records of their sources in them. */
export async function discardRanges(
  store: EventStore,
  given: readonly DiscardedRange[],
  attribution: Omit<Attribution, 'at'>,
): Promise<void> {
  const at = await store.now();
  const rows = given.map((range) => {
    const id = `${range.source} ${range.topic}/${range.partition}/${range.from}`;
    return { op: 'put', table, key: id, row: { id, ...range, ...attribution, at } } as const;
  });
  await store.commit({ meta: { by: attribution.by }, rows });
}

/** The discarded offset ranges of a store. */
export class DiscardedRanges {
  private readonly ranges = new Map<string, DiscardedRange[]>();
  /** Time of the newest entry. Records of other services may refer to events that are not repeated yet. */
  readonly at: Instant | undefined;

  private constructor(given: readonly (DiscardedRange & Attribution)[]) {
    this.at = given
      .map(({ at }) => at)
      .sort()
      .at(-1);
    for (const range of given) {
      const topicPartition = topicPartitionId(range);
      this.ranges.set(topicPartition, [...(this.ranges.get(topicPartition) ?? []), range]);
    }
  }

  static async of(store: EventStore): Promise<DiscardedRanges> {
    return new DiscardedRanges(await store.rows<DiscardedRange & Attribution>(table, {}, maxRows));
  }

  has({ topic, partition, offset, headers }: Pick<IncomingRecord, 'topic' | 'partition' | 'offset' | 'headers'>): boolean {
    const ranges = this.ranges.get(topicPartitionId({ topic, partition })) ?? [];
    return ranges.some(({ source, from, to }) => headers['ce_source'] === source && Number(offset) >= from && Number(offset) < to);
  }
}
