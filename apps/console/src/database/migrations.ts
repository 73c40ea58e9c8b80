import type { MigrationInterface, QueryRunner } from 'typeorm';
import { shopTime, stuckFlows } from './stuck-flows.js';
import { Worklist1764000000019 } from './worklist-migration.js';

/** The console's tables. All can be rebuilt from the topics. */
class Console1290000000000 implements MigrationInterface {
  readonly name = 'Console1290000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of tables) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop view stuck_flows');
    await runner.query('drop table timeline, orders, entries, flows, tasks, clock');
    await runner.query('drop function iso(timestamptz)');
  }
}

const tables = [
  `create function iso(at timestamptz) returns text immutable language sql
     return to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
  `create table timeline (
     source text not null,
     id text not null,
     topic text not null,
     partition int not null,
     "offset" bigint not null,
     subject text not null,
     order_number text not null,
     type text not null,
     type_version int not null,
     rule text,
     by text,
     occurred_at timestamptz not null,
     recorded_at timestamptz not null,
     causation text,
     correlation text,
     flow text,
     data jsonb,
     unreadable text,
     primary key (source, id)
   )`,
  'create index timeline_of_order on timeline (order_number)',
  'create index timeline_by_type on timeline (topic, type)',
  'create index timeline_of_cause on timeline using hash (causation) where causation is not null',
  'create index timeline_newest on timeline (recorded_at)',
  `create table orders (
     number text primary key,
     name text,
     email text,
     phone text,
     customer_key text,
     placed_at timestamptz,
     progress text,
     delivered_at timestamptz,
     status text generated always as (
       case when progress = 'cancelled' or delivered_at is null then progress else 'delivered' end
     ) stored,
     currency text,
     total bigint,
     captured bigint,
     refunded bigint not null default 0,
     open_change text
   )`,
  'create index orders_of_customer on orders (customer_key)',
  `create table entries (
     id text primary key,
     entry text not null,
     kind text not null,
     reason text not null,
     detail text,
     lines jsonb not null,
     order_number text,
     recorded_at timestamptz not null
   )`,
  `create table flows (
     flow_id text primary key,
     flow text not null,
     version text not null,
     service text not null,
     subject text not null,
     state jsonb,
     status text not null default 'running',
     outcome text,
     error text,
     updated_at timestamptz not null
   )`,
  'create index flows_of_subject on flows (subject)',
  `create table tasks (
     task_id text primary key,
     flow_id text,
     flow text,
     team text,
     question text,
     subject text,
     rule text,
     about jsonb,
     answers jsonb,
     asked_at timestamptz,
     due_at timestamptz,
     reminders int,
     escalated boolean,
     closed text
   )`,
  'create index open_tasks on tasks (team, due_at) where closed is null',
  'create index tasks_of_flow on tasks (flow_id)',
  'create table clock (one boolean primary key default true check (one), offset_micros bigint not null default 0)',
  'insert into clock default values',
  stuckFlows("clock_timestamp() + offset_micros * interval '1 microsecond'"),
];

/** The stopped clock of a data set replay, and the stuck flows at its time. */
class StandingClock1764000000003 implements MigrationInterface {
  readonly name = 'StandingClock1764000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table clock add column stands_at timestamptz');
    await runner.query(stuckFlows(shopTime));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(stuckFlows("clock_timestamp() + offset_micros * interval '1 microsecond'"));
    await runner.query('alter table clock drop column stands_at');
  }
}

/** Drops indexes without a query: timelines are read whole, by order. */
class StoriesByOrder1764000000012 implements MigrationInterface {
  readonly name = 'StoriesByOrder1764000000012';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('drop index timeline_of_cause, timeline_newest');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('create index timeline_of_cause on timeline using hash (causation) where causation is not null');
    await runner.query('create index timeline_newest on timeline (recorded_at)');
  }
}

/** ORD-06: the number alone finds the orders of all storefronts. Older rows have the bare number as reference. */
class Storefronts1764000000013 implements MigrationInterface {
  readonly name = 'Storefronts1764000000013';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `alter table orders add column storefront text,
         add column shop_number text generated always as (substr(number, strpos(number, ':') + 1)) stored`,
    );
    await runner.query(
      `update orders set storefront = timeline.data->>'storefront'
       from timeline where topic = 'orderloom.order.events' and type = 'OrderPlaced' and order_number = number`,
    );
    await runner.query('create index orders_by_shop_number on orders (shop_number)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table orders drop column shop_number, drop column storefront');
  }
}

/** Source and id together identify a message, and therefore the cause of a line. */
class Causes1764000000014 implements MigrationInterface {
  readonly name = 'Causes1764000000014';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table timeline add column causation_source text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table timeline drop column causation_source');
  }
}

/** Form of the contact index that the stored orders have. */
class ContactsIndexed1764000000015 implements MigrationInterface {
  readonly name = 'ContactsIndexed1764000000015';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table contacts_indexed (form int primary key)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table contacts_indexed');
  }
}

/** An order with a refused record is found by its number and by the contacts in the record. */
class RefusedOrders1764000000016 implements MigrationInterface {
  readonly name = 'RefusedOrders1764000000016';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table orders add column refusal text, add column claimed_key text');
    await runner.query('create index orders_claimed on orders (claimed_key) where placed_at is null');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table orders drop column refusal, drop column claimed_key');
  }
}

/** ORD-06: the search for a number ignores case, because people read numbers aloud. */
class NumbersInAnyCase1764000000017 implements MigrationInterface {
  readonly name = 'NumbersInAnyCase1764000000017';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create index orders_by_number_in_any_case on orders (lower(number))');
    await runner.query('create index orders_by_shop_number_in_any_case on orders (lower(shop_number))');
    await runner.query('drop index orders_by_shop_number');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('create index orders_by_shop_number on orders (shop_number)');
    await runner.query('drop index orders_by_number_in_any_case, orders_by_shop_number_in_any_case');
  }
}

/** A flow without a task waits for its deadline: it is stuck a day after that, not a day after its last move. */
class FlowsDue1764000000018 implements MigrationInterface {
  readonly name = 'FlowsDue1764000000018';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table flows add column due_at timestamptz');
    await runner.query(stuckFlows(shopTime, 'greatest(updated_at, due_at)'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop view stuck_flows');
    await runner.query('alter table flows drop column due_at');
    await runner.query(stuckFlows(shopTime));
  }
}

export const consoleMigrations = [
  Console1290000000000,
  StandingClock1764000000003,
  StoriesByOrder1764000000012,
  Storefronts1764000000013,
  Causes1764000000014,
  ContactsIndexed1764000000015,
  RefusedOrders1764000000016,
  NumbersInAnyCase1764000000017,
  FlowsDue1764000000018,
  Worklist1764000000019,
];
