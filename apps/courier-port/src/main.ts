import { runSubcommands } from '@orderloom/platform';
import { readPortConfig } from './config.js';
import { serve } from './serve.js';

await runSubcommands('courier-port', process.argv.slice(2), {
  serve: { description: 'Takes webhooks and reads the drop folder until a signal.', run: () => serve(readPortConfig()) },
});
