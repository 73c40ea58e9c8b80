import { eventsOf, flowsOf, type ServiceName } from '@orderloom/contracts';
import {
  audit,
  type Check,
  CursorsBehindHistory,
  type Finding,
  lifter,
  NothingMissed,
  OneEffect,
  GivenUpAfterRestore,
  GivenUpRecords,
  heardOnLog,
  Published,
  StatesKeepRule,
  StreamsInOrder,
  ViewsAreFolds,
  withFacts,
  type PostgresStore,
} from '@orderloom/event-sourcing';
import { FlowsGoOn } from '@orderloom/flows';
import type { Log } from '@orderloom/messaging';
import { decidersOf, publicationsOf, type ServiceDefinition } from '../service/service-definition.js';

/** What is looked at in a service's store: I3 to I9. */
export const checksOf = ({ deciders, keeps = [] }: ServiceDefinition): Check[] => [
  new StreamsInOrder(),
  new OneEffect(),
  new NothingMissed(),
  ...keeps.map((rule) => new StatesKeepRule(rule)),
  new FlowsGoOn(),
  new ViewsAreFolds(deciders),
  new CursorsBehindHistory(),
];

/** What a service has said, against what it has committed: I1 to I3. `heard` as for `Published`. */
export const publishedOf = (definition: ServiceDefinition, heard: () => Promise<ReadonlySet<string>>): Published =>
  new Published({
    heard,
    publications: publicationsOf(definition),
    lift: lifter(decidersOf(definition)),
    topics: keptTopicsOf(definition.name),
  });

/** What a service calls itself on the log. */
export const sourceOf = (name: ServiceName): string => `/orderloom/${name}`;

/** Topics of a service that keep everything. */
export const keptTopicsOf = (name: ServiceName): string[] => [eventsOf(name), flowsOf(name)];

/** Looks at all that a service has committed, and at what it has said: I1 to I9 of `architecture.md`. */
export const auditService = (definition: ServiceDefinition, store: PostgresStore, log: Log): Promise<Finding[]> => {
  const { name } = definition;
  const source = sourceOf(name);
  const published = publishedOf(definition, async () => heardOnLog(log, source, keptTopicsOf(name), await GivenUpRecords.of(store)));
  return withFacts(store.pool, (facts) => audit(facts, [published, new GivenUpAfterRestore(source), ...checksOf(definition)]));
};
