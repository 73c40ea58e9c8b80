import { topics } from '@orderloom/contracts';
import { baseConfig, logConfig, migrateKeyRing, openLog, readConfig, runSubcommands } from '@orderloom/platform';
import { migrate } from './database/database.js';
import { serve } from './serve.js';

await runSubcommands('console', process.argv.slice(2), {
  migrate: {
    description: 'Migrates the database and the key ring, and creates the topics.',
    run: async () => {
      const config = readConfig(logConfig);
      await migrate(config.DATABASE_URL);
      await migrateKeyRing();
      const messages = openLog(config, 'orderloom.console.migrate');
      try {
        await messages.ensureTopics(topics);
      } finally {
        await messages.close();
      }
    },
  },
  serve: { description: 'Serves HTTP and consumes until a signal.', run: () => serve(readConfig(baseConfig)) },
});
