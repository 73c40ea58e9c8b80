import { Inject, Injectable } from '@nestjs/common';
import { NotFound } from '@orderloom/kernel';
import { DataSource } from 'typeorm';
import type { Entry } from './entry.js';
import { kindOf } from './kind.js';
import { Search } from './search.js';
import { sentenceOf } from './sentences.js';
import { inOrder } from './story.js';
import type { Timeline, TimelineLine } from './views.js';

const mostLines = 10_000;

/** The whole story of an order across services. */
@Injectable()
export class Timelines {
  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    @Inject(Search) private readonly search: Search,
  ) {}

  /** Every line about an order number (or an entry of the books), by causation and then time; throws `NotFound` where there is none. */
  async of(orderNumber: string): Promise<Timeline> {
    const entries: Entry[] = await this.database.query(
      `select source, id, topic, partition, "offset", subject, order_number as "orderNumber", type, type_version as "typeVersion", rule, by,
         iso(occurred_at) as "occurredAt", iso(recorded_at) as "recordedAt", causation, correlation, flow, data, unreadable
       from timeline where order_number = $1 order by recorded_at limit ${mostLines}`,
      [orderNumber],
    );
    if (entries.length === 0) throw new NotFound(`order ${orderNumber}`);
    return { orderNumber, order: await this.search.order(orderNumber), lines: inOrder(withQuestions(entries)).map(lineOf) };
  }
}

/** An answer of somebody who names no cause is caused by the question that it answers. */
export function withQuestions(entries: readonly Entry[]): Entry[] {
  const questions = new Map(entries.filter(isQuestion).map((entry) => [taskOf(entry), entry.id]));
  return entries.map((entry) => {
    const task = entry.causation === null && isAnswer(entry) ? taskOf(entry) : undefined;
    return task === undefined ? entry : { ...entry, causation: questions.get(task) ?? null };
  });
}

const isQuestion = ({ topic, type }: Entry): boolean => type === 'TaskAsked' && kindOf(topic) === 'tasks';
const isAnswer = ({ type }: Entry): boolean => type === 'TaskAnswered' || type === 'CustomerAnswered';
const taskOf = ({ data }: Entry): unknown => (data as { taskId?: unknown } | null)?.taskId;

function lineOf(entry: Entry): TimelineLine {
  const { id, source, topic, type, rule, by, occurredAt, recordedAt, causation, correlation, flow, unreadable, data } = entry;
  return {
    id,
    source,
    topic,
    type,
    rule,
    by,
    occurredAt,
    recordedAt,
    causation,
    correlation,
    flow,
    says: sentenceOf(entry),
    unreadable,
    data,
  };
}
