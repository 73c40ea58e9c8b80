import type { IHeaders } from 'kafkajs';

export interface OutgoingRecord {
  readonly topic: string;
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string | Buffer>>;
  readonly value: string | Buffer | null;
  /** Compressed where the log supports it. */
  readonly gzip?: boolean;
}

export interface ReceivedRecord {
  readonly partition: number;
  readonly key: Buffer | null;
  readonly headers?: IHeaders;
  readonly value: Buffer | null;
  /** Time of writing: milliseconds since 1970. */
  readonly timestamp: number;
}

export type RecordHandler = (topic: string, record: ReceivedRecord) => void;

/** The log as an external system uses it. */
export interface LogTransport {
  send(records: readonly OutgoingRecord[]): Promise<void>;
  /** Passes every record of all Orderloom topics from now on to `handle`. */
  listen(handle: RecordHandler): Promise<void>;
  close(): Promise<void>;
}
