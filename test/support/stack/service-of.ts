import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { PostgresStore } from '@orderloom/event-sourcing';
import type { ServiceDefinition } from '@orderloom/platform';

/** Runs `work` with the definition of a service and its open store. */
export async function withService<T>(
  name: string,
  database: string,
  work: (definition: ServiceDefinition, store: PostgresStore) => Promise<T>,
): Promise<T> {
  const file = (await import(resolve(`apps/${name}/src/${name}.module.ts`))) as Record<string, ServiceDefinition>;
  const definition = Object.values(file).find((exported) => Array.isArray(exported.deciders)) as ServiceDefinition;
  const store = await PostgresStore.open({ url: database, applicationName: 'test' });
  try {
    return await work(definition, store);
  } finally {
    await store.close();
  }
}

/** Runs a maintenance subcommand of a service as the command line does; resolves with its parsed output. */
export async function runMaintenance<T>(name: string, env: NodeJS.ProcessEnv, subcommand: string, input: object = {}): Promise<T> {
  const child = spawn(process.execPath, [`dist/apps/${name}/src/main.js`, subcommand], { env: { PATH: process.env.PATH, ...env } });
  child.stdin.end(JSON.stringify(input));
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (output === '') throw new Error(`${name} ${subcommand}: ${errors}`);
  return JSON.parse(output) as T;
}
