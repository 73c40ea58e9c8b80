import { Module } from '@nestjs/common';
import { setMainStorefront, tasksTopicOf } from '@orderloom/contracts';
import {
  createHttp,
  createLog,
  drainOnSignals,
  exitOnUncaughtError,
  HealthRegistry,
  logFunction,
  openLog,
  readConfig,
  secretsOf,
  startTracing,
  tokenRules,
} from '@orderloom/platform';
import { paymentsConfig, readProviders } from './config.js';
import { RefundTasks } from './refund-tasks.js';
import { webhooks } from './webhooks.js';

const group = 'orderloom.payments';

@Module({})
class PaymentsModule {}

/** Pays refunds by the configured providers and serves their webhooks until a signal. */
export async function serve(): Promise<void> {
  const config = readConfig(paymentsConfig);
  setMainStorefront(config.MAIN_STOREFRONT);
  const { routes, byName: providers, secrets } = readProviders(config.PAYMENT_PROVIDERS_FILE);
  const log = createLog('payments', config.LOG_LEVEL, { known: [...secretsOf(config), ...secrets] });
  exitOnUncaughtError(log);
  const tracing = await startTracing('payments', log);
  const messages = openLog(config, group, logFunction(log));
  const app = await createHttp(PaymentsModule, {
    info: { title: 'Orderloom payments', version: '0.1.0' },
    tokens: tokenRules(config),
    log,
  });
  const tasks = new RefundTasks({ log: messages, routes, providers, logger: log });
  await webhooks(app.getHttpAdapter().getInstance(), providers, tasks, log);
  let reads = false;
  app.get(HealthRegistry, { strict: false }).add('log', async () => ({ ok: reads }));
  drainOnSignals(async () => {
    reads = false;
    await app.close();
    await messages.close();
    await tracing.stop();
  }, log);
  await app.listen(config.PORT, config.HOST);
  await messages.subscribe({
    group,
    topics: [tasksTopicOf('payments')],
    handle: (records) => tasks.handle(records),
    onCrash: (error) => {
      reads = false;
      log.fatal({ err: error }, 'the log can be read no longer');
      process.exit(1);
    },
  });
  reads = true;
  log.info({ url: await app.getUrl(), providers: [...providers.keys()] }, 'ready');
}
