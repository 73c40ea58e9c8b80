import { findOrStartKafka, findOrStartPostgres } from '@orderloom/dev-services';
import { EmbeddedLog } from '@orderloom/messaging';
import { resolve } from 'node:path';
import { House } from '../stack/process-group.js';
import { occupy } from '../stack/run-file.js';
import { say } from '../output/print.js';

/** `dev-services`: runs a Postgres and a Kafka for tests until a signal, so that test runs need not start their own. */
export const devServices = (): Promise<void> =>
  House.live(async (house) => {
    const dir = resolve('.orderloom/dev-services');
    await house.own(Promise.resolve(occupy(dir)));
    const starting = house.own(findOrStartPostgres({ dir, durable: false }));
    const [postgres, kafka] = await Promise.all([starting, house.own(findOrStartKafka({ dir, postgres: starting }))]);
    say(`export TEST_DATABASE_URL=${postgres.url}`);
    if (kafka.url) {
      const log = new EmbeddedLog({ url: kafka.url, clientId: 'dev-services' });
      await log.ensureTopics([]);
      await log.close();
    }
    say(`# ${postgres.about}; ${kafka.about}`);
    say(kafka.url ? `export TEST_LOG_URL=${kafka.url}` : `export TEST_KAFKA_BROKERS=${kafka.brokers.join(',')}`);
  });
