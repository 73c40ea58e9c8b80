import { say, table } from './screen.js';

/** What the console answers to `GET /summary`. */
export interface Summary {
  readonly sections: readonly { readonly title: string; readonly rows: readonly (readonly (string | number)[])[] }[];
  /** An order worth looking at. */
  readonly example?: { readonly orderNumber: string; readonly email: string };
}

/** Reads and shows the console's summary; a console that has none is said so. */
export async function showSummary(consoleUrl: string, token: string): Promise<Summary | undefined> {
  const answer = await fetch(`${consoleUrl}/summary`, { headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok) {
    say(`The console has no summary yet: it answered ${answer.status}.`);
    return undefined;
  }
  const summary = (await answer.json()) as Summary;
  render(summary).forEach(say);
  return summary;
}

/** The summary as lines of text. */
export const render = ({ sections }: Summary): string[] =>
  sections.flatMap(({ title, rows }) => ['', title, ...table(rows).map((line) => `  ${line}`)]);
