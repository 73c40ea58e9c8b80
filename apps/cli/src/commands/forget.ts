import { readFileSync } from 'node:fs';
import { readArguments, Unavailable } from '@orderloom/dev-services';
import { KeyRing, type MasterKey, readMasterKey } from '@orderloom/key-ring';
import { readRun } from '../stack/run-file.js';
import { print } from '../output/print.js';

/**
 * `forget CUSTOMER`: erases a customer, by number or e-mail, by destroying the key. Their data become unreadable everywhere, copies
 * included.
 */
export async function forget(args: readonly string[]): Promise<number> {
  const [customer = ''] = readArguments(args, { usage: 'npm run -s cli -- forget CUSTOMER', positionals: 1 }).positionals;
  if (customer.trim() === '')
    throw new Unavailable('Expected one customer: use npm run cli -- forget CUSTOMER, with a customer number or the e-mail of a guest.');
  const ring = openRing();
  try {
    const done = await ring.forget(customer.trim()).catch((error: Error) => {
      throw new Unavailable(`The key ring is not available (${error.message}): nothing was erased; try again.`);
    });
    if (done.outcome === 'unknown') {
      print(`Unknown customer ${customer}: nothing was erased.`);
      return 1;
    }
    print(
      done.outcome === 'forgotten'
        ? `Forgotten: ${done.keys} ${done.keys === 1 ? 'key was' : 'keys were'} destroyed. Their data show as (forgotten) within ${KeyRing.forgetsWithinSeconds} s; running flows continue.`
        : `Already forgotten on ${done.at.toISOString()}: no key is left to destroy.`,
    );
    return 0;
  } finally {
    await ring.close();
  }
}

/** The key ring of the environment, or else of the services that run in this folder. */
function openRing(): KeyRing {
  const { KEY_RING_URL, KEY_RING_MASTER_KEY, KEY_RING_MASTER_KEY_FILE } = process.env;
  const running = KEY_RING_URL ? undefined : readRun('.orderloom')?.keyRing;
  const url = KEY_RING_URL || running?.url;
  if (!url) throw new Unavailable('No services run in this folder: start them, or set KEY_RING_URL and KEY_RING_MASTER_KEY.');
  const file = running?.masterKeyFile ?? KEY_RING_MASTER_KEY_FILE;
  const master = masterKey(running ? undefined : KEY_RING_MASTER_KEY, file);
  if (!master) throw new Unavailable('Invalid master key: KEY_RING_MASTER_KEY or KEY_RING_MASTER_KEY_FILE must hold 32 bytes in base64.');
  return KeyRing.open(url, master);
}

function masterKey(given: string | undefined, file: string | undefined): MasterKey | undefined {
  if (given) return readMasterKey(given);
  try {
    return file === undefined ? undefined : readMasterKey(readFileSync(file, 'utf8'));
  } catch {
    throw new Unavailable(`Cannot read the master key file ${file}: check KEY_RING_MASTER_KEY_FILE.`);
  }
}
