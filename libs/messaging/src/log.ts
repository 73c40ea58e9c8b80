/** The log port: topics with partitions of records. Kafka, Postgres and in-memory adapters pass one contract suite. */
export interface Log {
  /** Name of the system in traces (`messaging.system`). */
  readonly system: string;
  /** Resolves once all in-sync replicas have acknowledged every record; records with the same key keep their order. */
  publish(records: readonly OutgoingRecord[]): Promise<void>;
  /** Creates missing topics, adds missing partitions and updates the configuration of existing topics. */
  ensureTopics(topics: readonly TopicSpec[]): Promise<void>;
  /**
   * Joins `group`. `handle` receives records of one partition in offset order. Their offsets are committed after it has resolved, unless
   * the group has committed later ones: committed offsets never decrease.
   */
  subscribe(subscription: LogSubscription): Promise<RunningSubscription>;
  /** Number of records not yet committed by `group`, by topic. */
  lag(group: string, topics: readonly string[]): Promise<Record<string, number>>;
  /** Beginning and end offsets of the partitions of `topics`. */
  bounds(topics: readonly string[]): Promise<OffsetBounds>;
  /** Lower bounds of the end offsets after this process's own sends, by `topic/partition`. */
  produced(): EndOffsets;
  close(): Promise<void>;
}

/** Offsets by `topic/partition`. */
export type EndOffsets = Readonly<Record<string, number>>;

/** By `topic/partition`: `first` is the offset of the oldest available record, `next` the offset of the next record to be written. */
export type OffsetBounds = Readonly<Record<string, { readonly first: number; readonly next: number }>>;

export type Headers = Readonly<Record<string, string>>;

export interface OutgoingRecord {
  readonly topic: string;
  readonly key: string;
  readonly headers: Headers;
  readonly value: Buffer;
}

export interface IncomingRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string | null;
  /** Header values decoded as UTF-8; invalid bytes become U+FFFD. */
  readonly headers: Headers;
  readonly value: Buffer | null;
  /** Milliseconds since 1970, by the clock of the broker or the producer. */
  readonly timestamp?: number;
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** The offsets covered by a batch, from `from` up to and excluding `next`. Offsets without a record are compacted or control records. */
export interface OffsetRange {
  readonly from: number;
  readonly next: number;
}

export interface TopicSpec {
  readonly topic: string;
  readonly partitions: number;
  /** Kafka topic configuration, for example `{ 'retention.ms': '604800000', 'compression.type': 'gzip' }`. */
  readonly config: Readonly<Record<string, string>>;
}

export interface LogSubscription {
  readonly group: string;
  readonly topics: readonly string[];
  /** A rejection causes redelivery of the same records after a bounded back-off. */
  readonly handle: (records: readonly IncomingRecord[], stretch: OffsetRange) => Promise<void>;
  /** Called with the partitions that are newly assigned to this member, before or shortly after their first batch. */
  readonly onAssigned?: (places: readonly TopicPartition[]) => void;
  /** The consumer has stopped for good: the service must report not ready and exit. */
  readonly onCrash: (error: Error) => void;
}

export interface RunningSubscription {
  /** Moves a partition to `offset`; the current batch is not committed. */
  seek(topic: string, partition: number, offset: string): void;
  /** Finishes the current batches, commits and leaves the group. */
  stop(): Promise<void>;
}
