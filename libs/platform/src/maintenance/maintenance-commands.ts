import { json } from 'node:stream/consumers';
import {
  listGaps,
  type DiscardedRange,
  discardRanges,
  PostgresStore,
  resetTransactionIds,
  republish,
  resolveGap,
} from '@orderloom/event-sourcing';
import { flowMigrations } from '@orderloom/flows';
import type { Log } from '@orderloom/messaging';
import { settingsMigrations } from '@orderloom/settings';
import { startAtLogEnd, divergencesOf } from './divergence.js';
import { auditService } from './audit.js';
import { baseConfig, type BaseConfig, readConfig } from '../config/config.js';
import { openLog } from '../config/open-log.js';
import type { ServiceDefinition } from '../service/service-definition.js';

/** The store of a service, as its environment says. */
export const openStore = (
  { name, migrations }: ServiceDefinition,
  config: Pick<BaseConfig, 'DATABASE_URL'>,
  onClockJump?: (jump: object) => void,
) =>
  PostgresStore.open({
    url: config.DATABASE_URL,
    applicationName: name,
    migrations: [...flowMigrations, ...settingsMigrations, ...migrations],
    onClockJump,
  });

const storeConfig = baseConfig.pick({ DATABASE_URL: true });

/** What whoever reads the log needs of the environment, beside the store. */
const logConfig = baseConfig.omit({
  PORT: true,
  HOST: true,
  AUTH_JWKS: true,
  AUTH_JWKS_FILE: true,
  AUTH_ISSUER: true,
  AUTH_AUDIENCE: true,
});

/**
 * Maintenance of a service's store by command line. Results are JSON on standard output, arguments JSON on standard input: `rebase`, `audit`, `missed`, `resolve-missed` (`{ id, reason, by }`), `republish` (`{ since }`), `diverged`,
 * `give-up` (`{ given, reason, by }`), `begin-here`.
 */
export function maintenanceCommands(definition: ServiceDefinition): Record<string, () => Promise<void>> {
  return {
    rebase: () =>
      withStore(definition, async (store) => {
        const { needed, events } = await resetTransactionIds(store.pool);
        return needed ? `${events} events can be read again` : `nothing to do, all ${events} events can be read`;
      }),
    audit: () => withLog(definition, (store, log) => auditService(definition, store, log)),
    missed: () => withStore(definition, listGaps),
    'resolve-missed': () =>
      withStore(definition, async (store) => {
        const { id, reason, by } = await told<{ id: string; reason: string; by: string }>();
        await resolveGap(store, id, reason, by);
        return id;
      }),
    diverged: () => withLog(definition, (store, log) => divergencesOf(definition, store, log)),
    'give-up': () =>
      withStore(definition, async (store) => {
        const { given, reason, by } = await told<{ given: DiscardedRange[]; reason: string; by: string }>();
        await discardRanges(store, given, { reason, by });
        return given.length;
      }),
    'begin-here': () => withLog(definition, (store, log) => startAtLogEnd(definition, store, log)),
    republish: () => withStore(definition, async (store) => republish(store, (await told<{ since: string }>()).since)),
  };
}

const told = async <T>(): Promise<T> => (await json(process.stdin)) as T;

async function withStore(definition: ServiceDefinition, work: (store: PostgresStore) => Promise<unknown>): Promise<void> {
  const store = await openStore(definition, readConfig(storeConfig));
  try {
    const answer = await work(store);
    if (answer !== undefined) console.log(JSON.stringify(answer));
  } finally {
    await store.close();
  }
}

function withLog(definition: ServiceDefinition, work: (store: PostgresStore, log: Log) => Promise<unknown>): Promise<void> {
  return withStore(definition, async (store) => {
    const log = openLog(readConfig(logConfig), `orderloom.${definition.name}.keeper`);
    try {
      return await work(store, log);
    } finally {
      await log.close();
    }
  });
}
