import { eventsTopicOf, flowsTopicOf, type ServiceName, settingsTopic } from '@orderloom/contracts';
import {
  audit,
  type Check,
  CheckpointsWithinHistory,
  type Finding,
  upcasterFor,
  NoRetentionGaps,
  OneEffectPerMessage,
  DiscardedAfterRestore,
  DiscardedRanges,
  publishedEventIds,
  PublicationCheck,
  StateInvariantCheck,
  StreamVersionsAreGapless,
  ProjectionsMatchHistory,
  withSnapshot,
  type PostgresStore,
} from '@orderloom/event-sourcing';
import { FlowLivenessCheck } from '@orderloom/flows';
import type { Log } from '@orderloom/messaging';
import { decidersOf, publicationsOf, type ServiceDefinition } from '../service/service-definition.js';

/** The audit checks of a service's store: I3 to I9. */
export const auditChecksOf = ({ deciders, invariants = [] }: ServiceDefinition): Check[] => [
  new StreamVersionsAreGapless(),
  new OneEffectPerMessage(),
  new NoRetentionGaps(),
  ...invariants.map((rule) => new StateInvariantCheck(rule)),
  new FlowLivenessCheck(),
  new ProjectionsMatchHistory(deciders),
  new CheckpointsWithinHistory(),
];

/** Compares the published messages of a service with its committed events: I1 to I3. `heard` as for `Published`. */
export const publishedOf = (definition: ServiceDefinition, publishedIds: () => Promise<ReadonlySet<string>>): PublicationCheck =>
  new PublicationCheck({
    publishedIds,
    publications: publicationsOf(definition),
    upcast: upcasterFor(decidersOf(definition)),
    topics: keptTopicsOf(definition.name),
  });

/** The CloudEvents `source` of a service. */
export const sourceOf = (name: ServiceName): string => `/orderloom/${name}`;

/** Topics of a service that keep everything. */
export const keptTopicsOf = (name: ServiceName): string[] =>
  name === 'settings' ? [settingsTopic] : [eventsTopicOf(name), flowsTopicOf(name)];

/** Looks at all that a service has committed, and at what it has said: I1 to I9 of `architecture.md`. */
export const auditService = (definition: ServiceDefinition, store: PostgresStore, log: Log): Promise<Finding[]> => {
  const { name } = definition;
  const source = sourceOf(name);
  const published = publishedOf(definition, async () =>
    publishedEventIds(log, source, keptTopicsOf(name), await DiscardedRanges.of(store)),
  );
  return withSnapshot(store.pool, (facts) => audit(facts, [published, new DiscardedAfterRestore(source), ...auditChecksOf(definition)]));
};
