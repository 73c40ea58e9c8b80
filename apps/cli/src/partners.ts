import { logFile, setClock } from '@orderloom/dev-services';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { House } from './house.js';
import { progress } from './screen.js';
import { main, type Service, type Surroundings } from './services.js';

/** The first week of the shop's books. */
const week = 'test/data/online-retail-week.csv.gz';

/** Where the partners remember how far the week is. */
export const weekFile = (dir: string): string => join(dir, 'week.json');

/** One line of the partners' standard output. */
interface Said {
  readonly progress?: { readonly fed: number; readonly of: number; readonly clock?: string };
  readonly done?: boolean;
}

/** Starts the partners, shows how far the week is and moves the services' clocks with it; resolves when the week is over. */
export async function playWeek(house: House, services: readonly Service[], around: Surroundings): Promise<void> {
  const log = logFile(around.dir, 'partners');
  const clocks = clockOf(services.map((service) => service.database));
  const line = progress();
  let over = false;
  await new Promise<void>((resolve, reject) => {
    const onLine = (text: string) => {
      const said = read(text);
      if (!said) appendFileSync(log, `${text}\n`);
      if (said?.progress) {
        const { fed, of, clock } = said.progress;
        line.show(fed, of, clock ? clock.slice(0, 16).replace('T', ' ') : '');
        if (clock) clocks.move(clock).catch(reject);
      }
      if (said?.done) {
        over = true;
        clocks.move('real').then(resolve, reject);
      }
    };
    const env = {
      ...process.env,
      ...around.log,
      PARTNERS_FEED: process.env.PARTNERS_FEED ?? week,
      PARTNERS_STATE: weekFile(around.dir),
    };
    house.launch('partners', { command: process.execPath, args: [main('partners')], env, log, onLine }, () => over);
  });
  line.end();
}

/** Moves clocks one step at a time; of steps that pile up only the last is made. */
export function clockOf(databases: readonly string[]): { move(at: string): Promise<void> } {
  let next: string | undefined;
  let moving: Promise<void> | undefined;
  const run = async () => {
    for (let at = next; at !== undefined; at = next) {
      next = undefined;
      await setClock(databases, at);
    }
  };
  return {
    move(at) {
      next = at;
      return (moving ??= run().finally(() => (moving = undefined)));
    },
  };
}

export function read(text: string): Said | undefined {
  try {
    const said = JSON.parse(text) as Said | null;
    return (said?.progress ?? said?.done) ? said : undefined;
  } catch {
    return undefined;
  }
}
