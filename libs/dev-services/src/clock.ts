import { withClient } from './databases.js';

/** Moves the time that services of `urls` (databases) read to `at` (ISO 8601), from where it runs on; `real` is the true time again. */
export async function setClock(urls: readonly string[], at: string): Promise<void> {
  const offset = at === 'real' ? 0 : (Date.parse(at) - Date.now()) * 1000;
  if (Number.isNaN(offset)) throw new RangeError(`not an instant: ${at}`);
  await Promise.all(urls.map((url) => withClient(url, (client) => client.query('update clock set offset_micros = $1', [offset]))));
}
