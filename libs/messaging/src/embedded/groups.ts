/** SQL functions for topics and consumer groups, whose members hold partitions by leases. */
export const groups = `
create function log_ensure_topics(topics jsonb) returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtext('orderloom_log topics'));
  insert into log_topic as t select topic, partitions, config from jsonb_to_recordset(topics) as u(topic text, partitions int, config jsonb)
    on conflict (topic) do update set partitions = greatest(t.partitions, excluded.partitions), config = t.config || excluded.config
    where t.partitions < excluded.partitions or not t.config @> excluded.config;
  insert into log_partition (topic, partition) select t.topic, generate_series(0, t.partitions - 1) from log_topic t on conflict do nothing;
  delete from log_record r using log_topic t
    where t.topic = r.topic and (t.config ->> 'retention.ms')::bigint > 0
      and r.written_at < now() - (t.config ->> 'retention.ms')::bigint * interval '1 ms';
  if found then
    update log_partition p set first_offset = coalesce(
      (select min(r."offset") from log_record r where r.topic = p.topic and r.partition = p.partition), p.next_offset);
  end if;
end $$;

create function log_join(in_group text, me text, wanted_topics text[], lease interval default '10 s')
returns table (topic text, partition int, committed bigint, keep boolean) language plpgsql as $$
#variable_conflict use_column
declare
  unknown text;
  changed boolean;
  expired boolean;
begin
  select u into unknown from unnest(wanted_topics) u where not exists (select from log_topic t where t.topic = u) limit 1;
  if unknown is not null then raise exception 'topic % does not exist', unknown using errcode = 'OL001'; end if;
  perform set_config('synchronous_commit', 'off', true);
  perform pg_advisory_xact_lock(hashtextextended(in_group, 20101201));
  delete from log_member where group_id = in_group and alive_until < clock_timestamp() and member <> me;
  expired := found;
  update log_member set topics = wanted_topics, alive_until = clock_timestamp() + lease where group_id = in_group and member = me;
  changed := not found;
  if changed then insert into log_member values (in_group, me, wanted_topics, clock_timestamp() + lease); end if;
  insert into log_place (group_id, topic, partition) select in_group, p.topic, p.partition from log_partition p
    where p.topic = any (wanted_topics)
      and not exists (select from log_place l where l.group_id = in_group and l.topic = p.topic and l.partition = p.partition);
  -- those who share a topic take its partitions in turn; one that another member still holds comes over when that gives it up
  update log_place l set member = me
    where l.group_id = in_group and l.member is distinct from me and log_share(in_group, l.topic, l.partition) = me
      and not exists (select from log_member m where m.group_id = in_group and m.member = l.member);
  if changed or expired then perform pg_notify('orderloom_log', 'group ' || in_group); end if;
  return query select l.topic, l.partition, l.committed, log_share(in_group, l.topic, l.partition) = me
    from log_place l where l.group_id = in_group and l.member = me;
end $$;

create function log_share(in_group text, of_topic text, of_partition int) returns text language sql stable as $$
  select (array_agg(m.member order by m.member))[1 + of_partition % count(*)::int]
  from log_member m where m.group_id = in_group and of_topic = any (m.topics)
$$;

create function log_commit(in_group text, me text, of_topic text, of_partition int, next bigint) returns boolean language plpgsql as $$
begin
  perform set_config('synchronous_commit', 'off', true);
  update log_place set committed = greatest(committed, next) where group_id = in_group and topic = of_topic and partition = of_partition and member = me;
  return found;
end $$;

create function log_release(in_group text, me text, of_topic text, of_partition int) returns void language sql as $$
  update log_place set member = null where group_id = in_group and topic = of_topic and partition = of_partition and member = me;
  select pg_notify('orderloom_log', 'group ' || in_group);
$$;

create function log_leave(in_group text, me text) returns void language sql as $$
  select pg_advisory_xact_lock(hashtextextended(in_group, 20101201));
  delete from log_member where group_id = in_group and member = me;
  update log_place set member = null where group_id = in_group and member = me;
  select pg_notify('orderloom_log', 'group ' || in_group);
$$;

create function log_lag(in_group text, of_topics text[]) returns table (topic text, lag bigint) language sql stable as $$
  select p.topic, sum(p.next_offset - greatest(p.first_offset, coalesce(l.committed, 0)))::bigint
  from log_partition p left join log_place l on l.group_id = in_group and l.topic = p.topic and l.partition = p.partition
  where p.topic = any (of_topics) group by p.topic
$$;
`;
