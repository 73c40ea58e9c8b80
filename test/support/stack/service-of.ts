import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { PostgresStore } from '@orderloom/event-sourcing';
import type { ServiceDefinition } from '@orderloom/platform';

/** A service's table of contents, and its store while `work` runs. */
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

/** Says a keeper's word to a service, as the command line does; resolves to what it answers. */
export async function keep<T>(name: string, env: NodeJS.ProcessEnv, word: string, told: object = {}): Promise<T> {
  const child = spawn(process.execPath, [`dist/apps/${name}/src/main.js`, word], { env: { PATH: process.env.PATH, ...env } });
  child.stdin.end(JSON.stringify(told));
  const [answer, complaint] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (answer === '') throw new Error(`${name} ${word}: ${complaint}`);
  return JSON.parse(answer) as T;
}
