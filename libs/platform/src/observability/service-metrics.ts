import { listGaps, type Consumer, type PostgresStore, type Retries, storeNow } from '@orderloom/event-sourcing';
import { type Calendar, calendarAlarmDays, type Instant } from '@orderloom/kernel';
import type { Log } from '@orderloom/messaging';
import type { RejectionBudget } from '../intake/rejection-budget.js';
import type { Measure } from './metrics.js';

interface Measured {
  readonly store: PostgresStore;
  readonly log: Log;
  readonly group: string;
  readonly topics: readonly string[];
  /** Those by which deadlines are counted at an instant. */
  readonly calendars: (now: Instant) => Promise<readonly Calendar[]>;
  readonly retries: Pick<Retries, 'list'>;
  readonly consumer?: Pick<Consumer, 'unknownRecords' | 'repeatedRecords'>;
  readonly rejectionBudget?: Pick<RejectionBudget, 'suppressed'>;
}

const counted = 100_000;

/** One line for the log for each calendar that ends within 60 days. */
export const calendarWarnings = (calendars: readonly Calendar[], now: Instant): readonly { readonly [field: string]: string | number }[] =>
  calendars
    .filter((calendar) => calendar.endsWithin(calendarAlarmDays, now))
    .map((calendar) => ({
      calendar: calendar.name,
      knownUntil: calendar.knownUntil,
      daysLeft: calendar.daysLeft(now),
      source: calendar.source,
    }));

/** Metrics of a service's progress: relay, consumer, open transactions, parked and overdue work. */
export function serviceMeasures({ store, log, group, topics, calendars, retries, consumer, rejectionBudget }: Measured): Measure[] {
  const number = async (sql: string): Promise<number> => Number((await store.pool.query<{ n: string | null }>(sql)).rows[0]?.n ?? 0);
  const unsaid = `select recorded_at from events where (xid, position) > coalesce(
    (select row(xid, position) from checkpoints where name like 'relay/%' order by xid, position limit 1), row('0'::xid8, 0::bigint))`;
  return [
    {
      name: 'orderloom_relay_lag_events',
      help: `Committed events that are not on the log yet, ${counted} at most`,
      read: () => number(`select count(*) as n from (${unsaid} limit ${counted}) e`),
    },
    {
      name: 'orderloom_relay_lag_seconds',
      help: 'Age of the oldest committed event that is not on the log yet',
      read: () => number(`select extract(epoch from ${storeNow} - min(recorded_at)) as n from (${unsaid} limit ${counted}) e`),
    },
    {
      name: 'orderloom_consumer_lag_records',
      help: 'Records of the log that the service has not handled yet',
      label: 'topic',
      read: () => log.lag(group, topics),
    },
    {
      name: 'orderloom_oldest_write_transaction_seconds',
      help: 'Age of the oldest open write transaction of the database cluster: it holds every reader back',
      read: () =>
        number(`select extract(epoch from max(clock_timestamp() - xact_start)) as n from pg_stat_activity where backend_xid is not null`),
    },
    {
      name: 'orderloom_parked_messages',
      help: 'Records that could not be handled, and those behind them',
      read: () => number(`select count(*) as n from parked where row->>'state' in ('parked', 'queued')`),
    },
    {
      name: 'orderloom_unknown_type_records_total',
      help: 'Records of types that no service reads, since the process began; their senders were told',
      label: 'topic',
      counts: true,
      read: async () => ({ ...consumer?.unknownRecords() }),
    },
    {
      name: 'orderloom_repeated_records_total',
      help: 'Records that repeat a parked one, and were counted instead of kept, since the process began',
      label: 'topic',
      counts: true,
      read: async () => ({ ...consumer?.repeatedRecords() }),
    },
    {
      name: 'orderloom_suppressed_rejections_total',
      help: 'Refused records of whom the sender was not told one by one, since the process began',
      label: 'topic',
      counts: true,
      read: async () => ({ ...rejectionBudget?.suppressed() }),
    },
    {
      name: 'orderloom_missed_records',
      help: 'Records that retention took before they were heard, and that nobody has seen to yet',
      label: 'topic',
      read: async () => {
        const counts: Record<string, number> = Object.fromEntries(topics.map((topic) => [topic, 0]));
        for (const { topic, from, to, resolved } of await listGaps(store)) if (!resolved) counts[topic] = (counts[topic] ?? 0) + to - from;
        return counts;
      },
    },
    {
      name: 'orderloom_parked_flows',
      help: 'Flows that an input made throw',
      read: () => number(`select count(*) as n from flows where "row.status" @> '"parked"'`),
    },
    {
      name: 'orderloom_retrying',
      help: 'Messages and deadlines that failed and that this process tries again',
      label: 'what',
      read: async () => {
        const counts: Record<string, number> = { message: 0, deadline: 0 };
        for (const { what } of retries.list()) counts[what] = (counts[what] ?? 0) + 1;
        return counts;
      },
    },
    {
      name: 'orderloom_overdue_deadlines',
      help: 'Deadlines that fell due more than a second ago and have not fired',
      read: () => number(`select count(*) as n from deadlines where due_at < ${storeNow} - interval '1 second'`),
    },
    {
      name: 'orderloom_overdue_tasks',
      help: 'Open tasks that should have been answered',
      read: () =>
        number(`select count(*) as n from flows, jsonb_array_elements(row->'tasks') t
          where "row.status" @> '"active"' and (t->>'dueAt')::timestamptz < ${storeNow}`),
    },
    {
      name: 'orderloom_calendar_days_left',
      help: 'Days until the last day that the calendar knows; working days after that day are an error',
      label: 'calendar',
      read: async () => {
        const now = await store.now();
        return Object.fromEntries((await calendars(now)).map((calendar) => [calendar.name, calendar.daysLeft(now)]));
      },
    },
    {
      name: 'orderloom_units_of_work_total',
      counts: true,
      help: 'Units of work since the start by outcome; a conflict was tried again',
      label: 'outcome',
      read: async () => ({ ...store.outcomes }),
    },
    {
      name: 'orderloom_append_conflicts_total',
      counts: true,
      help: 'Appends since the start that met another one to the same stream, by the kind of stream; they were tried again',
      label: 'stream',
      read: async () => ({ ...store.conflicts }),
    },
  ];
}
