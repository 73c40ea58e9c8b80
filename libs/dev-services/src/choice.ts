import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Unavailable } from './unavailable.js';

export const notes = ['postgres.kind', 'log.kind'] as const;
type Note = (typeof notes)[number];

export interface Choice<Found> {
  /** Environment variable that selects a kind. */
  readonly variable: string;
  readonly dir: string;
  /** File that stores the kind of the last start. */
  readonly note: Note;
  /** Start functions by kind, in order of preference. Each receives the reasons why no earlier kind was used, in a few words. */
  readonly kinds: Readonly<Record<string, (why: string) => Promise<Found>>>;
}

/** Starts the selected kind, else the kind that holds the data of earlier starts, else the first available one. Throws `Unavailable`. */
export async function startChosen<Found>({ variable, dir, note, kinds }: Choice<Found>): Promise<Found> {
  const names = Object.keys(kinds);
  const chosen = process.env[variable]?.trim() || undefined;
  if (chosen && !names.includes(chosen)) throw new Unavailable(`${variable} is "${chosen}", expected one of ${names.join(', ')}.`);
  const previous = names.find((name) => name === earlierKind(dir, note));
  if (chosen && previous && chosen !== previous) {
    throw new Unavailable(
      `${variable} is ${chosen}, but the data of earlier starts are in ${previous}: unset ${variable}, or start with --fresh.`,
    );
  }
  const only = chosen ?? previous;
  const reasons: string[] = only ? [chosen ? `selected by ${variable}` : 'holds the data of earlier starts'] : [];
  let refusal: unknown;
  for (const name of only ? [only] : names) {
    try {
      const found = await kinds[name]?.(reasons.join(', '));
      writeFileSync(join(dir, note), `${name}\n`);
      return found as Found;
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      refusal =
        previous && !chosen
          ? new Unavailable(`The data of earlier starts are in ${previous}. ${error.message} Or start with --fresh.`)
          : error;
      reasons.push(error.why);
    }
  }
  throw refusal;
}

/** The kind that an earlier start with `dir` used and that holds its data. */
export function earlierKind(dir: string, note: Note): string | undefined {
  const file = join(dir, note);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}
