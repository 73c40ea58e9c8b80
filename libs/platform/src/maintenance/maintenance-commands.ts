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
import type { Subcommand } from '../service/run-subcommands.js';
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

/** Environment of a process with a store and a log, without HTTP. */
export const logConfig = baseConfig.omit({
  PORT: true,
  HOST: true,
  AUTH_JWKS: true,
  AUTH_JWKS_FILE: true,
  AUTH_ISSUER: true,
  AUTH_AUDIENCE: true,
});

/** Maintenance of a service's store. Results are JSON on standard output, arguments JSON on standard input. `npm run cli` runs them. */
export function maintenanceCommands(definition: ServiceDefinition): Record<string, Subcommand> {
  return {
    rebase: {
      description: 'Resets transaction ids after a restore into another cluster.',
      run: () =>
        withStore(definition, async (store) => {
          const { needed, events } = await resetTransactionIds(store.pool);
          return needed ? `${events} events can be read again` : `nothing to do, all ${events} events can be read`;
        }),
    },
    audit: {
      description: 'Prints the findings of the audit.',
      run: () => withLog(definition, (store, log) => auditService(definition, store, log)),
    },
    missed: {
      description: 'Prints the records that retention deleted before they were consumed.',
      run: () => withStore(definition, listGaps),
    },
    'resolve-missed': {
      description: 'Marks such a gap as resolved: { id, reason, by }.',
      run: () =>
        withStore(definition, async (store) => {
          const { id, reason, by } = await readInput<{ id: string; reason: string; by: string }>();
          await resolveGap(store, id, reason, by);
          return id;
        }),
    },
    diverged: {
      description: 'Prints the records on topics that the restored store lacks.',
      run: () => withLog(definition, (store, log) => divergencesOf(definition, store, log)),
    },
    'give-up': {
      description: 'Discards ranges of such records: { given, reason, by }.',
      run: () =>
        withStore(definition, async (store) => {
          const { given, reason, by } = await readInput<{ given: DiscardedRange[]; reason: string; by: string }>();
          await discardRanges(store, given, { reason, by });
          return given.length;
        }),
    },
    'start-at-log-end': {
      description: 'Makes an empty store consume topics from their end.',
      run: () => withLog(definition, (store, log) => startAtLogEnd(definition, store, log)),
    },
    republish: {
      description: 'Publishes the events since a time again at the next start: { since }.',
      run: () => withStore(definition, async (store) => republish(store, (await readInput<{ since: string }>()).since)),
    },
  };
}

const readInput = async <T>(): Promise<T> => (await json(process.stdin)) as T;

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
    const log = openLog(readConfig(logConfig), `orderloom.${definition.name}.maintenance`);
    try {
      return await work(store, log);
    } finally {
      await log.close();
    }
  });
}
