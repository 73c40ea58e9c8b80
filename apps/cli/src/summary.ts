import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { say, table } from './screen.js';

/** Services may still say what they did last, and the console read it. */
const betweenLooksMs = 700;
const looksAtMost = 60;

/** What the console answers to `GET /summary`. */
export interface Summary {
  readonly sections: readonly { readonly title: string; readonly rows: readonly (readonly (string | number)[])[] }[];
  /** An order worth looking at. */
  readonly example?: { readonly orderNumber: string; readonly email: string };
}

/** Reads and shows the console's summary, as soon as nothing moves in it any more; a console that has none is said so. */
export async function showSummary(consoleUrl: string, token: string): Promise<Summary | undefined> {
  let summary = await read(consoleUrl, token);
  for (let look = 0; look < looksAtMost; look += 1) {
    const before = summary;
    await delay(betweenLooksMs);
    summary = await read(consoleUrl, token);
    if (isDeepStrictEqual(before, summary)) break;
  }
  if (typeof summary === 'number') {
    say(`The console has no summary yet: it answered ${summary}.`);
    return undefined;
  }
  render(summary).forEach(say);
  return summary;
}

/** The summary, or the status that was answered instead. */
async function read(consoleUrl: string, token: string): Promise<Summary | number> {
  const answer = await fetch(`${consoleUrl}/summary`, { headers: { authorization: `Bearer ${token}` } });
  return answer.ok ? ((await answer.json()) as Summary) : answer.status;
}

/** The summary as lines of text. */
export const render = ({ sections }: Summary): string[] =>
  sections.flatMap(({ title, rows }) => ['', title, ...table(rows).map((line) => `  ${line}`)]);
