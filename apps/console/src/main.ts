import { topics } from '@orderloom/contracts';
import { KafkaLog } from '@orderloom/messaging';
import { baseConfig, kafkaConnection, readConfig, runWords } from '@orderloom/platform';
import { migrate } from './database.js';
import { serve } from './serve.js';

await runWords('console', process.argv.slice(2), {
  migrate: async () => {
    const config = readConfig(baseConfig);
    await migrate(config.DATABASE_URL);
    const kafka = new KafkaLog({ ...kafkaConnection(config), clientId: 'orderloom.console.migrate' });
    try {
      await kafka.ensureTopics(topics);
    } finally {
      await kafka.close();
    }
  },
  serve: () => serve(readConfig(baseConfig)),
});
