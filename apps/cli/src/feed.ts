import { Unavailable } from '@orderloom/dev-services';
import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { furnish } from './furnish.js';
import { House } from './house.js';
import { booksOf, type Played, playBooks } from './partners.js';
import { say, table } from './screen.js';
import { showSummary } from './summary.js';

const usage = 'say npm run feed -- FILE (books of the shop, .csv or .csv.gz), with --fresh to begin without data';

/** `feed FILE [--fresh]`: plays the books of a file through the whole house; what an earlier feed of the same books has done is not done again. */
export async function feed(args: readonly string[]): Promise<void> {
  const { path, fresh } = readArguments(args);
  let played: Played | undefined;
  await House.visit(async (house) => {
    const furnished = await furnish(house, fresh);
    say(`\nThe books of ${path}, played by the partners (Ctrl-C stops; the same command goes on where it was):`);
    played = await playBooks(house, furnished, booksOf(furnished.around.dir, path));
    report(played).forEach(say);
    await showSummary(furnished.urls.console, await furnished.keys.sign('analyst', 'feed'));
  });
  say(played ? '\nDone; npm start -- --bare shows it all again.' : 'Stopped before the end: the same command goes on from here.');
}

function readArguments(args: readonly string[]): { path: string; fresh: boolean } {
  const { positionals, fresh } = parsed(args);
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) throw new Unavailable(`One file is needed: ${usage}.`);
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw new Unavailable(`${path} is no file that can be read: ${usage}.`);
  return { path, fresh };
}

function parsed(args: readonly string[]): { positionals: string[]; fresh: boolean } {
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

/** What the feed did, as lines of text. */
export function report({ invoices, orders, seconds, openCount, refused, earlier }: Played): string[] {
  const lines = Object.entries(refused).sort(([, a], [, b]) => b - a);
  const rate = seconds > 0 ? ` (${(invoices / seconds).toFixed(1)} a second)` : '';
  return [
    earlier ? '  these books were played before: nothing was fed again' : `  ${invoices} invoices in ${seconds.toFixed(1)} s${rate}`,
    ...table([
      ['orders', orders],
      ['not come to their end', openCount],
      ...lines.map(([reason, count]): [string, number] => [`refused: ${reason}`, count]),
    ]).map((line) => `  ${line}`),
  ];
}
