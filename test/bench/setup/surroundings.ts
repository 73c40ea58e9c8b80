import pg from 'pg';

/** Environment of the measures. */
export interface Surroundings {
  /** A database of this name, made anew, on a Postgres that keeps what it commits. */
  readonly database: (name: string) => Promise<string>;
  readonly brokers: readonly string[];
  /** Number of measured rounds per side, without the warm-up. */
  readonly rounds: number;
  /** Of the usual amount of work: 1, or less with `--quick`. */
  readonly share: number;
  /** Seconds that starts on Kafka with new data have taken in this run. */
  readonly starts: number[];
}

/** A pool of plain node-pg. It says that it ended before its connections have, which a server that is stopped then tells it. */
export function barePool(connectionString: string, max: number): pg.Pool {
  const pool = new pg.Pool({ connectionString, max });
  pool.on('error', () => undefined);
  return pool;
}
