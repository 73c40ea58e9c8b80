import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Unavailable } from './unavailable.js';

/** What `variable` of the environment chooses, of `kinds`; undefined where it chooses nothing. Throws `Unavailable`. */
export function chosen<Kind extends string>(variable: string, kinds: readonly Kind[], env = process.env): Kind | undefined {
  const said = env[variable]?.trim();
  if (!said) return undefined;
  const kind = kinds.find((k) => k === said);
  if (!kind) throw new Unavailable(`${variable} is "${said}": it must be one of ${kinds.join(', ')}.`);
  return kind;
}

export const notes = ['postgres.kind', 'log.kind'] as const;
type Note = (typeof notes)[number];

/** What an earlier start with `dir` took, whose data are there. */
export function remembered(dir: string, note: Note): string | undefined {
  const file = join(dir, note);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}

export const remember = (dir: string, note: Note, kind: string): void => writeFileSync(join(dir, note), `${kind}\n`);
