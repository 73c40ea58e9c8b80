import { contractOf, eventsTopicOf, isOrderService, messages, type ServiceName } from '@orderloom/contracts';
import { type AnyDecider, upcast, type RecordedEvent } from '@orderloom/event-sourcing';
import { flowEventExamples, messageFaults } from '@orderloom/flows';
import { decidersOf, publicationsOf, type ServiceDefinition } from '../service/service-definition.js';

/** A stored event as it was written under its type and version, without its place in the global order. */
export type StoredSample = Omit<RecordedEvent, 'cursor'>;

const at = '2010-12-01T08:26:00.000000Z' as RecordedEvent['recordedAt'];
const cursor = { transaction: '0', position: '0' };
const place = { version: 1, subject: '536365', objects: [], occurredAt: at, recordedAt: at, by: 'example', correlation: 'example' };

/** A sample of every event that a service stores today, by `<noun>/<type>.v<version>`. Throws for an event of which there is no example. */
export function currentSamples(definition: ServiceDefinition): Record<string, StoredSample> {
  const { name } = definition;
  const own = decidersOf(definition).flatMap((decider) =>
    Object.keys(decider.rules).map((type) => {
      const typeVersion = decider.versions?.[type] ?? 1;
      const data = exampleOf(name, decider, type);
      return sample(decider.name, {
        id: 'example',
        type,
        typeVersion,
        data,
        stream: `${decider.name}-536365`,
        rule: decider.rules[type],
        ...place,
      });
    }),
  );
  const flows = Object.entries(isOrderService(name) ? flowEventExamples : {}).map(([type, data]) =>
    sample('flow', { id: 'example', type, typeVersion: 1, data, stream: `flow-${data.flowId}`, rule: 'ORD-12', ...place }),
  );
  return Object.fromEntries([...own, ...flows]);
}

const sample = (noun: string, event: StoredSample) => [`${noun}/${event.type}.v${event.typeVersion}`, event] as const;

function exampleOf(service: ServiceName, decider: AnyDecider, type: string): object {
  const published = messages.find((m) => m.topic === eventsTopicOf(service) && m.type === type);
  const example = decider.examples?.[type] ?? (published && published.data.parse(published.example));
  if (!example) throw new Error(`${type} of ${decider.name} is not published: its decider needs an example of it`);
  return JSON.parse(JSON.stringify(example)) as object;
}

/** The reason why a stored event cannot be read: its upcast, its fold or its contract fails; undefined if none does. */
export function whyUnreadable(definition: ServiceDefinition, stored: StoredSample): string | undefined {
  try {
    const decider = decidersOf(definition).find((d) => stored.stream.startsWith(`${d.name}-`));
    // samples of flow events are the same for all services that run flows
    if (!decider && !isOrderService(definition.name) && stored.stream.startsWith('flow-')) return undefined;
    if (!decider && !stored.stream.startsWith('flow-')) return `no noun of ${definition.name} has stream ${stored.stream}`;
    const event = decider ? (upcast(decider, { ...stored, cursor }) as RecordedEvent) : { ...stored, cursor };
    if (!decider && !Object.hasOwn(flowEventExamples, event.type)) return `${event.type} is no event of flows`;
    decider?.evolve(decider.initial, event);
    for (const view of decider?.views ?? []) view.evolve(null, event);
    const said = publicationsOf(definition).flatMap((publish) => publish(event));
    const faults = said.flatMap(({ topic, type, data, typeVersion = 1 }) => {
      const { version } = contractOf(topic, type);
      return version === typeVersion
        ? messageFaults(topic, type, data)
        : [`${type} is stored as version ${typeVersion}, but said as ${version}`];
    });
    return faults.length > 0 ? faults.join('; ') : undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
