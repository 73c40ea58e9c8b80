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
 * The living key of whoever $1 (a subject) is about, in one round trip: of person $2; else of the person of the subject; else a
 * key of the subject's own. $3 and $4 are a new key, for who has none; $5 the blind index of the person; $6 whether what is
 * said later about the subject is that person's, too. What was written at $7 is sealed by no key that was made after its
 * person was forgotten: the row is then of a destroyed key, without `wrapped`. No row where somebody else made the key at the
 * same moment.
 */
export const keyForSubject = `
  with whose as (select coalesce($2::text, (select person from subjects where subject = $1), 'subject:' || $1) as person),
  gone as (
    select id from keys where person = (select person from whose) and forgotten_at >= $7::timestamptz order by forgotten_at limit 1
  ),
  made as (
    insert into keys (id, person, wrapped) select $3, person, $4 from whose where not exists (select from gone)
    on conflict (person) where forgotten_at is null do nothing returning id, wrapped
  ),
  living as (
    select id, wrapped from made union all
    select id, wrapped from keys where person = (select person from whose) and forgotten_at is null and not exists (select from gone)
  ),
  noted as (insert into subjects select $1, $2 where $2::text is not null and $6::boolean on conflict do nothing),
  indexed as (insert into contacts select blind, id from living, unnest($5::text[]) as blind on conflict do nothing)
  select id, wrapped from living union all select id, null from gone limit 1`;

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
