import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, existsSync, lstatSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { User } from './process.js';
import { Unavailable } from './unavailable.js';

/** Where Postgres must not run as root: the user it runs as instead. `undefined`: as we are. */
export function serverUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const ids = ['-u', '-g'].map((flag) => idOf(flag, name));
    const [uid, gid] = ids;
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  throw new Unavailable(
    'Postgres refuses to run as root, and there is neither a user postgres nor nobody: set DATABASE_URL or start as another user.',
  );
}

/** The folder for Postgres's data: inside `dir`, or where `user` can't reach that, one outside that only depends on `dir`. */
export function dataFolder(dir: string, user: User | undefined): string {
  const note = join(dir, 'postgres.place');
  const remembered = existsSync(note) ? readFileSync(note, 'utf8').trim() : '';
  const own = join(dir, 'postgres');
  const outside = `/var/tmp/orderloom-${createHash('sha256').update(realpathSync(dir)).digest('hex').slice(0, 16)}`;
  const places = remembered === outside ? [outside] : [own, outside];
  const place = places.find((folder) => canHave(folder, user));
  if (place === undefined)
    throw new Unavailable(`Postgres can keep its data neither in ${own} nor in ${outside}: make one of them writable.`);
  if (place === own) rmSync(note, { force: true });
  else writeFileSync(note, `${place}\n`);
  return place;
}

function canHave(folder: string, user: User | undefined): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid } = lstatSync(folder);
    // in a shared place the name can be taken by somebody else's folder or link
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
