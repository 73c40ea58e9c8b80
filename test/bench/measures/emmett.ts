import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const version = '0.42.0';
const folder = '.orderloom/bench/emmett';

export interface Emmett {
  readonly version: string;
  append(stream: string, data: object): Promise<void>;
  close(): Promise<void>;
}

interface EmmettModule {
  getPostgreSQLEventStore(url: string): {
    appendToStream(stream: string, events: readonly { type: string; data: object }[]): Promise<unknown>;
    close(): Promise<void>;
  };
}

/** Emmett's store on Postgres, installed for the bench alone and into a folder of its own. Throws where it can't be had. */
export async function emmett(url: string): Promise<Emmett> {
  const dir = resolve(folder);
  if (!existsSync(join(dir, 'node_modules/@event-driven-io/emmett-postgresql'))) {
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, 'package.json'), '{"private":true}');
    const packages = [`emmett-postgresql@${version}`, `emmett@${version}`].map((name) => `@event-driven-io/${name}`);
    await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', '--prefix', dir, ...packages]);
  }
  const entry = createRequire(join(dir, 'package.json')).resolve('@event-driven-io/emmett-postgresql');
  const { default: loaded } = (await import(pathToFileURL(entry).href)) as { default: EmmettModule };
  const store = loaded.getPostgreSQLEventStore(url);
  return {
    version: `Emmett ${version}`,
    append: async (stream, data) => void (await store.appendToStream(stream, [{ type: 'ThingHappened', data }])),
    close: () => store.close(),
  };
}
