import {
  commandsTopicOf,
  courierScans,
  type MessageContract,
  messages,
  readerOf,
  senderOn,
  type ServiceName,
  actorOn,
  storefrontOrders,
  topics,
  versionsOf,
  warehouseReports,
  parseWith,
} from '@orderloom/contracts';
import { type EventStore, execute, type Inbox, type Meta, type Outcome, type Subscription } from '@orderloom/event-sourcing';
import type { Flow, FlowRuntime } from '@orderloom/flows';
import { deriveId, InvalidInput, Refusal } from '@orderloom/kernel';
import type { CloudEvent } from '@orderloom/messaging';
import { z } from 'zod';
import { answerSubscriptions } from '../intake/answers.js';
import { ReplayOrderGuard } from './replay-order-guard.js';
import { readDropped, type Dropped, keptFieldsUnit } from '../intake/fields-kept.js';
import { refusingFutureTimes } from '../intake/happened.js';
import { identityBy } from '../intake/record-identity.js';
import { ServiceRejections } from '../intake/rejections.js';
import type { Sealing } from '../privacy/sealing.js';
import type { MessageRoute, ServiceDefinition } from './service-definition.js';

/** Topics whose records answer requests of these services. */
const reports: readonly string[] = [warehouseReports, courierScans];

/** By topic: the field that the key of its records repeats. */
const keyFields: ReadonlyMap<string, 'orderNumber' | 'trackingNumber'> = new Map(
  topics.flatMap(({ topic, key }) => {
    const field = (
      { 'order number': 'orderNumber', 'tracking number': 'trackingNumber' } as Readonly<
        Record<string, 'orderNumber' | 'trackingNumber' | undefined>
      >
    )[key];
    return field === undefined ? [] : [[topic, field]];
  }),
);
const nouns = { orderNumber: 'order', trackingNumber: 'parcel' } as const;

/** All subscriptions of a service: messages, commands, and the inputs of its flows. */
export const subscriptionsOf = (definition: ServiceDefinition, parts: Parts): Subscription[] => {
  const { store, runtime } = parts;
  const early = new ReplayOrderGuard(store);
  return [
    ...definition.subscribes.map((route) => heard(route, { ...parts, early, name: definition.name })),
    ...commandSubscriptions(definition, store),
    ...factsFor(definition.flows).map((contract) =>
      subscription(contract, (message) => runtime.handleEvent(message as CloudEvent<object>)),
    ),
    ...answerSubscriptions(definition, { ...parts, early }),
  ];
};

interface Parts {
  readonly store: EventStore;
  readonly runtime: FlowRuntime;
  readonly sealing: Sealing;
  readonly rejections?: ServiceRejections;
}

/** The subscription to a message of a contract, in every version of it. */
export const subscription = (contract: MessageContract, handle: Subscription['handle']): Subscription => ({
  topic: contract.topic,
  type: contract.type,
  maxVersion: contract.version,
  parse: readerOf(contract, (schema) => parseWith(schema)),
  ...identityBy(contract.identity),
  handle,
});

/** A parsed message and its unknown fields. */
interface Said {
  readonly said: unknown;
  readonly dropped: Dropped;
}

const schemaOf = (contract: MessageContract, version: number): z.ZodType =>
  (versionsOf(contract).find((one) => one.version === version) ?? contract).data;

function heard(
  { contract, decider: noun, command, refused, each, lookup }: MessageRoute,
  { store, sealing, early, name, rejections = new ServiceRejections(name) }: Parts & { early: ReplayOrderGuard; name: ServiceName },
): Subscription {
  const decider = contract.happened === undefined ? noun : refusingFutureTimes(noun, contract.happened);
  const isOfOthers = senderOn(contract.topic) !== undefined;
  const read = readerOf(contract, (schema) => parseWith(schema));
  const parse = (data: unknown, version: number): Said => {
    const said = read(data, version);
    return { said, dropped: isOfOthers ? readDropped(schemaOf(contract, version), data) : [] };
  };
  const inboxOf = ({ source, id, key, subject }: CloudEvent): Inbox => ({
    ...{ consumer: decider.name, message: `${source}/${id}` },
    ...(isOfOthers && { about: deriveId('about', contract.type, key ?? subject) }),
  });
  const committedOnce = async (executing: ReturnType<typeof execute>, message: CloudEvent): Promise<void> => {
    const { status } = await carriedOut(executing);
    if (status === 'duplicate' && !(await store.handled(inboxOf(message)))) throw nameTaken(message);
  };
  const handle = async ({ data, ...event }: CloudEvent): Promise<void> => {
    const said = { ...event, data: (data as Said).said };
    assertKeyed(said, contract.topic);
    const message = contract.topic === storefrontOrders ? await sealed(said, contract.data, sealing) : said;
    for (const { id, command: one } of (await each?.(message.data as never, store)) ?? []) {
      const inbox = { consumer: decider.name, message: `${message.source}/${message.id} ${id}` };
      const meta = metaOfMessage(message, contract.topic);
      // flows of the same object may change it for the same cause, which is another effect (I4)
      const cause = id === message.subject ? { causation: deriveId('heard again', message.id) } : {};
      await carriedOut(execute(store, { decider, id, command: one, meta: { ...meta, ...cause }, additions: { inbox } }));
    }
    const route = command(message.data as never, message, (await lookup?.(message.data as never, store)) as never);
    if (!route) return;
    if (reports.includes(contract.topic) && (await early.precedesEntity(message, decider.name, route.id)))
      throw new Error(`${decider.name} ${route.id} is not rebuilt after the restore yet; will retry`);
    const meta = metaOfMessage(message, contract.topic);
    const inbox = inboxOf(message);
    const { orderNumber = message.subject } = message.data as { orderNumber?: string };
    const about = { orderNumber, of: contract.type, on: contract.topic, source: message.source, id: message.id };
    const kept = await keptFieldsUnit(about, (data as Said).dropped, sealing, message.writtenAt ?? 0);
    try {
      await committedOnce(
        execute(store, { decider, id: route.id, command: route.command, meta, additions: { inbox, appends: kept } }),
        message,
      );
    } catch (error) {
      if (error instanceof Refusal && error.code === 'event-too-large') throw tooLarge;
      if (error instanceof NameTaken) throw error;
      if (!refused || !(error instanceof Refusal || error instanceof InvalidInput)) throw error;
      const instead = refused(message.data as never, error);
      const told = rejections.ofRequest(contract.topic, said, error);
      const appends = told ? [told, ...kept] : kept;
      await committedOnce(
        execute(store, { decider, id: instead.id, command: instead.command, meta, additions: { inbox, appends } }),
        message,
      );
    }
  };
  return { ...subscription(contract, handle), parse, ...(each ? {} : { inbox: inboxOf }) };
}

/** A sender may reuse ids, for instance after a restart. Its record is not a duplicate and must not be dropped. */
class NameTaken extends InvalidInput {}

const nameTaken = ({ id, source }: CloudEvent): NameTaken =>
  new NameTaken([
    {
      field: 'ce_id',
      message: `${id} is already the id of another record of ${source}: send this record with an id of its own`,
    },
  ]);

const tooLarge = new InvalidInput([
  {
    field: 'data',
    message: 'is too large: the stored part of a record has at most 256 kB; shorten descriptions, attributes and other texts',
  },
]);

/** ORD-01, LOG-01: the key of a record is its order or parcel, so that records of another one do not wait for it. */
function assertKeyed({ key, data }: CloudEvent, topic: string): void {
  const field = keyFields.get(topic);
  const about = field && (data as Record<string, string | undefined>)[field];
  if (key === undefined || about === undefined || key === about) return;
  throw new InvalidInput([
    { field: 'key', message: `is ${key}, but the record is about ${nouns[field ?? 'orderNumber']} ${about}: use that as the key` },
  ]);
}

/** Clear text of the storefront is sealed here and goes no further. */
const sealed = async (message: CloudEvent, schema: z.ZodType, sealing: Sealing): Promise<CloudEvent> => {
  const { orderNumber = message.subject } = message.data as { orderNumber?: string };
  return { ...message, data: await sealing.seal(schema, message.data, orderNumber, message.writtenAt ?? 0) };
};

/** Commands of other services' flows; own flows send theirs within their unit of work. */
function commandSubscriptions({ name, commands }: ServiceDefinition, store: EventStore): Subscription[] {
  return messages
    .filter((m) => m.topic === commandsTopicOf(name))
    .map((contract) => {
      const route = commands[contract.type];
      if (!route) throw new Error(`${name} has no route for its command ${contract.type}: add it to commands of the service definition`);
      return subscription(contract, async (message) => {
        const data = message.data as Record<string, unknown>;
        const command = { type: contract.type, ...data, ...route.derive?.(message.id), flow: message.flow };
        const meta = { ...metaOfMessage(message, contract.topic), ...(message.flow === undefined ? {} : { by: `flow:${message.flow}` }) };
        const inbox = { consumer: route.decider.name, message: `${message.source}/${message.id}` };
        await carriedOut(execute(store, { decider: route.decider, id: String(data[route.id]), command, meta, additions: { inbox } }));
      });
    });
}

async function carriedOut(executing: ReturnType<typeof execute>): Promise<Outcome> {
  const { outcome } = await executing;
  if (outcome.status !== 'committed' && outcome.status !== 'duplicate')
    throw new Error(`cannot commit: unexpected outcome ${JSON.stringify(outcome)}`);
  return outcome;
}

/** Published facts that start flows, or that some state of theirs understands. */
function factsFor(flows: readonly Flow[]): MessageContract[] {
  const types = new Set(flows.flatMap((flow) => [...Object.keys(flow.startedBy), ...flow.listensTo, ...flow.machine.events.map(String)]));
  return messages.filter((m) => m.topic.endsWith('.events') && types.has(m.type));
}

export const metaOfMessage = (message: CloudEvent, topic: string): Meta => ({
  by: actorOn(topic, message.by ?? message.source),
  causation: message.id,
  causationSource: message.source,
  correlation: message.correlation ?? message.id,
  trace: message.traceparent,
  causedAt: message.recordedAt,
});
