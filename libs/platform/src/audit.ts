import { eventsOf, flowsOf } from '@orderloom/contracts';
import {
  audit,
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

/** Looks at all that a service has committed, and at what it has said: I1 to I9 of `architecture.md`. */
export const auditService = (definition: ServiceDefinition, store: PostgresStore, log: Log): Promise<Finding[]> => {
  const { name, deciders, publishes, keeps = [] } = definition;
  return withFacts(store.pool, (facts) =>
    audit(facts, [
      new Published({
        log,
        source: `/orderloom/${name}`,
        publications: [...publishes, flowPublication(name)],
        lift: lifter(deciders),
        topics: [eventsOf(name), flowsOf(name)],
      }),
      new StreamsInOrder(),
      new OneEffect(),
      ...keeps.map((rule) => new StatesKeepRule(rule)),
      new FlowsGoOn(),
      new ViewsAreFolds(deciders),
      new CursorsBehindHistory(),
    ]),
  );
};
