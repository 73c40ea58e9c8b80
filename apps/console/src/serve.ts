import { setMainStorefront, settingsTopic, topics } from '@orderloom/contracts';
import {
  type BaseConfig,
  createHttp,
  createLog,
  drainOnSignals,
  HealthRegistry,
  logFunction,
  exitOnUncaughtError,
  openKeyRing,
  openLog,
  Sealing,
  secretsOf,
  startTracing,
  tokenRules,
} from '@orderloom/platform';
import { ConsoleModule } from './console.module.js';
import { openDatabase } from './database/database.js';
import { Ingest } from './ingest/ingest.js';
import { reindex } from './database/reindex.js';

const group = 'orderloom.console';

/** Consumes every topic and serves HTTP until a signal ends the process. */
export async function serve(config: BaseConfig): Promise<void> {
  setMainStorefront(config.MAIN_STOREFRONT);
  const log = createLog('console', config.LOG_LEVEL, { known: secretsOf(config) });
  exitOnUncaughtError(log);
  const tracing = await startTracing('console', log);
  const database = await openDatabase(config.DATABASE_URL);
  const ring = openKeyRing();
  const sealing = new Sealing(ring);
  const messages = openLog(config, group, logFunction(log));
  const app = await createHttp(ConsoleModule.over(database, sealing), {
    info: { title: 'Orderloom console', version: '0.1.0' },
    tokens: tokenRules(config),
    log,
    sealing,
  });

  let reads = false;
  const health = app.get(HealthRegistry, { strict: false });
  health.add('database', () => database.query('select 1').then(() => ({ ok: true })));
  health.add('key ring', () => ring.check().then(() => ({ ok: true })));
  health.add('log', async () => ({ ok: reads }));

  drainOnSignals(async () => {
    reads = false;
    await messages.close();
    await app.close();
    await database.destroy();
    await ring.close();
    await tracing.stop();
  }, log);
  await app.listen(config.PORT, config.HOST);

  const ingest = new Ingest(database, sealing);
  await messages.subscribe({
    group,
    // settings concern no order
    topics: topics.map(({ topic }) => topic).filter((topic) => topic !== settingsTopic),
    handle: (records) => ingest.handle(records),
    onCrash: (error) => {
      reads = false;
      log.fatal({ err: error }, 'the log can be read no longer');
      process.exit(1);
    },
  });
  reads = true;
  reindex(database, sealing).then(
    (orders) => orders > 0 && log.info({ orders }, 'the customers of known orders were indexed'),
    (error: unknown) => log.error({ err: error }, 'the customers of known orders are not all indexed: the next start goes on'),
  );
  log.info({ url: await app.getUrl() }, 'the console is ready');
}
