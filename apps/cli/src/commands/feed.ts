import { Unavailable } from '@orderloom/dev-services';
import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startStack } from '../stack/start-stack.js';
import { ProcessGroup } from '../stack/process-group.js';
import { datasetOf } from '../dataset/dataset.js';
import { type ReplayResult, replayDataset } from '../dataset/replay-dataset.js';
import { print, table } from '../output/print.js';
import { showSummary } from '../output/summary.js';

const usage = 'use npm run feed -- FILE (a sales data set, .csv or .csv.gz), with --fresh to delete earlier data';

/** `feed FILE [--fresh]`: replays a sales data set through all services, continuing where an earlier feed of the same data stopped. */
export async function feed(args: readonly string[]): Promise<void> {
  const { path, fresh } = readArguments(args);
  let played: ReplayResult | undefined;
  await ProcessGroup.runToCompletion(async (house) => {
    const furnished = await startStack(house, fresh);
    print(`\nReplaying ${path} (Ctrl-C stops; the same command continues):`);
    played = await replayDataset(house, furnished, datasetOf(furnished.around.dir, path));
    report(played).forEach(print);
    await showSummary(furnished.urls.console, await furnished.keys.sign('analyst', 'feed'));
  });
  print(
    played
      ? '\nDone. npm start -- --bare starts the services with these data.'
      : 'Stopped before the end: the same command continues from here.',
  );
}

function readArguments(args: readonly string[]): { path: string; fresh: boolean } {
  const { positionals, fresh } = parse(args);
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) throw new Unavailable(`Expected one file: ${usage}.`);
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw new Unavailable(`${path} is not a readable file: ${usage}.`);
  return { path, fresh };
}

function parse(args: readonly string[]): { positionals: string[]; fresh: boolean } {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { fresh: { type: 'boolean', default: false } },
    });
    return { positionals, fresh: values.fresh };
  } catch (error) {
    throw new Unavailable(`${(error as Error).message.split('.')[0]}: ${usage}.`);
  }
}

/** Result of the feed, as lines of text. */
export function report({ invoices, orders, seconds, openCount, refused, earlier }: ReplayResult): string[] {
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
