import { randomUUID } from 'node:crypto';
import { type DeadlineService, defaultDeadlines, partsOf } from '@orderloom/contracts';
import { Consumer, type ConsumerOptions, type EventStore, Relay, Retries, type Subscription } from '@orderloom/event-sourcing';
import { DeadlineWorker, FlowRuntime, RecountWorker } from '@orderloom/flows';
import type { Log } from '@orderloom/messaging';
import { SettingsCopy, StorefrontSettings } from '@orderloom/settings';
import { sourceOf } from '../maintenance/audit.js';
import type { Sealing } from '../privacy/sealing.js';
import type { RejectionBudget } from '../intake/rejection-budget.js';
import { budgetedRejections } from '../intake/rejections.js';
import { decidersOf, publicationsOf, type ServiceDefinition } from './service-definition.js';
import { subscriptionsOf } from './service-subscriptions.js';
import { settingsSubscription } from './settings-subscription.js';

export interface ServicePorts {
  readonly store: EventStore;
  readonly log: Log;
  readonly sealing: Sealing;
  readonly logger?: ConsumerOptions['logger'];
  /** Called with errors that are retried. */
  readonly complain: (error: unknown) => void;
  /** Owner of the relay's lease: unique per process, random by default. */
  readonly owner?: string;
  /** Poll interval of deadlines, 100 ms by default. */
  readonly deadlinesEveryMs?: number;
}

/** Background workers of a service, not started yet. */
export interface ServiceParts {
  readonly runtime: FlowRuntime;
  readonly settings: SettingsCopy;
  readonly subscriptions: readonly Subscription[];
  readonly consumer: Consumer;
  readonly relay: Relay;
  readonly deadlines: DeadlineWorker;
  /** Absent in a service without deadlines. */
  readonly recounts: RecountWorker | undefined;
  /** Retries of the consumer and the deadline worker. */
  readonly retries: Retries;
  /** Ends its windows when it is stopped. */
  readonly rejectionBudget: RejectionBudget;
}

/** Builds a service on its ports. */
export function buildService(definition: ServiceDefinition, ports: ServicePorts): ServiceParts {
  const { name, flows, commands } = definition;
  const { store, log, sealing, logger, complain, owner, deadlinesEveryMs } = ports;
  const settings = new SettingsCopy(store);
  const service = isDeadlineService(name) ? name : undefined;
  if (service) store.settings = (subject, now) => settings.of(subject, now);
  const runtime = new FlowRuntime({
    ...{ store, service: name, flows, commands },
    ...(service && {
      settings: async (subject, now) => {
        const values = await settings.of(subject, now);
        return { policies: values.policies(service), values, language: values.language };
      },
    }),
  });
  const { rejections, budget: rejectionBudget } = budgetedRejections(name, store);
  const subscriptions = [
    ...subscriptionsOf(definition, { store, runtime, sealing, rejections }),
    ...(service ? [settingsSubscription(store, settings)] : []),
  ];
  const retries = new Retries({ timers: store.timers });
  const consumer = new Consumer({ store, log, group: `orderloom.${name}`, subscriptions, sealing, logger, retries, rejections });
  const relay = new Relay({
    ...{
      store,
      log,
      source: sourceOf(name),
      publications: publicationsOf(definition),
      deciders: decidersOf(definition),
      onError: complain,
    },
    ...(owner !== undefined && { owner }),
  });
  const deadlines = new DeadlineWorker({
    ...{ store, runtime, onError: complain, retries },
    ...(deadlinesEveryMs !== undefined && { everyMs: deadlinesEveryMs }),
  });
  const recounts = service && recountWorker(service, settings, ports);
  return { runtime, settings, subscriptions, consumer, relay, deadlines, recounts, retries, rejectionBudget };
}

const isDeadlineService = (name: string): name is DeadlineService => Object.hasOwn(defaultDeadlines, name);

/** Counts the open deadlines of `service` anew when settings say `recompute` (CS-02). */
const recountWorker = (service: DeadlineService, copy: SettingsCopy, { store, owner, complain, logger }: ServicePorts): RecountWorker =>
  new RecountWorker({
    store,
    owner: owner ?? randomUUID(),
    onError: complain,
    onDone: (progress) => logger?.info({ ...progress }, 'open deadlines are counted anew'),
    due: async (now) => {
      const { settings, itAndLater } = (await copy.recomputing(now)) ?? {};
      if (!settings || !itAndLater) return undefined;
      const of = (subject: string): StorefrontSettings => StorefrontSettings.of(settings, partsOf(subject).storefront);
      const isCounted = (policyVersion: string): boolean => itAndLater.includes(policyVersion);
      return { version: of('').version, by: settings.by, policiesOf: (subject) => of(subject).policies(service), isCounted };
    },
  });
