import type { Socket } from 'node:net';
import pg from 'pg';
import { DataSource, type MigrationInterface } from 'typeorm';
import { eventSourcingMigrations } from './migrations.js';
import type { OnCauseFromFuture } from '../store/recording/hybrid-logical-clock.js';
import { isConnectionError, isOutOfResources } from './sql.js';
import { StoreUnavailable } from '../store/store.js';

export interface PostgresOptions {
  readonly url: string;
  /** Maximum number of connections, 10 by default. The listener uses one more. */
  readonly poolSize?: number;
  readonly applicationName?: string;
  /** Migrations of the service; they run after those of the event store. */
  readonly migrations?: readonly MigrationClass[];
  readonly onClockJump?: OnCauseFromFuture;
}

export type MigrationClass = new () => MigrationInterface;

/** Opens a TypeORM data source for connections and migrations; `pool` is the pool beneath it, for plain SQL. Throws `StoreUnavailable`. */
export async function openDataSource(options: PostgresOptions): Promise<{ dataSource: DataSource; pool: pg.Pool }> {
  const dataSource = new DataSource({
    type: 'postgres',
    url: options.url,
    applicationName: options.applicationName ?? 'orderloom',
    poolSize: Math.max(2, options.poolSize ?? 10),
    migrations: [...eventSourcingMigrations, ...(options.migrations ?? [])],
    extra: {
      types: { getTypeParser: textTimes },
      // Generic plans save planning time. A plan made while a table was small must not scan it once it is large, and every query here has
      // an index.
      options: '-c timezone=UTC -c datestyle=ISO -c enable_seqscan=off -c jit=off -c plan_cache_mode=force_generic_plan',
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      // Sends independent statements in one round trip.
      pipeline: true,
      // A forgotten open transaction would block every reader (decision record: global order).
      idle_in_transaction_session_timeout: 30_000,
    },
  });
  await dataSource.initialize().catch((error: unknown) => unavailable(error));
  return { dataSource, pool: poolOf(dataSource) };
}

/** The connection pool of a data source, for plain SQL. */
export const poolOf = (dataSource: DataSource): pg.Pool => (dataSource.driver as unknown as { master: pg.Pool }).master;

/** Runs `work` on a connection of the pool and discards the connection if it broke. Throws `StoreUnavailable`. */
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

/** Sends the statements of `send` in one packet. Every separate write wakes the server, which costs more than many statements do. */
export function corked<T>(client: pg.PoolClient, send: () => T): T {
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
  stream.cork();
  try {
    return send();
  } finally {
    stream.uncork();
  }
}

/** Sends the statements of `send` in one packet and resolves to all results. Rejects with the first rejection after all have settled. */
export async function allSettledInOneWrite<T extends readonly Promise<unknown>[]>(
  client: pg.PoolClient,
  send: () => T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const ended = await Promise.allSettled(corked(client, send));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
  return ended.map((one) => (one as PromiseFulfilledResult<unknown>).value) as { -readonly [K in keyof T]: Awaited<T[K]> };
}

/** Process id of the server backend that serves `client`. */
export const backendPid = (client: pg.PoolClient): number => (client as unknown as { processID: number }).processID;

/** Throws `error`, wrapped in `StoreUnavailable` if the connection or the server's resources failed. */
export function unavailable(error: unknown): never {
  throw isConnectionError(error) || isOutOfResources(error) ? new StoreUnavailable(error) : error;
}

// JavaScript dates would truncate microseconds.
const timestamptz: number = pg.types.builtins.TIMESTAMPTZ;
const parserOf = pg.types.getTypeParser as (oid: number, format?: 'text') => unknown;
const textTimes = (oid: number, format?: 'text'): unknown => (oid === timestamptz ? (text: string) => text : parserOf(oid, format));
