/** The log port: topics of records in partitions. Kafka (by kafkajs) and an in-memory twin pass one contract suite. */
export interface Log {
  /** What it is, as traces name it (`messaging.system`). */
  readonly system: string;
  /** Resolves once every record is acknowledged by all in-sync replicas; records of one key keep their order. */
  publish(records: readonly OutgoingRecord[]): Promise<void>;
  /** Creates what is missing, adds partitions, and sets the configuration of what is there. */
  ensureTopics(topics: readonly TopicSpec[]): Promise<void>;
  /**
   * Joins `group`. `handle` gets records of one partition in offset order; its offsets are committed once it has resolved, unless the
   * group is past them already: what a group has committed never goes back.
   */
  subscribe(subscription: LogSubscription): Promise<RunningSubscription>;
  /** Records not yet committed by `group`, summed over partitions, by topic. */
  lag(group: string, topics: readonly string[]): Promise<Record<string, number>>;
  /** Where the partitions of `topics` begin, after what retention took, and end. */
  bounds(topics: readonly string[]): Promise<Bounds>;
  /** How far the log is at least, as the answers to `publish` said: an offset that is behind a record published here, by `topic/partition`. */
  produced(): Ends;
  close(): Promise<void>;
}

/** Offsets by `topic/partition`. */
export type Ends = Readonly<Record<string, number>>;

/** By `topic/partition`: the offset of the first record that is still there, and the one that the next record gets. */
export type Bounds = Readonly<Record<string, { readonly first: number; readonly next: number }>>;

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
  /** Header values decoded as UTF-8 (invalid bytes become U+FFFD). */
  readonly headers: Headers;
  readonly value: Buffer | null;
  /** When it was written, by the log's or the writer's clock: milliseconds since 1970. */
  readonly timestamp?: number;
}

export interface Place {
  readonly topic: string;
  readonly partition: number;
}

/** The offsets that a batch stands for: from `from` on, before `next`, there is nothing else that anybody could see. */
export interface Stretch {
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
  /** A rejection makes the same records come again, after a bounded back-off. */
  readonly handle: (records: readonly IncomingRecord[], stretch: Stretch) => Promise<void>;
  /** Told which partitions this member has now, whenever that may have changed; before any batch of them, or soon after. */
  readonly onAssigned?: (places: readonly Place[]) => void;
  /** The client is gone for good: readiness must fail and the process end. */
  readonly onCrash: (error: Error) => void;
}

export interface RunningSubscription {
  /** Continues a topic's partition at `offset`; of a batch in hand nothing is committed. */
  seek(topic: string, partition: number, offset: string): void;
  /** Finishes the batch in hand, commits, leaves the group. */
  stop(): Promise<void>;
}
