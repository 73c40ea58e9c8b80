import type { IHeaders } from 'kafkajs';

/** A record as it is on the log. */
export interface LogRecord {
  readonly key: Buffer | null;
  readonly headers?: IHeaders;
  readonly value: Buffer | null;
  /** When it was written, where the log says it: Kafka in milliseconds since 1970, Postgres as a date. */
  readonly timestamp?: string;
  readonly written_at?: Date;
}

export interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

export interface Outgoing {
  readonly topic: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
}

/** Offsets by `topic/partition`. */
export type Ends = Readonly<Record<string, number>>;

export interface Ear {
  /** Commits what was dealt with under this name; without one everything is read from the beginning. */
  readonly group?: string;
  readonly topics: readonly string[];
  readonly take: (record: LogRecord, at: Place) => void;
}

/** The partners' line to Orderloom: Kafka, or where there is none the functions of the log in Postgres (`deploy/contracts/embedded.md`). */
export interface Line {
  /** Resolves once all are acknowledged; records of one key keep their order. */
  send(records: readonly Outgoing[]): Promise<void>;
  topics(): Promise<ReadonlySet<string>>;
  /** Offsets behind what was sent, by `topic/partition`, where the log says them. */
  readonly produced: Ends;
  /** Listens until `close`; what it resolves to commits `places`, the next offset of each partition. */
  listen(ear: Ear): Promise<(places: readonly Place[]) => Promise<void>>;
  close(): Promise<void>;
}
