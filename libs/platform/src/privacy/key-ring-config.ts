import { readFileSync } from 'node:fs';
import { KeyRing, readMasterKey } from '@orderloom/key-ring';
import { z } from 'zod';
import { readConfig, WrongConfiguration } from '../config/config.js';

const keyRingConfig = z.object({
  KEY_RING_URL: z.url({ protocol: /^postgres(ql)?$/ }).describe('a Postgres address (postgres://user@host:port/database) of the key ring'),
  KEY_RING_MASTER_KEY: z.string().optional(),
  KEY_RING_MASTER_KEY_FILE: z.string().optional(),
});

/** The key ring that the environment names: its database, and the master key itself or the file that holds it. Throws `WrongConfiguration`. */
export function openKeyRing(environment: NodeJS.ProcessEnv = process.env): KeyRing {
  const { KEY_RING_URL, KEY_RING_MASTER_KEY: given, KEY_RING_MASTER_KEY_FILE: file } = readConfig(keyRingConfig, environment);
  if (given === undefined && file === undefined)
    throw new WrongConfiguration(
      'KEY_RING_MASTER_KEY is missing: it must be 32 bytes in base64, or KEY_RING_MASTER_KEY_FILE a file of them.',
    );
  const master = readMasterKey(given ?? contentOf(file ?? ''));
  if (!master)
    throw new WrongConfiguration(
      `${given === undefined ? 'KEY_RING_MASTER_KEY_FILE' : 'KEY_RING_MASTER_KEY'} must hold 32 bytes in base64.`,
    );
  return KeyRing.open(KEY_RING_URL, master);
}

/** Migrates the tables of the key ring. */
export async function migrateKeyRing(environment: NodeJS.ProcessEnv = process.env): Promise<void> {
  const ring = openKeyRing(environment);
  try {
    await ring.migrate();
  } finally {
    await ring.close();
  }
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new WrongConfiguration('KEY_RING_MASTER_KEY_FILE must be a file that can be read.');
  }
}
