import { Module } from '@nestjs/common';
import { setMainStorefront } from '@orderloom/contracts';
import {
  createHttp,
  createLog,
  drainOnSignals,
  exitOnUncaughtError,
  HealthRegistry,
  logFunction,
  openLog,
  secretsOf,
  startTracing,
  tokenRules,
  WrongConfiguration,
} from '@orderloom/platform';
import { Registry } from 'prom-client';
import { type PortConfig, webhookSecrets } from './config.js';
import { DropFolder } from './folder/drop-folder.js';
import { Poller } from './folder/poller.js';
import { Intake } from './intake.js';
import { statusTableOf } from './status-table.js';
import { serveAfterShip } from './webhook/webhook.js';

@Module({})
class CourierPortModule {}

/** Serves the webhook and reads the drop folder, as the environment says, until a signal ends the process. */
export async function serve(config: PortConfig): Promise<void> {
  setMainStorefront(config.MAIN_STOREFRONT);
  const secrets = webhookSecrets(config);
  const table = statusTableOf(config.COURIER_STATUSES_FILE);
  const { COURIER_DROP_FOLDER: folder, COURIER_DROP_SYSTEM: system } = config;
  if (folder !== undefined && table.systems[system] === undefined)
    throw new WrongConfiguration(
      `COURIER_DROP_SYSTEM is ${system}, expected a system of the status table: ${Object.keys(table.systems).join(', ')}.`,
    );
  const logger = createLog('courier-port', config.LOG_LEVEL, { known: [...secrets, ...secretsOf(config)] });
  exitOnUncaughtError(logger);
  const tracing = await startTracing('courier-port', logger);
  const log = openLog(config, 'orderloom.courier-port', logFunction(logger));
  const metrics = new Registry();
  const intake = new Intake(log, table, metrics);
  const app = await createHttp(CourierPortModule, {
    info: { title: 'Orderloom courier port', version: '0.1.0', description: 'Takes reports of couriers by webhook and drop folder.' },
    tokens: tokenRules(config),
    log: logger,
    metrics,
  });
  if (secrets.length > 0) await serveAfterShip(app.getHttpAdapter().getInstance(), { intake, secrets, logger });
  const poller =
    folder === undefined
      ? undefined
      : new Poller(new DropFolder({ folder, system, intake, logger }), {
          everyMs: config.COURIER_DROP_SECONDS * 1000,
          onError: (error) => logger.error({ err: error }, 'the drop folder cannot be read; trying again'),
        });
  if (poller) app.get(HealthRegistry, { strict: false }).add('drop folder', async () => poller.health());
  drainOnSignals(async () => {
    await poller?.stop();
    await app.close();
    await log.close();
    await tracing.stop();
  }, logger);
  poller?.start();
  await app.listen(config.PORT, config.HOST);
  logger.info({ url: await app.getUrl(), webhook: secrets.length > 0, folder }, 'ready');
}
