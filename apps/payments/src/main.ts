import { runSubcommands } from '@orderloom/platform';
import { serve } from './serve.js';

await runSubcommands('payments', process.argv.slice(2), {
  serve: { description: 'Pays refunds by the configured providers and serves their webhooks until a signal.', run: serve },
});
