import { topics } from '@orderloom/contracts';
import { KafkaLog } from '@orderloom/messaging';
import { baseConfig, readConfig } from '@orderloom/platform';
import { migrate } from './database.js';
import { serve } from './serve.js';

try {
  const config = readConfig(baseConfig);
  if (process.argv[2] === 'migrate') {
    await migrate(config.DATABASE_URL);
    const kafka = new KafkaLog({ brokers: config.KAFKA_BROKERS, clientId: 'orderloom.console.migrate' });
    try {
      await kafka.ensureTopics(topics);
    } finally {
      await kafka.close();
    }
  } else await serve(config);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
