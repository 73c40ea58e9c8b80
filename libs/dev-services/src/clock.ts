import pg from 'pg';
import { withClient } from './databases.js';

const move = 'update clock set offset_micros = $1';

/** Moves the time that services of `urls` (databases) read to `at` (ISO 8601), from where it runs on; `real` is the true time again. */
export async function setClock(urls: readonly string[], at: string): Promise<void> {
  const offset = offsetOf(at);
  await Promise.all(urls.map((url) => withClient(url, (client) => client.query(move, [offset]))));
}

/** The same for clocks that are moved again and again. */
export class Clocks {
  private constructor(private readonly clients: readonly pg.Client[]) {}

  static async open(urls: readonly string[]): Promise<Clocks> {
    const clients = urls.map(
      (connectionString) => new pg.Client({ connectionString, connectionTimeoutMillis: 5_000, options: '-c synchronous_commit=off' }),
    );
    for (const client of clients) client.on('error', () => undefined);
    await Promise.all(clients.map((client) => client.connect()));
    return new Clocks(clients);
  }

  async move(at: string): Promise<void> {
    const offset = offsetOf(at);
    await Promise.all(this.clients.map((client) => client.query(move, [offset])));
  }

  async stop(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.end().catch(() => undefined)));
  }
}

function offsetOf(at: string): number {
  const offset = at === 'real' ? 0 : (Date.parse(at) - Date.now()) * 1000;
  if (Number.isNaN(offset)) throw new RangeError(`not an instant: ${at}`);
  return offset;
}
