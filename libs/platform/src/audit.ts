import { eventsOf, flowsOf } from '@orderloom/contracts';
import {
  audit,
  type Check,
  CursorsBehindHistory,
  type Finding,
  lifter,
  OneEffect,
  Published,
  StatesKeepRule,
  StreamsInOrder,
  ViewsAreFolds,
  withFacts,
  type PostgresStore,
} from '@orderloom/event-sourcing';
import { flowPublication, FlowsGoOn } from '@orderloom/flows';
import type { Log } from '@orderloom/messaging';
import type { ServiceDefinition } from './service-definition.js';

/** What is looked at in a service's store: I3 to I9. */
const checksOf = ({ deciders, keeps = [] }: ServiceDefinition): Check[] => [
  new StreamsInOrder(),
  new OneEffect(),
  ...keeps.map((rule) => new StatesKeepRule(rule)),
  new FlowsGoOn(),
  new ViewsAreFolds(deciders),
  new CursorsBehindHistory(),
];

/** Looks at all that a service has committed, and at what it has said: I1 to I9 of `architecture.md`. */
export const auditService = (definition: ServiceDefinition, store: PostgresStore, log: Log): Promise<Finding[]> => {
  const { name, deciders, publishes } = definition;
  const published = new Published({
    log,
    source: `/orderloom/${name}`,
    publications: [...publishes, flowPublication(name)],
    lift: lifter(deciders),
    topics: [eventsOf(name), flowsOf(name)],
  });
  return withFacts(store.pool, (facts) => audit(facts, [published, ...checksOf(definition)]));
};
