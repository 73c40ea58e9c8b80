import { type RecordRejected, storefrontOrders } from '@orderloom/contracts';
import type { Entry } from '../ingest/entry.js';
import { kindOf } from '../ingest/message-handlers.js';
import { Causes, nameOf } from './causal-order.js';

/** An answer without a cause gets its question as cause. */
export function withQuestions(entries: readonly Entry[]): Entry[] {
  const questions = new Map(entries.filter(isQuestion).map((entry) => [taskOf(entry), entry]));
  return entries.map((entry) => {
    const task = entry.causation === null && isAnswer(entry) ? taskOf(entry) : undefined;
    const question = task === undefined ? undefined : questions.get(task);
    return question ? { ...entry, causation: question.id, causationSource: question.source } : entry;
  });
}

/** Drops duplicates: a question of a flow is on the team's topic and, with less data, on the topic of flows. */
export function withoutDuplicates(entries: readonly Entry[]): Entry[] {
  const names = new Set(entries.map(nameOf));
  return entries.filter(({ topic, source, id }) => {
    const event = id.replace(/\.\d+$/, '');
    return kindOf(topic) !== 'flows' || event === id || !names.has(nameOf({ source, id: event }));
  });
}

/** Maps a line to the one that it follows without naming it as cause: a request follows its order on the log, a rejection its record. */
export function precedingLines(entries: readonly Entry[]): Map<Entry, Entry> {
  const follows = new Map<Entry, Entry>();
  const placings = entries.filter(({ topic, type }) => topic === storefrontOrders && type === 'OrderPlaced');
  for (const entry of entries) {
    const before = (other: Entry): boolean => other.partition === entry.partition && Number(other.offset) < Number(entry.offset);
    const placing = entry.topic === storefrontOrders && entry.type !== 'OrderPlaced' ? placings.find(before) : undefined;
    const record = placing ?? rejectedBy(entry, entries);
    if (record) follows.set(entry, record);
  }
  return follows;
}

/** Ids of the tasks that `entries` answer. */
export const answeredTasks = (entries: readonly Entry[]): string[] => [
  ...new Set(
    entries
      .filter(isAnswer)
      .map(taskOf)
      .filter((task) => typeof task === 'string'),
  ),
];

/**
 * The reason why a line had no effect: it was refused, or it answers no open task. Undefined for a line with an effect. `teams`: team of
 * each known task.
 */
export function ignoredReasons(entries: readonly Entry[], teams: ReadonlyMap<string, string | null>): Map<Entry, string> {
  const why = new Map<Entry, string>();
  for (const entry of entries) {
    const wrong = isAnswer(entry) ? wrongTask(entry, teams) : undefined;
    if (wrong !== undefined) why.set(entry, `ignored, ${wrong}`);
  }
  const causes = new Causes(entries);
  const effective = new Set<Entry>();
  for (const entry of entries) {
    const cause = rejectedBy(entry, entries) ?? causes.of(entry);
    if (!cause) continue;
    const { by, reason, why: stray } = entry.data as { by?: string; reason?: string; why?: string };
    if (kindOf(entry.topic) === 'rejections') why.set(cause, `refused by ${by}, ${reason}`);
    else if (entry.type === 'InputStrayed' && isAnswer(cause)) why.set(cause, `ignored, ${stray}`);
    else if (entry.type !== 'RequestRefused') effective.add(cause);
  }
  for (const entry of effective) why.delete(entry);
  return why;
}

function wrongTask(entry: Entry, teams: ReadonlyMap<string, string | null>): string | undefined {
  const id = taskOf(entry);
  if (typeof id !== 'string') return undefined;
  const team = teams.get(id);
  if (team === undefined) return `no task ${id} was asked`;
  const answering =
    entry.type === 'CustomerAnswered' ? 'customer' : kindOf(entry.topic) === 'answers' ? entry.topic.split('.')[2] : undefined;
  return team !== null && answering !== undefined && team !== answering ? `the task is for ${team}, not for ${answering}` : undefined;
}

/** The rejected record, found by its partition and offset, or by source and id if it was readable. */
function rejectedBy({ topic, data }: Entry, entries: readonly Entry[]): Entry | undefined {
  if (kindOf(topic) !== 'rejections' || data === null) return undefined;
  const record = data as RecordRejected;
  return entries.find(
    (entry) =>
      entry.topic === record.topic &&
      (record.offset === null
        ? entry.source === record.source && entry.id === record.id
        : entry.partition === record.partition && entry.offset === record.offset),
  );
}

const isQuestion = ({ topic, type }: Entry): boolean => type === 'TaskAsked' && kindOf(topic) === 'tasks';
const isAnswer = ({ type }: Entry): boolean => type === 'TaskAnswered' || type === 'CustomerAnswered';
const taskOf = ({ data }: Entry): unknown => (data as { taskId?: unknown } | null)?.taskId;
