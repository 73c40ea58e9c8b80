import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** File of the development master key in `dir`, created at the first call. The key gives access to all sealed data. */
export function masterKeyFile(dir: string): string {
  const file = resolve(dir, 'master-key');
  if (!existsSync(file)) writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  return file;
}
