import { Clocks, logFile } from '@orderloom/dev-services';
import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { House } from './house.js';
import type { Furnished } from './furnish.js';
import { type Ends, untilIdle, workOf } from './idle.js';
import { progress } from './screen.js';
import { audited, main } from './services.js';

/** Books of a shop that the partners play, and the file in which they remember how far they are. */
export interface Books {
  readonly path: string;
  readonly state: string;
}

/** Whether a file of `.orderloom` is where partners remember how far some books are. */
export const isBooksState = (file: string): boolean => file === 'week.json' || /^books-[0-9a-f]{12}\.json$/.test(file);

/** The books of a file, told from others by what is in it. */
export function booksOf(dir: string, path: string): Books {
  const name = createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 12);
  return { path, state: join(dir, `books-${name}.json`) };
}

/** The first week of the shop's books. */
export const week = (dir: string): Books => ({
  path: process.env.PARTNERS_FEED ?? 'test/data/online-retail-week.csv.gz',
  state: join(dir, 'week.json'),
});

/** What the partners say at the end of their books. */
export interface Played {
  readonly done: true;
  readonly invoices: number;
  readonly orders: number;
  readonly openCount: number;
  readonly seconds: number;
  readonly refused: Readonly<Record<string, number>>;
  /** They were played by an earlier start. */
  readonly earlier?: boolean;
}

/** One line of the partners' standard output. */
interface Said {
  readonly progress?: { readonly fed: number; readonly of: number; readonly clock?: string };
  /** The services' clocks are to be moved here, and that is to be answered. */
  readonly clock?: string;
  /** To be answered when the services have nothing in hand: how far the partners know the log to be. */
  readonly idle?: Ends;
  readonly done?: boolean;
}

/** Starts the partners, shows how far the books are and moves the services' clocks with them; resolves when the books are over. */
export async function playBooks(house: House, { services, around, keys }: Furnished, books: Books): Promise<Played> {
  const log = logFile(around.dir, 'partners');
  const clocks = await house.own(Clocks.open(services.map((service) => service.database)));
  const line = progress();
  const pace = paceFrom(Date.now());
  const keeping = services.filter(({ name }) => (audited as readonly string[]).includes(name)).map(({ url }) => url);
  const whenIdle = async (ends: Ends) => JSON.stringify(await untilIdle(keeping, ends, workOf(await keys.sign('operator', 'partners'))));
  let over = false;
  const played = await new Promise<Played>((resolve, reject) => {
    const onLine = (text: string, reply: (answer: string) => void) => {
      const said = read(text);
      if (!said) appendFileSync(log, `${text}\n`);
      if (said?.clock) clocks.standAndFire(said.clock).then((fired) => reply(fired ? 'moved and fired' : 'moved'), reject);
      if (said?.idle) whenIdle(said.idle).then(reply, reject);
      if (said?.progress) line.show(said.progress.fed, said.progress.of, `${atMinute(said.progress.clock)}  ${pace(said.progress.fed)}`);
      if (said?.done) {
        over = true;
        clocks.move('real').then(() => resolve(said as Played), reject);
      }
    };
    const env = {
      ...process.env,
      ...around.log,
      PARTNERS_FEED: books.path,
      PARTNERS_STATE: books.state,
      PARTNERS_LEAD_CLOCKS: 'true',
    };
    house.launch('partners', { command: process.execPath, args: [main('partners')], env, log, onLine }, () => over);
  });
  line.end();
  return played;
}

const atMinute = (clock = ''): string => clock.slice(0, 16).replace('T', ' ');

/** Invoices a second since the first that this run has fed. */
function paceFrom(began: number): (fed: number) => string {
  let first: number | undefined;
  return (fed) => {
    first ??= fed;
    const rate = (fed - first) / Math.max(1, (Date.now() - began) / 1000);
    return `${rate.toFixed(1)}/s`;
  };
}

export function read(text: string): Said | undefined {
  try {
    const said = JSON.parse(text) as Said | null;
    return (said?.progress ?? said?.clock ?? said?.idle ?? said?.done) ? said : undefined;
  } catch {
    return undefined;
  }
}
