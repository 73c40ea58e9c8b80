import type pg from 'pg';

/** Tables of the key ring, read by the key ring only. A destroyed key keeps its row, so that it is known to be destroyed. */
export const keyRingTables = [
  `create table if not exists keys (
     id text primary key,
     person text not null,
     wrapped bytea,
     created_at timestamptz not null default now(),
     forgotten_at timestamptz,
     check ((wrapped is null) = (forgotten_at is not null))
   )`,
  'create unique index if not exists one_living_key on keys (person) where forgotten_at is null',
  'create index if not exists keys_of_person on keys (person)',
  // Owner of a subject (an order). Later records about the subject name no person.
  'create table if not exists subjects (subject text primary key, person text not null)',
  'create index if not exists subjects_of_person on subjects (person)',
  'create table if not exists contacts (blind text, key text references keys, primary key (blind, key))',
  'create index if not exists contacts_of_key on contacts (key)',
  'create table if not exists master_key (one boolean primary key default true check (one), known_by text not null)',
];

/**
 * Selects or creates the active keys for several subjects in one round trip; `n` is the number of the request, from 1. Each request has a
 * subject $1 and uses the key of person $2, or else of the subject's owner, or else of the subject itself. $3 and $4 are a new key for
 * persons without one. $5 states whether the subject belongs to the person from now on. A record written at $6 gets no key created after
 * its person was erased: its row is that of the destroyed key, without `wrapped`. $7 and $8 are the person's blind index, by request
 * number. No row is returned if another process created the key at the same time. All writes use one order to avoid deadlocks.
 */
export const keysForSubjects = `
  with asked as (
    select * from unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::boolean[], $6::timestamptz[])
      with ordinality as asked (subject, person, id, wrapped, claims, written, n)
  ),
  whose as (
    select n, asked.id, asked.wrapped, written, coalesce(asked.person, known.person, 'subject:' || asked.subject) as person
    from asked left join lateral (select person from subjects where subjects.subject = asked.subject limit 1) as known on true
  ),
  gone as (
    select n, key.id from whose cross join lateral
      (select id from keys where keys.person = whose.person and forgotten_at >= written order by forgotten_at limit 1) as key
  ),
  open as (select * from whose where n not in (select n from gone)),
  made as (
    insert into keys (id, person, wrapped) select distinct on (person) id, person, wrapped from open order by person, n
    on conflict (person) where forgotten_at is null do nothing returning id, person, wrapped
  ),
  living as (
    select n, made.id, made.wrapped from open join made using (person) union all
    select n, key.id, key.wrapped from open cross join lateral
      (select id, wrapped from keys where keys.person = open.person and forgotten_at is null limit 1) as key
    -- who is made a key had one that was destroyed at the same moment
    where open.person not in (select person from made)
  ),
  noted as (
    insert into subjects select distinct on (subject) subject, person from asked where person is not null and claims order by subject, n
    on conflict do nothing
  ),
  indexed as (
    insert into contacts select distinct blind, id from unnest($7::bigint[], $8::text[]) as index (n, blind) join living using (n)
    order by blind, id on conflict do nothing
  )
  select n::int, id, wrapped from living union all select n::int, id, null from gone`;

/** Selects keys that match every search term: for each term number $1, one of its forms $2. $3 is the number of terms, $4 the limit. */
export const findKeys = `
  select key from unnest($1::int[], $2::text[]) as sought (n, blind) cross join lateral
    (select key from contacts where contacts.blind = sought.blind) as found
  group by key having count(distinct n) = $3 order by key limit $4`;

/** Adds the blind index $2 to the active key $1. */
export const indexKey = `
  insert into contacts select blind, id from unnest($2::text[]) as index (blind), (select id from keys where id = $1 and forgotten_at is null for share) as key
  order by blind on conflict do nothing`;

/** Blocks the creation of keys while an erasure collects the keys to destroy. */
export const lockKeys = 'lock table keys in share row exclusive mode';

/** Destroys the keys of persons $1, and the keys of their orders that were created before the owner was known. */
export const destroyKeys = `
  with gone as (
    update keys set wrapped = null, forgotten_at = clock_timestamp()
    where forgotten_at is null
      and (person = any($1) or person in (select 'subject:' || subject from subjects where person = any($1)))
    returning id
  ),
  unfound as (delete from contacts where key in (select id from gone))
  select id from gone`;

/** Destroys keys of subjects without an owner after $1 days. */
export const destroyUnclaimed = `
  update keys set wrapped = null, forgotten_at = now()
  where forgotten_at is null and person like 'subject:%' and created_at < now() - $1 * interval '1 day'
    and not exists (select from subjects where 'subject:' || subject = keys.person)`;

/** Persons with this blinded e-mail address: guests and customers. */
export async function personsByEmail(client: pg.ClientBase, email: string): Promise<string[]> {
  const { rows } = await client.query<{ person: string }>('select distinct person from contacts join keys on id = key where blind = $1', [
    email,
  ]);
  return [`guest:${email}`, ...rows.map(({ person }) => person)];
}

/** Guests with an e-mail address of `persons`. */
export async function guestsSharingEmail(client: pg.ClientBase, persons: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ person: string }>(
    `select distinct guest.person from keys as known
       join contacts on contacts.key = known.id
       join keys as guest on guest.person = 'guest:' || contacts.blind
     where known.person = any($1)`,
    [persons],
  );
  return rows.map(({ person }) => person);
}
