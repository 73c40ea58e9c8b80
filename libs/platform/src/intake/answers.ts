import {
  answers,
  answersTopicOf,
  contradictions,
  customerAnswered,
  extra,
  type Extra,
  moneyFieldsOf,
  ownerOfFlow,
  partsOf,
  paymentNotice,
  paymentsNotices,
  type ServiceName,
  actorOn,
  storefrontOrders,
  taskAnswered,
  answerReadersOf,
  taskId,
  type Team,
  teams as allTeams,
  rejectingService,
  unknownMoneyField,
  unknownIn,
  parseWith,
} from '@orderloom/contracts';
import type { EventStore, Inbox, Subscription, UnitOfWork } from '@orderloom/event-sourcing';
import {
  questionsAskedBy,
  type Flow,
  type FlowInput,
  type FlowInstance,
  flowOfTask,
  type FlowRuntime,
  type OpenTask,
  statesOf,
} from '@orderloom/flows';
import { type FieldError, type Instant, InvalidInput, unknownBases } from '@orderloom/kernel';
import type { CloudEvent } from '@orderloom/messaging';
import { z } from 'zod';
import type { ReplayOrderGuard } from '../service/replay-order-guard.js';
import { identityBy } from './record-identity.js';
import { ServiceRejections } from './rejections.js';
import type { Sealing } from '../privacy/sealing.js';

interface Parts {
  readonly store: EventStore;
  readonly runtime: FlowRuntime;
  readonly sealing: Sealing;
  readonly early: ReplayOrderGuard;
  readonly rejections?: ServiceRejections | undefined;
}

type Unknowns = NonNullable<Extra>;

interface Answered {
  readonly taskId: string;
  readonly answer: FlowInput;
  readonly by: string;
}

/** Subscriptions to the answers of teams and customers to the questions of `flows`. */
export function answerSubscriptions(
  { name, flows }: { readonly name: ServiceName; readonly flows: readonly Flow[] },
  parts: Parts,
): Subscription[] {
  const { runtime } = parts;
  const asking = flows.flatMap((flow) => statesOf(flow.machine).flatMap((state) => questionsAskedBy(state).map((ask) => ask.team as Team)));
  // somebody tells a team that nobody asked it
  const told = allTeams.filter((team) => rejectingService(answersTopicOf(team)) === name);
  return [...new Set([...asking, ...told])].map((team) => {
    const { topic, type, schema } = answerOf(team);
    return {
      topic,
      type,
      ...identityBy('taskId'),
      inbox: inboxOf,
      parse: (data: unknown) => {
        // a team answers flows of several services: what is wrong with an answer is for the one that asked
        if (isAskedElsewhere(data, runtime)) return data;
        const answer = checkedAnswer(parseWith(schema)(data), outside(data));
        return { ...answer, by: team === 'customer' ? answer.by : actorOn(topic, answer.by), teams: [team] };
      },
      handle: async (message) => {
        const asked = (message.data as { taskId: string }).taskId;
        if (!isAskedElsewhere(message.data, runtime)) await answered(message, topic, name, parts);
        else if (rejectingService(topic) === name && !isReadByOwner(asked, topic)) await unasked(message, topic, name, parts);
      },
    };
  });
}

/** Whether the service whose flow asked reads the answers on `topic`. */
function isReadByOwner(asked: string, topic: string): boolean {
  const owner = ownerOfFlow(flowOfTask(asked));
  return owner !== undefined && answerReadersOf(topic).includes(owner);
}

/** The stream of the flow that stores an answer. */
function inboxOf({ source, id, data }: CloudEvent): Inbox | undefined {
  const asked = taskId.safeParse((data as { taskId?: unknown } | null)?.taskId);
  return asked.success ? { consumer: `flow/${flowOfTask(asked.data)}`, message: `${source}/${id}` } : undefined;
}

/** Delivers an answer to its flow. An answer that contradicts its task is recorded, and its sender is told why. */
async function answered(message: CloudEvent, topic: string, name: ServiceName, parts: Parts): Promise<void> {
  const { store, runtime, sealing, early, rejections = new ServiceRejections(name) } = parts;
  const { answer, ...rest } = message.data as Answered & { teams: readonly string[] };
  if (await early.precedesTask(message, rest.taskId))
    throw new Error(`task ${rest.taskId} is not rebuilt after the restore yet; will retry`);
  const flow = await store.row<FlowInstance>('flows', flowOfTask(rest.taskId));
  if (!flow) return unasked(message, topic, name, parts);
  const errors = await wrongWith(message, flow, parts);
  const refused = errors.length === 0 ? undefined : new InvalidInput(errors).message;
  const data = { ...rest, answer: await sealedAnswer(answer, flow.subject, sealing, message.writtenAt ?? 0), refused };
  await runtime.handleTaskAnswer({ ...message, data }, (_delivery, why): Partial<UnitOfWork> => {
    const told = why === undefined ? undefined : rejections.ofAnswer(topic, message, { reason: why, errors });
    return told ? { appends: [told] } : {};
  });
}

/** Faults of an answer to an open task, whoever gives it (CS-02). */
async function wrongWith({ key, data }: CloudEvent, flow: FlowInstance, { store, runtime }: Parts): Promise<readonly FieldError[]> {
  const { taskId: asked, answer, teams } = data as Answered & { teams: readonly string[] };
  const task = flow.tasks.find((one) => one.taskId === asked);
  if (!task || !teams.includes(task.team) || !task.answers.includes(answer.type)) return [];
  const misplaced =
    key === undefined || key === task.subject
      ? []
      : [{ field: 'key', message: `is ${key}, but the task is about ${task.subject}: use that as the key` }];
  return [
    ...misplaced,
    ...ofOtherStorefront(task.subject, data),
    ...(await contradictedFields(answer, task, flow, runtime, await store.now())),
  ];
}

/** Fields of an answer that contradict its task (ORD-04), and dates from which no deadline of its flow can be counted (CS-02). */
export async function contradictedFields(
  answer: FlowInput,
  task: Pick<OpenTask, 'about'>,
  flow: FlowInstance,
  runtime: Pick<FlowRuntime, 'policiesOf'>,
  now: Instant,
): Promise<readonly FieldError[]> {
  const policies = await runtime.policiesOf(flow, now);
  const unknown = (policies ? unknownBases(policies, answer) : []).map(({ field, message }) => ({ field: `answer.${field}`, message }));
  const refused = contradictions(task.about, answer, now);
  return [...refused, ...unknown.filter(({ field }) => !refused.some((fault) => fault.field === field))];
}

/** ORD-01: a storefront cannot answer for the customers of another one. */
function ofOtherStorefront(subject: string, data: unknown): readonly FieldError[] {
  const { storefront: said } = data as { storefront?: string };
  const { storefront } = partsOf(subject);
  return said === undefined || said === storefront
    ? []
    : [{ field: 'storefront', message: `is ${said}, but the task is about an order of ${storefront}` }];
}

/** Tells the sender of an answer that no flow has ever asked for it. */
async function unasked(message: CloudEvent, topic: string, name: ServiceName, { store, rejections }: Parts): Promise<void> {
  const { taskId: asked } = message.data as { taskId: string };
  const reason = `no task ${asked} was ever asked`;
  const told = (rejections ?? new ServiceRejections(name)).ofAnswer(topic, message, {
    reason,
    errors: [{ field: 'taskId', message: reason }],
  });
  if (!told) return;
  const inbox = { consumer: 'answers', message: `${message.source}/${message.id}` };
  const outcome = await store.commit({ meta: { by: `service:${name}`, causation: message.id }, inbox, appends: [told] });
  if (outcome.status !== 'committed' && outcome.status !== 'duplicate')
    throw new Error(`cannot commit: unexpected outcome ${JSON.stringify(outcome)}`);
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
  return { topic: answersTopicOf(team), type: 'TaskAnswered', schema: taskAnswered };
}

/**
 * An answer whose fields fit its type; what nobody knows of it is kept in `extra`. Throws `InvalidInput`, also for an unknown field that
 * changes what is to be paid. `beside`: what nobody knows of the record around it.
 */
export function checkedAnswer({ answer, ...rest }: Answered, beside: Unknowns = []): Answered {
  const schema = answerSchema(answer.type);
  if (!schema)
    throw new InvalidInput([
      { field: 'answer.type', message: `is ${answer.type}, but no question has this answer: use one of the answers that the task names` },
    ]);
  const known = parseWith(schema, 'answer', ['answer'])(answer) as object;
  const { type, ...fields } = answer;
  const within = unknownIn(schema, fields);
  const money = [...moneyFieldsOf(within).map((field) => `answer.${field}`), ...moneyFieldsOf(beside)];
  if (money.length > 0) throw new InvalidInput(money.map((field) => ({ field, message: unknownMoneyField })));
  const unknown = [...within, ...beside];
  return { ...rest, answer: { ...known, ...(unknown.length > 0 && { extra: unknown }), type } };
}

/** An answer with what is personal in it sealed; `subject` is what the task is about, `writtenAt` when the log got it. */
export async function sealedAnswer(answer: FlowInput, subject: string, sealing: Sealing, writtenAt?: number): Promise<FlowInput> {
  const { extra: unknown, ...known } = answer as FlowInput & { extra?: unknown };
  const sealed = await sealing.seal<FlowInput>(answerSchema(answer.type) ?? anything, known, subject, writtenAt);
  return unknown === undefined ? sealed : { ...sealed, ...(await sealing.seal(kept, { extra: unknown }, subject, writtenAt)) };
}

/** Undefined for a type that is no answer, also where every object has a member of that name (`toString`). */
const answerSchema = (type: string): z.ZodType | undefined => (Object.hasOwn(answers, type) ? answers[type] : undefined);

const envelope = z.looseObject({ taskId: z.unknown(), answer: z.unknown(), by: z.unknown(), storefront: z.unknown() });

const outside = (data: unknown): Unknowns => unknownIn(envelope, data);

const anything = z.unknown();
const kept = z.object({ extra });
