import type { IHeaders } from 'kafkajs';

export interface Sent {
  readonly topic: string;
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string | Buffer>>;
  readonly value: string | Buffer | null;
  /** Compressed where the log knows that. */
  readonly gzip?: boolean;
}

export interface Taken {
  readonly partition: number;
  readonly key: Buffer | null;
  readonly headers?: IHeaders;
  readonly value: Buffer | null;
  /** When it was written: milliseconds since 1970. */
  readonly timestamp: number;
}

export type Ear = (topic: string, record: Taken) => void;

/** The log as a stranger uses it. */
export interface LogLine {
  send(records: readonly Sent[]): Promise<void>;
  /** Hears every record of every topic of ours from now on. */
  listen(hear: Ear): Promise<void>;
  close(): Promise<void>;
}
