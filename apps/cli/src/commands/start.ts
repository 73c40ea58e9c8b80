import { readArguments, setClock } from '@orderloom/dev-services';
import { type RunningStack, startStack } from '../stack/start-stack.js';
import { ProcessGroup } from '../stack/process-group.js';
import { week as weekOf } from '../dataset/dataset.js';
import { replayDataset } from '../dataset/replay-dataset.js';
import { print, seconds } from '../output/print.js';
import { showSummary } from '../output/summary.js';
import { nextSteps } from '../output/next-steps.js';
import { applySample } from '../settings/apply-sample.js';

/** `start [--bare] [--fresh]`: runs the whole installation on this machine until a signal. */
export async function start(args: readonly string[]): Promise<void> {
  const { values: options } = readArguments(args, { usage, options: flags });
  await ProcessGroup.runUntilSignal(async (group) => {
    const stack = await startStack(group, options.fresh);
    const databases = stack.services.map((service) => service.database);
    if (options.bare) await setClock(databases, 'real');
    const example = options.bare ? undefined : await week(group, stack);
    nextSteps(stack.urls, example).forEach(print);
  });
  print('Stopped.');
}

const usage = 'npm start -- [--bare] [--fresh]';
const flags = { bare: { type: 'boolean', default: false }, fresh: { type: 'boolean', default: false } } as const;

async function week(group: ProcessGroup, stack: RunningStack) {
  const began = Date.now();
  print(`\nStorefronts: ${(await applySample(stack)).join(', ')} (npm run -s cli -- settings show)`);
  print('Replaying a week of sales data:');
  await replayDataset(group, stack, weekOf(stack.environment.dir));
  print(`  done in ${seconds(Date.now() - began)}`);
  return (await showSummary(stack.urls.console, await stack.keys.sign('analyst', 'start')))?.example;
}
