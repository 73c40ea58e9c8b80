import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { print, table } from './print.js';

/** Services may still publish, and the console consume, the last events. */
const pollIntervalMs = 700;
const maxPolls = 60;

/** Response of the console to `GET /summary`. */
export interface Summary {
  readonly sections: readonly { readonly title: string; readonly rows: readonly (readonly (string | number)[])[] }[];
  /** A sample order to look at. */
  readonly example?: { readonly orderNumber: string; readonly email: string };
}

/** Prints the console's summary as soon as it no longer changes. Resolves to undefined if the console has none. */
export async function showSummary(consoleUrl: string, token: string): Promise<Summary | undefined> {
  let summary = await read(consoleUrl, token);
  for (let look = 0; look < maxPolls; look += 1) {
    const before = summary;
    await delay(pollIntervalMs);
    summary = await read(consoleUrl, token);
    if (isDeepStrictEqual(before, summary)) break;
  }
  if (typeof summary === 'number') {
    print(`The console has no summary yet (HTTP status ${summary}): try again later with GET /summary.`);
    return undefined;
  }
  render(summary).forEach(print);
  return summary;
}

/** The summary, or the HTTP status of a failed request. */
async function read(consoleUrl: string, token: string): Promise<Summary | number> {
  const answer = await fetch(`${consoleUrl}/summary`, { headers: { authorization: `Bearer ${token}` } });
  return answer.ok ? ((await answer.json()) as Summary) : answer.status;
}

/** The summary as lines of text. */
export const render = ({ sections }: Summary): string[] =>
  sections.flatMap(({ title, rows }) => ['', title, ...table(rows).map((line) => `  ${line}`)]);
