import { Inject, Injectable } from '@nestjs/common';
import { NotFound } from '@orderloom/kernel';
import { DataSource } from 'typeorm';
import type { Entry } from '../ingest/entry.js';
import { Search } from '../http/search.js';
import { describeMessage } from './describe-message.js';
import { orderCausally } from './causal-order.js';
import { answeredTasks, precedingLines, ignoredReasons, withoutDuplicates, withQuestions } from './line-relations.js';
import type { Timeline, TimelineLine } from '../http/responses.js';

const mostLines = 10_000;

/** All messages about an order, of all services. */
@Injectable()
export class Timelines {
  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    @Inject(Search) private readonly search: Search,
  ) {}

  /** Every line about an order number (or an entry of a data set), by causation, then time. Throws `NotFound`. */
  async of(orderNumber: string): Promise<Timeline> {
    const entries: Entry[] = await this.database.query(
      `select source, id, topic, partition, "offset", subject, order_number as "orderNumber", type, type_version as "typeVersion", rule, by,
         iso(occurred_at) as "occurredAt", iso(recorded_at) as "recordedAt", causation,
         causation_source as "causationSource", correlation, flow, data, unreadable
       from timeline where order_number = $1 order by recorded_at limit ${mostLines + 1}`,
      [orderNumber],
    );
    if (entries.length === 0) throw new NotFound(`order ${orderNumber}`);
    const told = withQuestions(withoutDuplicates(entries.slice(0, mostLines)));
    const why = ignoredReasons(told, await this.teams(answeredTasks(told)));
    const lines = orderCausally(told, precedingLines(told)).map((entry) => lineOf(entry, why.get(entry) ?? null));
    const order = await this.search.order(orderNumber);
    const hint = entries.length > mostLines ? { hint: `There are more lines: the oldest ${mostLines} are shown.` } : {};
    return { orderNumber, order, lines, ...hint };
  }

  /** Team of each asked task. */
  private async teams(tasks: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
    if (tasks.length === 0) return new Map();
    const rows: { task: string; team: string | null }[] = await this.database.query(
      'select task_id as task, team from tasks where task_id = any($1)',
      [tasks],
    );
    return new Map(rows.map(({ task, team }) => [task, team]));
  }
}

function lineOf(entry: Entry, why: string | null): TimelineLine {
  const { id, source, topic, type, rule, by, occurredAt, recordedAt, causation, causationSource, correlation, flow, unreadable, data } =
    entry;
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
    causationSource,
    correlation,
    flow,
    says: why === null || unreadable !== null ? describeMessage(entry) : `${why}: ${describeMessage(entry)}`,
    unreadable,
    ignored: why,
    data,
  };
}
