import { findOrStartKafka, findOrStartPostgres, readArguments } from '@orderloom/dev-services';
import { EmbeddedLog } from '@orderloom/messaging';
import { resolve } from 'node:path';
import { ProcessGroup } from '../stack/process-group.js';
import { acquireRunLock } from '../stack/run-file.js';
import { print } from '../output/print.js';

/** `dev-services`: runs a Postgres and a Kafka for tests until a signal, so that test runs need not start their own. */
export const devServices = (args: readonly string[]): Promise<void> => {
  readArguments(args, { usage: 'npm run dev-services' });
  return ProcessGroup.runUntilSignal(async (group) => {
    const dir = resolve('.orderloom/dev-services');
    await group.track(Promise.resolve(acquireRunLock(dir)));
    const starting = group.track(findOrStartPostgres({ dir, durable: false }));
    const [postgres, kafka] = await Promise.all([starting, group.track(findOrStartKafka({ dir, postgres: starting }))]);
    print(`export TEST_DATABASE_URL=${postgres.url}`);
    if (kafka.url) {
      const log = new EmbeddedLog({ url: kafka.url, clientId: 'dev-services' });
      await log.ensureTopics([]);
      await log.close();
    }
    print(`# ${postgres.about}; ${kafka.about}`);
    print(kafka.url ? `export TEST_LOG_URL=${kafka.url}` : `export TEST_KAFKA_BROKERS=${kafka.brokers.join(',')}`);
  });
};
