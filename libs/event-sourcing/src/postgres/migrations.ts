import type { MigrationInterface, QueryRunner } from 'typeorm';
import { indexing, rowTable } from './row-table.js';
import { refusedUnit } from './sql.js';

/** Creates the tables of the event store. Released migrations never change: later changes are migrations of their own. */
class EventStore1290000000000 implements MigrationInterface {
  readonly name = 'EventStore1290000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of tables) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table parked, clock, leases, checkpoints, deadlines, commands, inbox, streams, events');
  }
}

const tables = [
  `create table events (
     position bigint generated always as identity,
     xid xid8 not null default pg_current_xact_id(),
     id uuid not null unique,
     type text not null,
     type_version int not null,
     data jsonb not null,
     stream text not null,
     version int not null,
     subject text not null,
     shard_hash int not null,
     objects jsonb not null,
     rule text,
     occurred_at timestamptz not null,
     recorded_at timestamptz not null,
     by text not null,
     causation text,
     correlation text not null,
     trace text,
     policy_version text,
     primary key (stream, version)
   )`,
  'create index events_in_order on events (xid, position)',
  'create index events_of_story on events using hash (correlation)',
  'create index events_of_cause on events using hash (causation) where causation is not null',
  `create table streams (
     stream text primary key,
     version int not null,
     recorded_at timestamptz not null,
     last_xid xid8 not null
   )`,
  'create table inbox (consumer text, message text, handled_at timestamptz not null default clock_timestamp(), primary key (consumer, message))',
  `create table commands (
     id text primary key,
     fingerprint text not null,
     status int not null,
     body jsonb not null,
     answered_at timestamptz not null default clock_timestamp()
   )`,
  'create table deadlines (id text primary key, generation int not null, due_at timestamptz not null, owner text not null, data jsonb not null)',
  'create index deadlines_in_order on deadlines (due_at, id)',
  'create table checkpoints (name text primary key, xid xid8 not null, position bigint not null)',
  'create table leases (name text primary key, owner text not null, fence bigint not null, until timestamptz not null)',
  'create table clock (one boolean primary key default true check (one), offset_micros bigint not null default 0)',
  'insert into clock default values',
  ...rowTable('parked', ['queue', 'state']),
];

/** A migration that runs one statement each way. */
const sqlMigration = (migration: string, upSql: string, downSql: string) =>
  class implements MigrationInterface {
    readonly name = migration;

    async up(runner: QueryRunner): Promise<void> {
      await runner.query(upSql);
    }

    async down(runner: QueryRunner): Promise<void> {
      await runner.query(downSql);
    }
  };

/** Drops the table of stream heads. An append checks the stream's last event instead, which saves one write per event. */
class NoHeads1764000000008 implements MigrationInterface {
  readonly name = 'NoHeads1764000000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('drop table streams');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `create table streams as select distinct on (stream) stream, version, recorded_at, xid as last_xid from events order by stream, version desc`,
    );
    await runner.query('alter table streams add primary key (stream)');
  }
}

/** Replaces expression indexes by generated columns. Updated rows keep their index entries, and no search scans a pending list. */
class IndexedColumns1764000000009 implements MigrationInterface {
  readonly name = 'IndexedColumns1764000000009';

  async up(runner: QueryRunner): Promise<void> {
    const indexes = (await runner.query(
      `select indexrelid::regclass::text as index, indrelid::regclass::text as table, field
       from pg_index, substring(pg_get_indexdef(indexrelid) from 'USING gin [(]{3}"?row"? -> ''([A-Za-z0-9_]+)''') as field
       where field is not null`,
    )) as { index: string; table: string; field: string }[];
    for (const { index, table, field } of indexes)
      for (const statement of [`drop index ${index}`, `alter table ${table} set (fillfactor = 80)`, ...indexing(table, field)])
        await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    const columns = (await runner.query(
      `select attrelid::regclass::text as table, substr(attname, 5) as field from pg_attribute
       where attgenerated = 's' and attname like 'row.%' and not attisdropped`,
    )) as { table: string; field: string }[];
    for (const { table, field } of columns) {
      await runner.query(`alter table ${table} drop column "row.${field}"`);
      await runner.query(`create index on ${table} using gin ((row->'${field}') jsonb_path_ops)`);
    }
  }
}

/** A migration that adds a row table. */
const rowTableMigration = (migration: string, table: string, indexed: readonly string[] = []) =>
  class implements MigrationInterface {
    readonly name = migration;

    async up(runner: QueryRunner): Promise<void> {
      for (const statement of rowTable(table, indexed)) await runner.query(statement);
    }

    async down(runner: QueryRunner): Promise<void> {
      await runner.query(`drop table ${table}`);
    }
  };

/** Moves the content of parked records to a table of its own, so that queues are listed without reading it. */
class ParkedRecords1764000000014 implements MigrationInterface {
  readonly name = 'ParkedRecords1764000000014';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of rowTable('parked_records')) await runner.query(statement);
    await runner.query(`insert into parked_records (key, row) select key, row->'record' from parked where row ? 'record'`);
    await runner.query(
      `update parked set row = row - 'record' || jsonb_build_object('size', octet_length((row->'record')::text)) where row ? 'record'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `update parked set row = parked.row - 'size' || jsonb_build_object('record', parked_records.row)
       from parked_records where parked_records.key = parked.key`,
    );
    await runner.query('drop table parked_records');
  }
}

/** Migrations of the event store. A service database runs them before the service's own migrations. */
export const eventSourcingMigrations = [
  EventStore1290000000000,
  // Adds a clock that stands still until it is moved, for replays by the hour.
  sqlMigration(
    'StandingClock1764000000002',
    'alter table clock add column stands_at timestamptz',
    'alter table clock drop column stands_at',
  ),
  // Raises an error inside a pipelined transaction, so that the COMMIT sent with it has no effect.
  sqlMigration(
    'Refusing1764000000003',
    `create or replace function refuse_unit() returns boolean language plpgsql as
      $$ begin raise exception 'a unit of work is refused' using errcode = '${refusedUnit}'; end $$`,
    'drop function refuse_unit',
  ),
  // Operator actions on parked messages and flows.
  rowTableMigration('Repairs1764000000004', 'repairs'),
  // Consumed offsets per group and partition.
  rowTableMigration('Heard1764000000005', 'heard', ['group']),
  // Offset ranges that retention deleted before they were consumed.
  rowTableMigration('Missed1764000000006', 'missed'),
  // Offset ranges that are discarded after a restore.
  rowTableMigration('GivenUp1764000000007', 'given_up'),
  NoHeads1764000000008,
  IndexedColumns1764000000009,
  // The event id derives from stream and version, which are unique already. A second unique index would cost one more write per event.
  sqlMigration(
    'IdsOfPlaces1764000000010',
    'alter table events drop constraint events_id_key',
    'alter table events add constraint events_id_key unique (id)',
  ),
  // Queries by correlation run in the console, which has the events of all services.
  sqlMigration(
    'NoStories1764000000011',
    'drop index events_of_story, events_of_cause',
    `create index events_of_story on events using hash (correlation);
     create index events_of_cause on events using hash (causation) where causation is not null`,
  ),
  // Message ids are unique only within their source.
  sqlMigration(
    'CausationSource1764000000013',
    'alter table events add column causation_source text',
    'alter table events drop column causation_source',
  ),
  ParkedRecords1764000000014,
  // Records that repeat a parked one, counted.
  rowTableMigration('ParkedRepeats1764000000015', 'parked_repeats'),
  // Two messages of one name are told apart by what they are about.
  sqlMigration('InboxAbout1764000000016', 'alter table inbox add column about text', 'alter table inbox drop column about'),
];
