import { Inject, Injectable } from '@nestjs/common';
import { KeyRing } from '@orderloom/key-ring';
import { type Sealing, SEALING } from '@orderloom/platform';
import { DataSource } from 'typeorm';
import type { FoundOrder, FoundOrders, OpenTask, RunningFlow } from './responses.js';

export interface OrderSearch {
  /** A reference, or a bare number of any storefront. */
  readonly number?: string | undefined;
  readonly storefront?: string | undefined;
  readonly email?: string | undefined;
  readonly name?: string | undefined;
  readonly phone?: string | undefined;
}

const mostFound = 50;
const mostListed = 500;

type Listed<Name extends string, Row> = { readonly [N in Name]: Row[] } & { readonly hint?: string };

const notTaken = 'The order has not been taken: its record was refused. The refusal says why.';

const tooMany = (what: string, most: number, which: string): string =>
  `There are more than ${most} ${what}: the ${most} ${which} are shown. Ask for less.`;

const orderColumns = `number, storefront, name, email, phone, iso(placed_at) as "placedAt", status, currency, total::float8 as total,
  captured::float8 as captured, refunded::float8 as refunded, open_change as "openChange", case when placed_at is null then refusal end as refusal`;

/** Finds orders, flows and tasks by number, contact or team. */
@Injectable()
export class Search {
  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    @Inject(SEALING) private readonly sealing: Sealing,
  ) {}

  /** ORD-06: orders that match all criteria, newest first, at most 50. Reports if there are more; for no match, suggests what to ask the customer. */
  async orders({ number, storefront, ...contacts }: OrderSearch): Promise<FoundOrders> {
    // only the key ring can map contacts to customers
    const byContact = Object.values(contacts).some((contact) => contact !== undefined);
    const keys = byContact ? await this.sealing.find(contacts) : null;
    const tooManyPeople = (keys?.length ?? 0) >= KeyRing.mostFound;
    const orders: FoundOrder[] = await this.database.query(
      `select ${orderColumns} from orders
       where ($1::text is null or lower(number) = lower($1) or lower(shop_number) = lower($1)
         or lower(shop_number) = lower(split_part($1, ':', 2)) and lower(storefront) = lower(split_part($1, ':', 1))) and ($3::text is null or storefront = $3) and ($2::text[] is null or customer_key = any($2) or placed_at is null and claimed_key = any($2))
       order by placed_at desc nulls last, number limit ${mostFound + 1}`,
      [number ?? null, keys, storefront ?? null],
    );
    if (tooManyPeople) return { orders: orders.slice(0, mostFound), hint: tooMany('customers', KeyRing.mostFound, 'first') };
    if (orders.length > mostFound) return { orders: orders.slice(0, mostFound), hint: tooMany('orders', mostFound, 'newest') };
    if (orders.length > 1) return { orders, hint: 'Several orders were found: choose one.' };
    if (orders.length === 1) return { orders, ...(orders[0]?.refusal && { hint: notTaken }) };
    return { orders, hint: 'Nothing was found: ask the customer for the order number, or for the e-mail or name used for the order.' };
  }

  /** One order in the form of a search result; null if no service has published it. */
  async order(number: string): Promise<FoundOrder | null> {
    const [found]: FoundOrder[] = await this.database.query(`select ${orderColumns} from orders where number = $1`, [number]);
    return found ?? null;
  }

  /** Flows with their open tasks, newest move first, at most 500; reports if there are more. */
  async flows(orderNumber?: string, status?: RunningFlow['status']): Promise<Listed<'flows', RunningFlow>> {
    const flows: RunningFlow[] = await this.database.query(
      `select flow_id as "flowId", flow, version, service, subject as "orderNumber", state, status, outcome, error, iso(updated_at) as "updatedAt",
         coalesce((
           select jsonb_agg(jsonb_build_object('taskId', task_id, 'team', team, 'question', question, 'dueAt', iso(due_at)) order by task_id)
           from tasks where tasks.flow_id = flows.flow_id and closed is null
         ), '[]') as "openTasks"
       from flows
       where ($1::text is null or subject = $1) and ($2::text is null or status = $2)
       order by updated_at desc, flow_id limit ${mostListed + 1}`,
      [orderNumber ?? null, status ?? null],
    );
    return { flows: flows.slice(0, mostListed), ...(flows.length > mostListed && { hint: tooMany('flows', mostListed, 'last moved') }) };
  }

  /** Open tasks of these teams, earliest due first, at most 500; reports if there are more. */
  async tasks(teams: readonly string[]): Promise<Listed<'tasks', OpenTask>> {
    const tasks: OpenTask[] = await this.database.query(
      `select task_id as "taskId", flow_id as "flowId", flow, team, question, subject, rule, about, answers, iso(asked_at) as "askedAt",
         iso(due_at) as "dueAt", coalesce(reminders, 0) as reminders, coalesce(escalated, false) as escalated
       from tasks where closed is null and team = any($1)
       order by due_at nulls last, task_id limit ${mostListed + 1}`,
      [teams],
    );
    return {
      tasks: tasks.slice(0, mostListed),
      ...(tasks.length > mostListed && { hint: tooMany('open tasks', mostListed, 'first due') }),
    };
  }
}
