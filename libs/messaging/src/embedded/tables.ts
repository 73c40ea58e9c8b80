/** Tables of the embedded log. The prefix `log_` marks them in a shared database. */
export const tables = `
create table if not exists log_topic (
  topic text primary key,
  partitions int not null,
  config jsonb not null
);
create table if not exists log_partition (
  topic text,
  partition int,
  first_offset bigint not null default 0,
  next_offset bigint not null default 0,
  primary key (topic, partition)
) with (fillfactor = 50);
create table if not exists log_record (
  topic text,
  partition int,
  "offset" bigint,
  key bytea,
  headers json not null,
  value bytea,
  written_at timestamptz not null default clock_timestamp(),
  primary key (topic, partition, "offset")
);
create table if not exists log_member (
  group_id text,
  member text,
  topics text[] not null,
  alive_until timestamptz not null,
  primary key (group_id, member)
);
create table if not exists log_place (
  group_id text,
  topic text,
  partition int,
  committed bigint not null default 0,
  member text,
  primary key (group_id, topic, partition)
) with (fillfactor = 50);
`;
