import {
  answers,
  answersOf,
  commandsOf,
  courierScans,
  customerAnswered,
  type MessageContract,
  messages,
  paymentNotice,
  paymentsNotices,
  readerOf,
  type ServiceName,
  speakerOn,
  storefrontOrders,
  taskAnswered,
  taskId,
  type Team,
  topics,
  warehouseReports,
} from '@orderloom/contracts';
import { type EventStore, execute, type Meta, type Subscription } from '@orderloom/event-sourcing';
import { asksOf, type Flow, type FlowInput, type FlowRuntime, statesOf } from '@orderloom/flows';
import { InvalidInput, Refusal } from '@orderloom/kernel';
import type { CloudEvent } from '@orderloom/messaging';
import { z } from 'zod';
import { Early } from './early.js';
import { parseWith } from './parse.js';
import { rejectionOfRequest } from './rejections/rejections.js';
import type { Sealing } from './sealing.js';
import type { MessageRoute, ServiceDefinition } from './service-definition.js';

/** What is said there is about something that a service of ours has asked for before. */
const reports: readonly string[] = [warehouseReports, courierScans];

/** Their key is the reference of the order that a record is about. */
const byOrder: ReadonlySet<string> = new Set(topics.filter(({ key }) => key === 'order number').map(({ topic }) => topic));

/** All that a service subscribes to: what it hears, its commands, and what its flows wait for. */
export const subscriptionsOf = (definition: ServiceDefinition, parts: Parts): Subscription[] => {
  const { store, runtime, sealing } = parts;
  const early = new Early(store);
  return [
    ...definition.hears.map((route) => heard(route, { ...parts, early, name: definition.name })),
    ...commandSubscriptions(definition, store),
    ...factsFor(definition.flows).map((contract) => subscription(contract, (message) => runtime.fact(message as CloudEvent<object>))),
    ...answersFor(definition.flows, { runtime, sealing, early }),
  ];
};

interface Parts {
  readonly store: EventStore;
  readonly runtime: FlowRuntime;
  readonly sealing: Sealing;
}

const subscription = (contract: MessageContract, handle: Subscription['handle']): Subscription => ({
  topic: contract.topic,
  type: contract.type,
  maxVersion: contract.version,
  parse: readerOf(contract, (schema) => parseWith(schema)),
  ...identityBy(contract.identity),
  handle,
});

/** Records of one key are about the same thing, or those that agree in this field of their data. */
const identityBy = (field: string | undefined): Pick<Subscription, 'identity'> => {
  if (field === undefined) return {};
  if (field === 'key') return { identity: () => field };
  return {
    identity: (data) => {
      const value = typeof data === 'object' && data !== null ? (data as Record<string, unknown>)[field] : undefined;
      return typeof value === 'string' ? value : undefined;
    },
  };
};

function heard(
  { contract, decider, command, refused, each }: MessageRoute,
  { store, sealing, early, name }: Parts & { early: Early; name: ServiceName },
): Subscription {
  return subscription(contract, async (said) => {
    assertKeyed(said, contract.topic);
    const message = contract.topic === storefrontOrders ? await sealed(said, contract.data, sealing) : said;
    for (const { id, command: one } of (await each?.(message.data as never, store)) ?? []) {
      const inbox = { consumer: decider.name, message: `${message.source}/${message.id} ${id}` };
      await carriedOut(execute(store, decider, id, one, metaOfMessage(message, contract.topic), { inbox }));
    }
    const route = command(message.data as never, message);
    if (!route) return;
    if (reports.includes(contract.topic) && (await early.isReport(message, decider.name, route.id)))
      throw new Error(`${decider.name} ${route.id} is not there again yet`);
    const meta = metaOfMessage(message, contract.topic);
    const inbox = { consumer: decider.name, message: `${message.source}/${message.id}` };
    try {
      await carriedOut(execute(store, decider, route.id, route.command, meta, { inbox }));
    } catch (error) {
      if (!refused || !(error instanceof Refusal || error instanceof InvalidInput)) throw error;
      const instead = refused(message.data as never, error);
      const told = rejectionOfRequest(contract.topic, said, error, name);
      await carriedOut(execute(store, decider, instead.id, instead.command, meta, { inbox, appends: told ? [told] : [] }));
    }
  });
}

/** ORD-01: what is said of an order stands under that order, so that nothing of another one waits for it or is taken for it. */
function assertKeyed({ key, data }: CloudEvent, topic: string): void {
  const { orderNumber } = data as { orderNumber?: string };
  if (!byOrder.has(topic) || key === undefined || orderNumber === undefined || key === orderNumber) return;
  throw new InvalidInput([{ field: 'key', message: `is ${key}, but the record is about order ${orderNumber}: that must be its key` }]);
}

/** What the storefront says in clear goes no further than here. */
const sealed = async (message: CloudEvent, schema: z.ZodType, sealing: Sealing): Promise<CloudEvent> => {
  const { orderNumber = message.subject } = message.data as { orderNumber?: string };
  return { ...message, data: await sealing.seal(schema, message.data, orderNumber, message.writtenAt ?? 0) };
};

/** Commands of other services' flows; own flows send theirs within their unit of work. */
function commandSubscriptions({ name, commands }: ServiceDefinition, store: EventStore): Subscription[] {
  return messages
    .filter((m) => m.topic === commandsOf(name))
    .map((contract) => {
      const route = commands[contract.type];
      if (!route) throw new Error(`${name} declares command ${contract.type} and does not carry it out`);
      return subscription(contract, async (message) => {
        const data = message.data as Record<string, unknown>;
        const command = { type: contract.type, ...data, ...route.derive?.(message.id), flow: message.flow };
        const meta = { ...metaOfMessage(message, contract.topic), ...(message.flow === undefined ? {} : { by: `flow:${message.flow}` }) };
        const inbox = { consumer: route.decider.name, message: `${message.source}/${message.id}` };
        await carriedOut(execute(store, route.decider, String(data[route.id]), command, meta, { inbox }));
      });
    });
}

async function carriedOut(executing: ReturnType<typeof execute>): Promise<void> {
  const { outcome } = await executing;
  if (outcome.status !== 'committed' && outcome.status !== 'duplicate') throw new Error(`not committed: ${JSON.stringify(outcome)}`);
}

/** Published facts that start flows, or that some state of theirs understands. */
function factsFor(flows: readonly Flow[]): MessageContract[] {
  const types = new Set(flows.flatMap((flow) => [...Object.keys(flow.startedBy), ...flow.listensTo, ...flow.machine.events.map(String)]));
  return messages.filter((m) => m.topic.endsWith('.events') && types.has(m.type));
}

function answersFor(
  flows: readonly Flow[],
  { runtime, sealing, early }: Pick<Parts, 'runtime' | 'sealing'> & { early: Early },
): Subscription[] {
  const teams = new Set(flows.flatMap((flow) => statesOf(flow.machine).flatMap((state) => asksOf(state).map((ask) => ask.team))));
  return [...teams].map((team) => {
    const { topic, type, schema } = answerOf(team as Team);
    return {
      topic,
      type,
      ...identityBy('taskId'),
      parse: (data: unknown) => {
        // a team answers flows of several services: what is wrong with an answer is for the one that asked
        if (isAskedElsewhere(data, runtime)) return data;
        const answer = checkedAnswer(parseWith(schema)(data));
        return { ...answer, by: team === 'customer' ? answer.by : speakerOn(topic, answer.by), teams: [team] };
      },
      handle: async (message) => {
        if (isAskedElsewhere(message.data, runtime)) return;
        const { answer, ...rest } = message.data as Answered & { teams: readonly string[] };
        if (await early.isAnswer(message, rest.taskId)) throw new Error(`task ${rest.taskId} has not been asked again yet`);
        const data = { ...rest, answer: await sealedAnswer(answer, message.subject, sealing, message.writtenAt ?? 0) };
        await runtime.answer({ ...message, data });
      },
    };
  });
}

function isAskedElsewhere(data: unknown, runtime: FlowRuntime): boolean {
  const task = taskId.safeParse((data as { taskId?: unknown } | null)?.taskId);
  return task.success && !runtime.asks(task.data);
}

function answerOf(team: Team) {
  if (team === 'customer') {
    const schema = customerAnswered.data.transform((data) => ({ ...data, by: 'customer' }));
    return { topic: storefrontOrders, type: customerAnswered.type, schema };
  }
  if (team === 'payments') return { topic: paymentsNotices, type: paymentNotice.type, schema: paymentNotice.data };
  return { topic: answersOf(team), type: 'TaskAnswered', schema: taskAnswered };
}

interface Answered {
  readonly taskId: string;
  readonly answer: FlowInput;
  readonly by: string;
}

/** An answer whose fields fit its type, and nothing else. Throws `InvalidInput`. */
export function checkedAnswer({ answer, ...rest }: Answered): Answered {
  const schema = answers[answer.type];
  if (!schema) throw new InvalidInput([{ field: 'answer.type', message: `${answer.type} is no answer to any question` }]);
  return { ...rest, answer: { ...(parseWith(schema, 'answer', ['answer'])(answer) as object), type: answer.type } };
}

/** An answer with what is personal in it sealed; `subject` is what the task is about, `writtenAt` when the log got it. */
export const sealedAnswer = (answer: FlowInput, subject: string, sealing: Sealing, writtenAt?: number): Promise<FlowInput> =>
  sealing.seal(answers[answer.type] ?? anything, answer, subject, writtenAt);

const anything = z.unknown();

const metaOfMessage = (message: CloudEvent, topic: string): Meta => ({
  by: speakerOn(topic, message.by ?? message.source),
  causation: message.id,
  causationSource: message.source,
  correlation: message.correlation ?? message.id,
  trace: message.traceparent,
  causedAt: message.recordedAt,
});
