import type { Socket } from 'node:net';
import pg from 'pg';
import { DataSource, type MigrationInterface } from 'typeorm';
import { eventSourcingMigrations } from './migrations.js';
import type { OnClockJump } from '../recording/recorded-at.js';
import { isConnectionError, isOutOfResources } from './sql.js';
import { StoreUnavailable } from '../store.js';

export interface PostgresOptions {
  readonly url: string;
  /** Connections at most; 10 unless said. One more listens. */
  readonly poolSize?: number;
  readonly applicationName?: string;
  /** The service's own migrations, run after the store's. */
  readonly migrations?: readonly MigrationClass[];
  readonly onClockJump?: OnClockJump;
}

export type MigrationClass = new () => MigrationInterface;

/** A TypeORM data source for connection and migrations; the pool beneath it is for plain SQL. */
export async function openDataSource(options: PostgresOptions): Promise<{ dataSource: DataSource; pool: pg.Pool }> {
  const dataSource = new DataSource({
    type: 'postgres',
    url: options.url,
    applicationName: options.applicationName ?? 'orderloom',
    poolSize: Math.max(2, options.poolSize ?? 10),
    migrations: [...eventSourcingMigrations, ...(options.migrations ?? [])],
    extra: {
      types: { getTypeParser: textTimes },
      // a plan that was made while a table was small must not read it whole once it is large: all that is asked here has an index
      // and one that is made anew for each of its values costs more than it runs
      options: '-c timezone=UTC -c datestyle=ISO -c enable_seqscan=off -c jit=off -c plan_cache_mode=force_generic_plan',
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      // statements that need not wait for one another's answers share a round trip
      pipeline: true,
      // a forgotten transaction would hold back every reader (decision 2)
      idle_in_transaction_session_timeout: 30_000,
    },
  });
  await dataSource.initialize().catch((error: unknown) => unavailable(error));
  return { dataSource, pool: poolOf(dataSource) };
}

/** The connections of a data source, for plain SQL. */
export const poolOf = (dataSource: DataSource): pg.Pool => (dataSource.driver as unknown as { master: pg.Pool }).master;

/** Runs `work` on a connection of its own; one that broke is thrown away. */
export async function withClient<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => unavailable(error));
  let broken: Error | undefined;
  const onError = (error: Error): void => void (broken = error);
  client.on('error', onError);
  try {
    return await work(client);
  } catch (error) {
    if (isConnectionError(error)) broken = error as Error;
    return unavailable(error);
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

/** Sends what `send` says on the connection in one piece: each write of its own wakes the server, which costs more than many a statement. */
export function atOnce<T>(client: pg.PoolClient, send: () => T): T {
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
  stream.cork();
  try {
    return send();
  } finally {
    stream.uncork();
  }
}

/** What is sent in one piece, when all of it was answered; the first rejection once all have ended. */
export async function together<T extends readonly Promise<unknown>[]>(
  client: pg.PoolClient,
  send: () => T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const ended = await Promise.allSettled(atOnce(client, send));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
  return ended.map((one) => (one as PromiseFulfilledResult<unknown>).value) as { -readonly [K in keyof T]: Awaited<T[K]> };
}

/** The server's process that serves `client`. */
export const processOf = (client: pg.PoolClient): number => (client as unknown as { processID: number }).processID;

/** Throws `error`, as `StoreUnavailable` where nobody's input is at fault. */
export function unavailable(error: unknown): never {
  throw isConnectionError(error) || isOutOfResources(error) ? new StoreUnavailable(error) : error;
}

// JavaScript's dates would cut the microseconds
const timestamptz: number = pg.types.builtins.TIMESTAMPTZ;
const parserOf = pg.types.getTypeParser as (oid: number, format?: 'text') => unknown;
const textTimes = (oid: number, format?: 'text'): unknown => (oid === timestamptz ? (text: string) => text : parserOf(oid, format));
