import { isWrittenOutside, services, topics } from '@orderloom/contracts';
import {
  divergence,
  divergences,
  type DiscardedRange,
  discardRanges,
  setConsumedOffsets,
  type PostgresStore,
  type UnknownRecord,
} from '@orderloom/event-sourcing';
import { Refusal } from '@orderloom/kernel';
import { type Log, topicPartitionId } from '@orderloom/messaging';
import { keptTopicsOf, sourceOf } from './audit.js';
import type { ServiceDefinition } from '../service/service-definition.js';

/** Findings about a restored service: records on its topics that its store lacks, and the ranges to discard. */
export interface Divergences {
  readonly unknown: readonly UnknownRecord[];
  readonly given: readonly DiscardedRange[];
}

/** All topics, and the records of all services that this service's store lacks. */
export const divergencesOf = ({ name }: ServiceDefinition, store: PostgresStore, log: Log): Promise<Divergences> =>
  divergences(
    store,
    log,
    sourceOf(name),
    topics.map(({ topic }) => topic),
  );

/** Records on the service's own topics that its store lacks, if the store is older. All its events are on its own topics too. */
export const divergenceOf = ({ name }: ServiceDefinition, store: PostgresStore, log: Log): Promise<UnknownRecord | undefined> =>
  divergence(store, log, sourceOf(name), keptTopicsOf(name));

/**
 * Lets a service without history start at the end of existing topics: it consumes none of the records before, and they do not count as
 * diverged. Throws `Refusal` `has-history`.
 */
export async function startAtLogEnd({ name }: ServiceDefinition, store: PostgresStore, log: Log): Promise<void> {
  const { rowCount } = await store.pool.query('select from events limit 1');
  if (rowCount !== 0)
    throw new Refusal(
      'has-history',
      `cannot start ${name} at the end of the log: it has recorded events; use start-at-log-end for an empty database only`,
    );
  const bounds = await log.bounds(topics.map(({ topic }) => topic));
  const places = topics.flatMap((topic) =>
    Array.from({ length: topic.partitions }, (_, partition) => ({
      ...{
        topic: topic.topic,
        foreign: isWrittenOutside(topic),
        partition,
        next: bounds[topicPartitionId({ topic: topic.topic, partition })]?.next ?? 0,
      },
    })),
  );
  const said = places.filter(({ foreign, next }) => !foreign && next > 0);
  const given = said.flatMap(({ topic, partition, next: to }) =>
    services.map((of) => ({ source: sourceOf(of), topic, partition, from: 0, to })),
  );
  await discardRanges(store, given, { by: 'operator', reason: 'begins anew' });
  await setConsumedOffsets(store, `orderloom.${name}`, places);
}
