import { readArguments, Unavailable } from '@orderloom/dev-services';
import { statSync } from 'node:fs';
import { startStack } from '../stack/start-stack.js';
import { ProcessGroup } from '../stack/process-group.js';
import { datasetOf } from '../dataset/dataset.js';
import { type ReplayResult, replayDataset } from '../dataset/replay-dataset.js';
import { print, table } from '../output/print.js';
import { showSummary } from '../output/summary.js';

const usage = 'npm run feed -- FILE (a sales data set, .csv or .csv.gz), with --fresh to delete earlier data';

/** `feed FILE [--fresh]`: replays a sales data set through all services, continuing where an earlier feed of the same data stopped. */
export async function feed(args: readonly string[]): Promise<void> {
  const { path, fresh } = fileOf(args);
  let played: ReplayResult | undefined;
  await ProcessGroup.runToCompletion(async (group) => {
    const stack = await startStack(group, fresh);
    print(`\nReplaying ${path} (Ctrl-C stops; the same command continues):`);
    played = await replayDataset(group, stack, datasetOf(stack.environment.dir, path));
    feedLines(played).forEach(print);
    await showSummary(stack.urls.console, await stack.keys.sign('analyst', 'feed'));
  });
  print(
    played
      ? '\nDone. npm start -- --bare starts the services with these data.'
      : 'Stopped before the end: the same command continues from here.',
  );
}

function fileOf(args: readonly string[]): { path: string; fresh: boolean } {
  const { positionals, values } = readArguments(args, { usage, positionals: 1, options: { fresh: { type: 'boolean', default: false } } });
  const [path] = positionals;
  if (path === undefined) throw new Unavailable(`Expected one file: use ${usage}.`);
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw new Unavailable(`${path} is not a readable file: use ${usage}.`);
  return { path, fresh: values.fresh };
}

/** Result of the feed, as lines of text. */
export function feedLines({ invoices, orders, seconds, openCount, refused, earlier }: ReplayResult): string[] {
  const lines = Object.entries(refused).sort(([, a], [, b]) => b - a);
  const rate = seconds > 0 ? ` (${(invoices / seconds).toFixed(1)} a second)` : '';
  return [
    earlier ? '  this data set was replayed before: nothing was sent again' : `  ${invoices} invoices in ${seconds.toFixed(1)} s${rate}`,
    ...table([
      ['orders', orders],
      ['not completed', openCount],
      ...lines.map(([reason, count]): [string, number] => [`refused: ${reason}`, count]),
    ]).map((line) => `  ${line}`),
  ];
}
