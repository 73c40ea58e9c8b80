import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, existsSync, lstatSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { User } from './process.js';
import { Unavailable } from './unavailable.js';

/** The user to run Postgres as, which must not run as root; undefined for the current user. */
export function serverUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const ids = ['-u', '-g'].map((flag) => idOf(flag, name));
    const [uid, gid] = ids;
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  throw new Unavailable(
    'Postgres does not run as root, and the users postgres and nobody do not exist: set DATABASE_URL, or start as another user.',
  );
}

/** The folder for Postgres's data: inside `dir`, or if `user` cannot access that, a folder under /var/tmp derived from `dir`. */
export function dataFolder(dir: string, user: User | undefined): string {
  const note = join(dir, 'postgres.place');
  const remembered = existsSync(note) ? readFileSync(note, 'utf8').trim() : '';
  const own = join(dir, 'postgres');
  const outside = `/var/tmp/orderloom-${createHash('sha256').update(realpathSync(dir)).digest('hex').slice(0, 16)}`;
  const candidates = remembered === outside ? [outside] : [own, outside];
  const chosen = candidates.find((folder) => isUsable(folder, user));
  if (chosen === undefined) throw new Unavailable(`Postgres can write neither to ${own} nor to ${outside}: make one of them writable.`);
  if (chosen === own) rmSync(note, { force: true });
  else writeFileSync(note, `${chosen}\n`);
  return chosen;
}

function isUsable(folder: string, user: User | undefined): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid } = lstatSync(folder);
    // In a shared folder, another user may have created a folder or link of this name.
    if (!lstatSync(folder).isDirectory() || (uid !== process.getuid?.() && uid !== user?.uid)) return false;
    if (user) chownSync(folder, user.uid, user.gid);
    execFileSync('sh', ['-c', 'cd "$0" && test -w .', folder], { ...user, cwd: '/', stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function idOf(flag: string, name: string): number | undefined {
  try {
    return Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch {
    return undefined;
  }
}
