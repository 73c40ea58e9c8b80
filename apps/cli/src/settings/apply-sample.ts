import { withClient } from '@orderloom/dev-services';
import { setTimeout as delay } from 'node:timers/promises';
import { readDocument } from './settings-command.js';
import { SettingsClient } from './settings-client.js';

const sample = 'deploy/settings/sample.yaml';
/** Before the sample data. */
const effectiveFrom = '2010-01-01T00:00:00Z';
const pollIntervalMs = 20;
const patienceMs = 30_000;

interface Running {
  readonly services: readonly { readonly name: string; readonly database: string }[];
  readonly urls: Readonly<Record<string, string>>;
  readonly environment: { readonly dir: string };
}

/**
 * Applies the sample settings, unless any were applied before, and waits until every service has its copy. Resolves to the names of the
 * storefronts. Throws `Error` if a service has no copy after 30 seconds.
 */
export async function applySample({ services, urls, environment }: Running): Promise<readonly string[]> {
  const client = await SettingsClient.open(urls.settings ?? '', environment.dir);
  const { latest, document: current } = await client.show({});
  if (latest > 0) return storefrontsOf(current);
  const document = readDocument(sample);
  await client.apply({ expected: 0, document, effectiveFrom, reason: 'sample' });
  const copies = services.filter(({ name }) => name !== 'settings' && name !== 'console');
  await Promise.all(copies.map(({ name, database }) => copied(name, database)));
  return storefrontsOf(document);
}

async function copied(name: string, database: string): Promise<void> {
  const since = Date.now();
  const count = () => withClient(database, async (client) => (await client.query('select 1 from settings')).rowCount);
  while ((await count()) === 0) {
    if (Date.now() - since > patienceMs) throw new Error(`${name} has no copy of the settings after 30 seconds: see its log`);
    await delay(pollIntervalMs);
  }
}

const storefrontsOf = (document: unknown): readonly string[] => Object.keys((document as { storefronts: object }).storefronts);
