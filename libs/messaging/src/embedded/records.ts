/** Kafka's default for `max.message.bytes`, so that both logs accept the same records. */
const maxBytes = 1_048_588;

/** SQL functions that write and read records. */
export const records = `
create function log_partition_of(key bytea, partitions int) returns int language plpgsql immutable as $$
-- Kafka's murmur2; 32 bits in a bigint, since Postgres' int refuses to overflow. Without a key: any.
declare
  m constant bigint := 1540483477;
  b32 constant bigint := 4294967295;
  size constant int := length(key);
  h bigint := 2538058380 # size;
  w bigint;
  i int := 0;
begin
  if key is null then return floor(random() * partitions); end if;
  while i + 4 <= size loop
    w := get_byte(key, i) | (get_byte(key, i + 1) << 8) | (get_byte(key, i + 2) << 16) | (get_byte(key, i + 3)::bigint << 24);
    w := (w * m) & b32;
    w := ((w # (w >> 24)) * m) & b32;
    h := ((h * m) & b32) # w;
    i := i + 4;
  end loop;
  if size - i = 3 then h := h # (get_byte(key, i + 2) << 16); end if;
  if size - i >= 2 then h := h # (get_byte(key, i + 1) << 8); end if;
  if size - i >= 1 then h := ((h # get_byte(key, i)) * m) & b32; end if;
  h := ((h # (h >> 13)) * m) & b32;
  h := h # (h >> 15);
  return (h & 2147483647) % partitions;
end $$;

create function log_append(topics text[], keys bytea[], headers text[], vals bytea[]) returns void language plpgsql as $$
declare
  places int[];
  wrong text;
begin
  select u.topic into wrong from unnest(topics) u(topic) where not exists (select from log_topic t where t.topic = u.topic) limit 1;
  if wrong is not null then raise exception 'topic % does not exist', wrong using errcode = 'OL001'; end if;
  select format('a record of %s bytes is larger than the maximum of topic %s', length(u.val), u.topic) into wrong
    from unnest(topics, vals) u(topic, val) join log_topic t using (topic)
    where length(u.val) > coalesce((t.config ->> 'max.message.bytes')::int, ${maxBytes}) limit 1;
  if wrong is not null then raise exception '%', wrong using errcode = 'OL002'; end if;
  places := array(
    select log_partition_of(u.key, t.partitions)
    from unnest(topics, keys) with ordinality u(topic, key, n) join log_topic t using (topic) order by n);
  -- the lock lasts until the commit: offsets have no gap, and a lower one is never seen later than a higher one
  perform from log_partition p where (p.topic, p.partition) in (select * from unnest(topics, places)) order by topic, partition for update;
  insert into log_record (topic, partition, "offset", key, headers, value)
    select u.topic, u.place, p.next_offset + row_number() over (partition by u.topic, u.place order by n) - 1, u.key, u.headers::json, u.val
    from unnest(topics, places, keys, headers, vals) with ordinality u(topic, place, key, headers, val, n)
    join log_partition p on p.topic = u.topic and p.partition = u.place
    order by n;
  update log_partition p set next_offset = p.next_offset + u.count
    from (select topic, place, count(*) from unnest(topics, places) t(topic, place) group by 1, 2) u
    where p.topic = u.topic and p.partition = u.place;
end $$;

create function log_publish(topic text, key text, headers json, value text) returns void language sql as $$
  select log_append(array[topic], array[convert_to(key, 'UTF8')], array[headers::text], array[convert_to(value, 'UTF8')]);
  select pg_notify('orderloom_log', 'topics ' || topic);
$$;

create function log_read(topics text[], partitions int[], offsets bigint[], max_records int, max_partitions int)
returns table (topic text, partition int, "offset" bigint, key bytea, headers json, value bytea, written_at timestamptz) language sql stable as $$
  with news as materialized (
    select w.* from unnest(topics, partitions, offsets) with ordinality w(topic, partition, "from", n)
    join log_partition p on p.topic = w.topic and p.partition = w.partition and p.next_offset > w."from"
    order by n limit max_partitions
  )
  select r.* from news
  cross join lateral (
    select * from log_record r
    where r.topic = news.topic and r.partition = news.partition and r."offset" >= news."from"
    order by r."offset" limit max_records
  ) r
  order by n, r."offset"
$$;
`;
