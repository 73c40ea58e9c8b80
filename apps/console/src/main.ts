import { topics } from '@orderloom/contracts';
import { baseConfig, migrateKeyRing, openLog, readConfig, runSubcommands } from '@orderloom/platform';
import { migrate } from './database/database.js';
import { serve } from './serve.js';

await runSubcommands('console', process.argv.slice(2), {
  migrate: async () => {
    const config = readConfig(baseConfig);
    await migrate(config.DATABASE_URL);
    await migrateKeyRing();
    const messages = openLog(config, 'orderloom.console.migrate');
    try {
      await messages.ensureTopics(topics);
    } finally {
      await messages.close();
    }
  },
  serve: () => serve(readConfig(baseConfig)),
});
