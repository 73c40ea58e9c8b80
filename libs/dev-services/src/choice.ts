import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Unavailable } from './unavailable.js';

export const notes = ['postgres.kind', 'log.kind'] as const;
type Note = (typeof notes)[number];

export interface Choice<Found> {
  /** Of the environment: chooses one kind. */
  readonly variable: string;
  readonly dir: string;
  /** File that remembers what was taken. */
  readonly note: Note;
  /** How each kind is started, the first choice first; gets the reasons why not one before it, in a few words. */
  readonly kinds: Readonly<Record<string, (why: string) => Promise<Found>>>;
}

/** Starts the kind that is chosen, else the one that holds the data of earlier starts, else the first that can be had. Throws `Unavailable`. */
export async function takeUp<Found>({ variable, dir, note, kinds }: Choice<Found>): Promise<Found> {
  const names = Object.keys(kinds);
  const chosen = process.env[variable]?.trim() || undefined;
  if (chosen && !names.includes(chosen)) throw new Unavailable(`${variable} is "${chosen}": it must be one of ${names.join(', ')}.`);
  const before = names.find((name) => name === remembered(dir, note));
  if (chosen && before && chosen !== before) {
    throw new Unavailable(`${variable} is ${chosen}, but the data of earlier starts are in ${before}: unset it, or start with --fresh.`);
  }
  const only = chosen ?? before;
  const reasons: string[] = only ? [chosen ? `${variable} says so` : 'as before'] : [];
  let refusal: unknown;
  for (const name of only ? [only] : names) {
    try {
      const found = await kinds[name]?.(reasons.join(', '));
      writeFileSync(join(dir, note), `${name}\n`);
      return found as Found;
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      refusal =
        before && !chosen ? new Unavailable(`The data of earlier starts are in ${before}. ${error.message} Or start with --fresh.`) : error;
      reasons.push(error.why);
    }
  }
  throw refusal;
}

/** What an earlier start with `dir` took, whose data are there. */
export function remembered(dir: string, note: Note): string | undefined {
  const file = join(dir, note);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}
