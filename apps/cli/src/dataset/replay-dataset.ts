import { Clocks, logFile } from '@orderloom/dev-services';
import { appendFileSync } from 'node:fs';
import type { Dataset } from './dataset.js';
import type { ProcessGroup } from '../stack/process-group.js';
import type { RunningStack } from '../stack/start-stack.js';
import { type EndOffsets, waitUntilIdle, workOf } from '../stack/wait-until-idle.js';
import { progress } from '../output/print.js';
import { eventStoreServices, entryPoint } from '../stack/services.js';

/** Result of a replay, as printed by the partners. */
export interface ReplayResult {
  readonly done: true;
  readonly invoices: number;
  readonly orders: number;
  readonly openCount: number;
  readonly seconds: number;
  readonly refused: Readonly<Record<string, number>>;
  /** True if an earlier start has replayed the data set. */
  readonly earlier?: boolean;
}

/** A line of the partners' standard output. */
interface PartnerOutput {
  readonly progress?: { readonly fed: number; readonly of: number; readonly clock?: string };
  /** Requests to move the services' clocks; a reply is expected. */
  readonly clock?: string;
  /** Requests a reply when the services are idle; the value holds the end offsets known to the partners. */
  readonly idle?: EndOffsets;
  readonly done?: boolean;
}

/** Starts the partners, shows the progress and moves the services' clocks. Resolves when the data set is replayed. */
export async function replayDataset(
  group: ProcessGroup,
  { services, environment, keys }: RunningStack,
  books: Dataset,
): Promise<ReplayResult> {
  const log = logFile(environment.dir, 'partners');
  const clocks = await group.track(Clocks.open(services.map((service) => service.database)));
  const line = progress();
  const rateOf = rateSince(Date.now());
  const serviceUrls = services.filter(({ name }) => (eventStoreServices as readonly string[]).includes(name)).map(({ url }) => url);
  const whenIdle = async (ends: EndOffsets) =>
    JSON.stringify(await waitUntilIdle(serviceUrls, ends, workOf(await keys.sign('operator', 'partners'))));
  let isOver = false;
  const played = await new Promise<ReplayResult>((resolve, reject) => {
    const onLine = (text: string, reply: (answer: string) => void) => {
      const output = parsePartnerOutput(text);
      if (!output) appendFileSync(log, `${text}\n`);
      if (output?.clock) clocks.standAndFire(output.clock).then((fired) => reply(fired ? 'moved and fired' : 'moved'), reject);
      if (output?.idle) whenIdle(output.idle).then(reply, reject);
      if (output?.progress)
        line.show(output.progress.fed, output.progress.of, `${atMinute(output.progress.clock)}  ${rateOf(output.progress.fed)}`);
      if (output?.done) {
        isOver = true;
        clocks.move('real').then(() => resolve(output as ReplayResult), reject);
      }
    };
    const env = {
      ...process.env,
      ...environment.log,
      PARTNERS_FEED: books.path,
      PARTNERS_STATE: books.state,
      PARTNERS_LEAD_CLOCKS: 'true',
      PARTNERS_CHINESE_SHOP: String(books.withChineseShop === true),
    };
    group.launch('partners', { command: process.execPath, args: [entryPoint('partners')], env, log, onLine }, () => isOver);
  });
  line.end();
  return played;
}

const atMinute = (clock = ''): string => clock.slice(0, 16).replace('T', ' ');

/** Rate in invoices per second since the first one of this run. */
function rateSince(began: number): (fed: number) => string {
  let first: number | undefined;
  return (fed) => {
    first ??= fed;
    const rate = (fed - first) / Math.max(1, (Date.now() - began) / 1000);
    return `${rate.toFixed(1)}/s`;
  };
}

export function parsePartnerOutput(text: string): PartnerOutput | undefined {
  try {
    const output = JSON.parse(text) as PartnerOutput | null;
    return (output?.progress ?? output?.clock ?? output?.idle ?? output?.done) ? output : undefined;
  } catch {
    return undefined;
  }
}
