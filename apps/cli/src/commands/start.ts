import { setClock, Unavailable } from '@orderloom/dev-services';
import { parseArgs } from 'node:util';
import { type Furnished, furnish } from '../stack/start-stack.js';
import { House } from '../stack/process-group.js';
import { playBooks, week as weekOf } from '../dataset/replay-dataset.js';
import { say, seconds } from '../output/print.js';
import { showSummary } from '../output/summary.js';
import { tryNext } from '../output/next-steps.js';

/** `start [--bare] [--fresh]`: runs the whole installation on this machine until a signal. */
export async function start(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  await House.live(async (house) => {
    const furnished = await furnish(house, options.fresh);
    const databases = furnished.services.map((service) => service.database);
    if (options.bare) await setClock(databases, 'real');
    const example = options.bare ? undefined : await week(house, furnished);
    tryNext(furnished.urls, example).forEach(say);
  });
  say('Stopped.');
}

function readOptions(args: readonly string[]): { bare: boolean; fresh: boolean } {
  try {
    const options = { bare: { type: 'boolean', default: false }, fresh: { type: 'boolean', default: false } } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new Unavailable(`${(error as Error).message.split('.')[0]}: use npm start -- [--bare] [--fresh].`);
  }
}

async function week(house: House, furnished: Furnished) {
  const began = Date.now();
  say('\nReplaying a week of sales data:');
  await playBooks(house, furnished, weekOf(furnished.around.dir));
  say(`  done in ${seconds(Date.now() - began)}`);
  return (await showSummary(furnished.urls.console, await furnished.keys.sign('analyst', 'start')))?.example;
}
