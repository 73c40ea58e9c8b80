import { DataSource } from 'typeorm';
import { consoleMigrations } from './migrations.js';

/** The console's own database, connected. */
export const openDatabase = (url: string): Promise<DataSource> =>
  new DataSource({
    type: 'postgres',
    url,
    applicationName: 'orderloom-console',
    poolSize: 5,
    migrations: consoleMigrations,
    // independent statements share a round trip
    extra: { options: '-c timezone=UTC', connectionTimeoutMillis: 10_000, keepAlive: true, pipeline: true },
  }).initialize();

/** Migrates the database at `url`. */
export async function migrate(url: string): Promise<void> {
  const database = await openDatabase(url);
  try {
    await database.runMigrations({ transaction: 'all' });
  } finally {
    await database.destroy();
  }
}
