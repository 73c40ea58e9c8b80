import { json } from 'node:stream/consumers';
import { type DynamicModule, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { setMainStorefront, topics } from '@orderloom/contracts';
import type { Consumer, EventStore, Retries } from '@orderloom/event-sourcing';
import type { Instant } from '@orderloom/kernel';
import { describeStatechart, type FlowRuntime, mermaid } from '@orderloom/flows';
import { tokenRules } from '../auth/config-auth.js';
import { baseConfig, type BaseConfig, readConfig } from '../config/config.js';
import { drainOnSignals, exitOnUncaughtError } from './drain.js';
import { HealthRegistry } from '../health/health.js';
import { createHttp } from '../http/http.js';
import { EVENT_STORE } from '../http/commands/idempotency.js';
import { migrateKeyRing, openKeyRing } from '../privacy/key-ring-config.js';
import { logConfig, maintenanceCommands, openStore } from '../maintenance/maintenance-commands.js';
import { createLog, logFunction } from '../observability/logger.js';
import { registerMetrics, measureCommands } from '../observability/metrics.js';
import { checkReadiness } from '../health/service-health.js';
import { calendarWatch } from '../observability/calendar-watch.js';
import { serviceMeasures } from '../observability/service-metrics.js';
import { Registry } from 'prom-client';
import { currentSamples, type StoredSample, whyUnreadable } from '../maintenance/event-samples.js';
import { openLog } from '../config/open-log.js';
import { divergenceOf } from '../maintenance/divergence.js';
import { secretsOf } from '../observability/secrets.js';
import { startTracing } from '../tracing/tracing.js';
import { runSubcommands } from './run-subcommands.js';
import { Sealing, SEALING } from '../privacy/sealing.js';
import { FlowsController, ParkedController, OperatorActionsController } from '../operations/operations.controllers.js';
import { TasksController } from '../operations/tasks.controller.js';
import { RecountsController } from '../operations/recounts.js';
import { FLOW_RUNTIME } from '../operations/answer-task.js';
import { CONSUMER, operationHandlers, RETRIES } from '../operations/operations.js';
import type { ServiceDefinition } from './service-definition.js';
import { buildService } from './build-service.js';

/** Main function of every service. `names`: its subcommands, such as `migrate` and `serve`. */
export async function runService(definition: ServiceDefinition, names: readonly string[] = process.argv.slice(2)): Promise<void> {
  await runSubcommands(definition.name, names, {
    migrate: { description: 'Migrates the database and the key ring, and creates the topics.', run: () => migrate(definition) },
    serve: { description: 'Serves HTTP, consumes and publishes until a signal.', run: () => serve(definition, readConfig(baseConfig)) },
    charts: { description: 'Prints the charts of its flows as JSON.', run: async () => printCharts(definition) },
    'event-samples': {
      description: 'Prints samples of its stored events, and which of those on standard input it cannot read.',
      run: async () => printEventSamples(definition),
    },
    ...maintenanceCommands(definition),
  });
}

function printCharts({ flows }: ServiceDefinition): void {
  const charts = flows.map((flow) => ({
    flow: flow.id,
    version: flow.version,
    title: `${flow.id.charAt(0).toUpperCase()}${flow.id.slice(1).replaceAll('-', ' ')}`,
    mermaid: mermaid(describeStatechart(flow)),
    chart: describeStatechart(flow),
  }));
  console.log(JSON.stringify(charts));
}

/** Prints samples of the events stored today, and the reason for each sample on standard input (by path) that can no longer be read. */
async function printEventSamples(definition: ServiceDefinition): Promise<void> {
  const kept = Object.entries((await json(process.stdin)) as Record<string, StoredSample>);
  const unread = Object.fromEntries(kept.flatMap(([path, stored]) => [[path, whyUnreadable(definition, stored)]]));
  console.log(JSON.stringify({ samples: currentSamples(definition), unread }));
}

async function migrate(definition: ServiceDefinition): Promise<void> {
  const config = readConfig(logConfig);
  const store = await openStore(definition, config);
  try {
    await store.migrate();
  } finally {
    await store.close();
  }
  await migrateKeyRing();
  const log = openLog(config, `orderloom.${definition.name}.migrate`);
  try {
    await log.ensureTopics(topics);
  } finally {
    await log.close();
  }
}

async function serve(definition: ServiceDefinition, config: BaseConfig): Promise<void> {
  const { name } = definition;
  setMainStorefront(config.MAIN_STOREFRONT);
  const log = createLog(name, config.LOG_LEVEL, { known: secretsOf(config) });
  exitOnUncaughtError(log);
  const tracing = await startTracing(name, log);
  const store = await openStore(definition, config, (jump) => log.warn(jump, 'a cause is too far ahead of the own clock'));
  const messages = openLog(config, `orderloom.${name}`, logFunction(log));
  const unknown = await divergenceOf(definition, store, messages);
  if (unknown) {
    log.fatal(unknown, 'diverged: the store was restored to before what its topics know; see deploy/restore.md');
    process.exit(1);
  }
  const ring = openKeyRing();
  const sealing = new Sealing(ring);
  const { runtime, settings, subscriptions, consumer, relay, deadlines, recounts, retries, rejectionBudget } = buildService(definition, {
    store,
    log: messages,
    sealing,
    logger: log,
    complain: (error) => log.error({ err: error }, 'trying again'),
  });
  const calendars = (now: Instant) => settings.calendars(now);
  const watchCalendars = calendarWatch({
    now: () => store.now(),
    calendars,
    warn: (calendar) =>
      log.warn(calendar, 'the calendar ends soon: add the next year to the settings (calendars) as soon as it is published'),
  });
  await watchCalendars();

  const metrics = new Registry();
  const topicsHeard = [...new Set(subscriptions.map(({ topic }) => topic))];
  registerMetrics(
    metrics,
    serviceMeasures({
      store,
      log: messages,
      group: `orderloom.${name}`,
      topics: topicsHeard,
      calendars,
      retries,
      consumer,
      rejectionBudget,
    }),
  );
  measureCommands(metrics);
  const app = await createHttp(serviceModule(definition, { store, runtime, consumer, retries, sealing }), {
    info: { title: `Orderloom ${name}`, version: '0.1.0', description: definition.description },
    tokens: tokenRules(config),
    log,
    sealing,
    metrics,
  });
  let draining = false;
  const health = app.get(HealthRegistry, { strict: false });
  checkReadiness(health, { store, ring, consumer, relay, draining: () => draining });
  health.add('calendars', watchCalendars);
  health.addWorker(() => ({ ...relay.work(), produced: messages.produced() }));
  health.addWorker(() => ({ ...consumer.work(), hears: topicsHeard, handled: consumer.handled() }));

  drainOnSignals(async () => {
    draining = true;
    await app.close();
    await consumer.stop();
    await rejectionBudget.stop();
    await recounts?.stop();
    await deadlines.stop();
    await relay.stop();
    await messages.close();
    await store.close();
    await ring.close();
    await tracing.stop();
  }, log);
  relay.start();
  deadlines.start();
  recounts?.start();
  await app.listen(config.PORT, config.HOST);
  await consumer.start((error) => {
    log.fatal({ err: error }, 'the log can be read no longer');
    process.exit(1);
  });
  log.info({ url: await app.getUrl() }, 'ready');
}

@Module({})
class ServiceModule {}

/** The HTTP module of a service. */
export function serviceModule(
  definition: ServiceDefinition,
  parts: {
    store: EventStore;
    runtime: FlowRuntime;
    consumer: Pick<Consumer, 'parked' | 'parkedRecord' | 'redrive' | 'dismiss'>;
    retries: Pick<Retries, 'list'>;
    sealing: Sealing;
  },
): DynamicModule {
  return {
    module: ServiceModule,
    imports: [CqrsModule.forRoot()],
    controllers: [
      ...definition.controllers,
      TasksController,
      FlowsController,
      ParkedController,
      OperatorActionsController,
      RecountsController,
    ],
    providers: [
      { provide: EVENT_STORE, useValue: parts.store },
      { provide: FLOW_RUNTIME, useValue: parts.runtime },
      { provide: CONSUMER, useValue: parts.consumer },
      { provide: RETRIES, useValue: parts.retries },
      { provide: SEALING, useValue: parts.sealing },
      ...operationHandlers,
      ...definition.providers,
    ],
  };
}
