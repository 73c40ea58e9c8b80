import { readFileSync } from 'node:fs';
import { Unavailable } from '@orderloom/dev-services';
import { KeyRing, type MasterKey, readMasterKey } from '@orderloom/key-ring';
import { readRun } from './run-file.js';
import { say } from './screen.js';

/** `forget CUSTOMER`: destroys the key of a customer, by number or e-mail. Nobody can read their data again, here or in any copy. */
export async function forget([customer = '', ...rest]: readonly string[]): Promise<number> {
  if (customer.trim() === '' || rest.length > 0)
    throw new Unavailable('Say whom to forget: npm run cli -- forget CUSTOMER, with a customer number, or the e-mail of a guest.');
  const ring = openRing();
  try {
    const done = await ring.forget(customer.trim()).catch((error: Error) => {
      throw new Unavailable(`The key ring can't be used (${error.message}): nobody was forgotten.`);
    });
    if (done.outcome === 'unknown') {
      say(`Nobody is known as ${customer}: nothing was forgotten.`);
      return 1;
    }
    say(
      done.outcome === 'forgotten'
        ? `Forgotten: ${done.keys} ${done.keys === 1 ? 'key was' : 'keys were'} destroyed. What they sealed shows (forgotten) everywhere within ${KeyRing.forgetsWithinSeconds} s; cases under way go on.`
        : `Forgotten before, on ${done.at.toISOString()}: nothing is left to destroy.`,
    );
    return 0;
  } finally {
    await ring.close();
  }
}

/** The key ring that the environment names, else that of what runs in this folder. */
function openRing(): KeyRing {
  const { KEY_RING_URL, KEY_RING_MASTER_KEY, KEY_RING_MASTER_KEY_FILE } = process.env;
  const running = KEY_RING_URL ? undefined : readRun('.orderloom')?.keyRing;
  const url = KEY_RING_URL || running?.url;
  if (!url) throw new Unavailable('Nothing runs in this folder: start it, or set KEY_RING_URL and KEY_RING_MASTER_KEY.');
  const file = running?.masterKeyFile ?? KEY_RING_MASTER_KEY_FILE;
  const master = masterKey(running ? undefined : KEY_RING_MASTER_KEY, file);
  if (!master) throw new Unavailable('KEY_RING_MASTER_KEY, or KEY_RING_MASTER_KEY_FILE, must give 32 bytes in base64.');
  return KeyRing.open(url, master);
}

function masterKey(given: string | undefined, file: string | undefined): MasterKey | undefined {
  if (given) return readMasterKey(given);
  try {
    return file === undefined ? undefined : readMasterKey(readFileSync(file, 'utf8'));
  } catch {
    throw new Unavailable('The file of the master key can not be read.');
  }
}
