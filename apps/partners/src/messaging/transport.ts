import type { IHeaders } from 'kafkajs';

/** A record on the log. */
export interface LogRecord {
  readonly key: Buffer | null;
  readonly headers?: IHeaders;
  readonly value: Buffer | null;
  /** Timestamp if the log provides it: in Kafka milliseconds since 1970, in Postgres a date. */
  readonly timestamp?: string;
  readonly written_at?: Date;
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

export interface OutgoingRecord {
  readonly topic: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
}

/** Offsets by `topic/partition`. */
export type EndOffsets = Readonly<Record<string, number>>;

export interface SubscribeOptions {
  /** Consumer group for commits; without one, everything is consumed from the beginning. */
  readonly group?: string;
  readonly topics: readonly string[];
  readonly onRecord: (record: LogRecord, at: TopicPartition) => void;
}

/** Transport between partners and Orderloom: Kafka, or the SQL functions of the log in Postgres (`deploy/contracts/embedded.md`). */
export interface Transport {
  /** Resolves once all records are acknowledged; records with the same key keep their order. */
  send(records: readonly OutgoingRecord[]): Promise<void>;
  topics(): Promise<ReadonlySet<string>>;
  /** Offsets behind the records sent, by `topic/partition`, if the log provides them. */
  readonly produced: EndOffsets;
  /** Consumes until `close`. Resolves to a function that commits `places`, the next offset of each partition. */
  subscribe(options: SubscribeOptions): Promise<(places: readonly TopicPartition[]) => Promise<void>>;
  close(): Promise<void>;
}
