import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { kindOf } from '../ingest/message-handlers.js';
import { money, words } from '../timeline/format.js';
import type { Summary } from './responses.js';

type Rows = Summary['sections'][number]['rows'];
interface Counted {
  readonly what: string;
  readonly n: number;
}

/** Counts of orders, flows and refunds by outcome. */
@Injectable()
export class Summaries {
  constructor(@Inject(DataSource) private readonly database: DataSource) {}

  async read(): Promise<Summary> {
    const sections = [
      {
        title: 'Orders by outcome',
        rows: await this.count(
          `select coalesce(status, case when refusal is null then 'not yet heard of' else 'refused' end) as what, count(*)::int as n from orders group by 1 order by 2 desc, 1`,
        ),
      },
      { title: 'Orders by storefront', rows: await this.storefronts() },
      { title: 'Entries of the books by outcome', rows: await this.entries() },
      { title: 'Messages through the log', rows: await this.messages() },
      { title: 'Money', rows: await this.money() },
      { title: 'Refused, and why', rows: await this.refusals() },
      { title: 'Flows', rows: await this.flows() },
    ];
    const [example] = await this.rows<{ orderNumber: string; email: string }>(worthLookingAt);
    return { sections, example };
  }

  private storefronts(): Promise<Rows> {
    return this.count(
      `select storefront || ', ' || currency as what, count(*)::int as n from orders
       where storefront is not null and currency is not null group by 1 order by 2 desc, 1`,
    );
  }

  private entries(): Promise<Rows> {
    return this.count(
      `select case when data ? 'reship' then 're-ships' else 'orders' end as what, count(*)::int as n,
         case when data ? 'reship' then 3 else 0 end as place from timeline
       where topic = 'orderloom.order.events' and type = 'OrderPlaced' and unreadable is null group by 1, 3
       union all select 'cancellations: ' || outcome, count(*)::int, 1 from (
         select case when type = 'CancellationRefused' then 'refused' else
           case when data->>'changeId' = 'not-to-be-had' then 'goods not to be had, ' else '' end
           || case when type = 'OrderCancelled' then 'whole order' else 'some lines' end end as outcome from timeline
         where topic = 'orderloom.order.events' and type in ('OrderCancelled', 'OrderLinesCancelled', 'CancellationRefused')
           and not data ? 'decided' and (type <> 'OrderLinesCancelled' or jsonb_array_length(data->'lines') > 0)
       ) as cancellations group by outcome
       union all select case kind when 'return' then 'returns' else replace(kind, '-', ' ') end || ': ' || coalesce(outcome, 'open'),
         count(*)::int, 2 from (
           select opened.data->>'kind' as kind, closed.data->>'outcome' as outcome from timeline as opened
           left join timeline as closed on closed.topic = opened.topic and closed.type = 'CaseClosed' and closed.order_number = opened.order_number
             and closed.data->>'caseId' = opened.data->>'caseId' and closed.unreadable is null
           where opened.topic = 'orderloom.after-sales.events' and opened.type = 'CaseOpened' and opened.unreadable is null
         ) as cases group by 1
       union all select 'refused: ' || reason, count(*)::int, 4 from entries where kind = 'refused' group by reason
       union all select 'can''t be read', count(*)::int, 5 from timeline where unreadable is not null
       order by place, 1`,
    );
  }

  private async messages(): Promise<Rows> {
    const perTopic = await this.rows<Counted>('select topic as what, count(*)::int as n from timeline group by topic order by topic');
    const groups = new Map<string, number>();
    for (const { what, n } of perTopic) groups.set(groupOf(what), (groups.get(groupOf(what)) ?? 0) + n);
    return [...groups, ['in sum', perTopic.reduce((sum, { n }) => sum + n, 0)]];
  }

  private async money(): Promise<Rows> {
    const paid = await this.rows<Counted>(
      `select data->>'currency' as what, count(*)::int as n from timeline
       where topic = 'orderloom.refund.events' and type = 'RefundPaid' and unreadable is null group by 1 order by 1`,
    );
    const sums = await this.rows<{ currency: string; captured: number; refunded: number }>(
      `select currency, coalesce(sum(captured), 0)::float8 as captured, sum(refunded)::float8 as refunded from orders
       where currency is not null group by currency order by currency`,
    );
    return sums.flatMap(({ currency, captured, refunded }): Rows => [
      [`refunds paid, ${currency}`, paid.find(({ what }) => what === currency)?.n ?? 0],
      ['captured', money(captured, currency)],
      ['refunded', money(refunded, currency)],
      ['kept', money(captured - refunded, currency)],
    ]);
  }

  private async refusals(): Promise<Rows> {
    const found = await this.rows<Counted & { type: string }>(
      `select type, regexp_replace(coalesce(data->>'code', data->>'reason', ''), '[0-9]+([.][0-9]+)?', '…', 'g') as what, count(*)::int as n from timeline
       where unreadable is null and type in ('CancellationRefused', 'AddressChangeRefused', 'ProductChangeRefused', 'RequestRefused', 'RefundApplicationRefused', 'RefundRejected', 'ClaimRefused')
       group by 1, 2 order by 1, 3 desc, 2`,
    );
    return found.map(({ type, what, n }) => [`${words(type)}: ${words(what)}`, n]);
  }

  private async flows(): Promise<Rows> {
    const byStatus = await this.count(
      `select flow || ': ' || case status when 'ended' then 'ended, ' || coalesce(outcome, '') else status end as what, count(*)::int as n
       from flows group by 1 order by 1`,
    );
    return [...byStatus, ...(await this.count(`select 'stuck' as what, count(*)::int as n from stuck_flows`))];
  }

  private async count(sql: string): Promise<Rows> {
    return (await this.rows<Counted>(sql)).map(({ what, n }) => [what, n]);
  }

  private rows<Row>(sql: string): Promise<Row[]> {
    return this.database.query(sql);
  }
}

/** Groups topics by kind of sender; `order.events` and `order.commands` stay separate. */
const groupOf = (topic: string): string => {
  const kind = kindOf(topic);
  const [, owner = '', what = ''] = topic.split('.');
  if (kind === 'tasks' || kind === 'answers' || kind === 'flows') return kind;
  return `${owner} ${what}`;
};

/** The order with the longest timeline among those cancelled and refunded, or else delivered. */
const worthLookingAt = `
  select number as "orderNumber", email from orders
  where email is not null
  order by refunded > 0 desc, status = 'cancelled' desc, status = 'delivered' desc, (select count(*) from timeline where order_number = number) desc, number
  limit 1`;
