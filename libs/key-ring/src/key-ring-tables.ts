import type pg from 'pg';

/** The key ring's tables, which nothing but a key ring reads. A key that is destroyed leaves its row, so that it stays known as such. */
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
  // whose an order is: what is said of it later names nobody
  'create table if not exists subjects (subject text primary key, person text not null)',
  'create index if not exists subjects_of_person on subjects (person)',
  'create table if not exists contacts (blind text, key text references keys, primary key (blind, key))',
  'create index if not exists contacts_of_key on contacts (key)',
  'create table if not exists master_key (one boolean primary key default true check (one), known_by text not null)',
];

/**
 * The living keys of whoever subjects are about, in one round trip, by the number of their question (`n`, from 1). Each asks for a
 * subject $1: of person $2; else of the person of the subject; else a key of the subject's own. $3 and $4 are a new key, for who has
 * none; $5 whether what is said later about the subject is that person's, too. What was written at $6 is sealed by no key that was made
 * after its person was forgotten: the row is then of a destroyed key, without `wrapped`. $7 and $8 are the blind index of the person,
 * by the number of the question. No row where somebody else made the key at the same moment. All write in one order, so that no two
 * wait for each other.
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

/** Keys that have one of the forms $2 of each thing that is asked for, by its number $1; $3 how many things, $4 how many keys. */
export const findKeys = `
  select key from unnest($1::int[], $2::text[]) as sought (n, blind) cross join lateral
    (select key from contacts where contacts.blind = sought.blind) as found
  group by key having count(distinct n) = $3 order by key limit $4`;

/** Gives the living key $1 the blind index $2 as well. */
export const indexKey = `
  insert into contacts select blind, id from unnest($2::text[]) as index (blind), (select id from keys where id = $1 and forgotten_at is null for share) as key
  order by blind on conflict do nothing`;

/** Before a forgetting looks for keys: nobody makes one meanwhile, who did not know of it. */
export const lockKeys = 'lock table keys in share row exclusive mode';

/** Destroys the keys of persons $1 and of what came about their orders before anybody knew whose they were. */
export const destroyKeys = `
  with gone as (
    update keys set wrapped = null, forgotten_at = clock_timestamp()
    where forgotten_at is null
      and (person = any($1) or person in (select 'subject:' || subject from subjects where person = any($1)))
    returning id
  ),
  unfound as (delete from contacts where key in (select id from gone))
  select id from gone`;

/** Destroys keys of subjects that nobody has claimed for $1 days. */
export const destroyUnclaimed = `
  update keys set wrapped = null, forgotten_at = now()
  where forgotten_at is null and person like 'subject:%' and created_at < now() - $1 * interval '1 day'
    and not exists (select from subjects where 'subject:' || subject = keys.person)`;

/** Who has this blinded e-mail: guests under it, and customers. */
export async function personsWith(client: pg.ClientBase, email: string): Promise<string[]> {
  const { rows } = await client.query<{ person: string }>('select distinct person from contacts join keys on id = key where blind = $1', [
    email,
  ]);
  return [`guest:${email}`, ...rows.map(({ person }) => person)];
}

/** Guests under an e-mail of `persons`. */
export async function guestsLike(client: pg.ClientBase, persons: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ person: string }>(
    `select distinct guest.person from keys as known
       join contacts on contacts.key = known.id
       join keys as guest on guest.person = 'guest:' || contacts.blind
     where known.person = any($1)`,
    [persons],
  );
  return rows.map(({ person }) => person);
}
