import { randomBytes } from 'node:crypto';
import { fingerprint, Gathered, storableForm } from '@orderloom/kernel';
import pg from 'pg';
import { blindEmail, blindIndex, blindSearch, type Contacts } from './contacts.js';
import { KeyCache } from './key-cache.js';
import {
  destroyKeys,
  destroyUnclaimed,
  findKeys,
  guestsLike,
  indexKey,
  keyRingTables,
  personsWith,
  keysForSubjects,
  lockKeys,
} from './key-ring-tables.js';
import { DestroyedKey, type MasterKey, type SealingKey } from './sealing-key.js';

/** Somebody whose data are sealed: a customer by number, a guest (null) by e-mail. */
export interface Person extends Contacts {
  readonly id: string | null;
  readonly email: string;
}

/** What seals texts for one person. */
export type Seal = Pick<SealingKey, 'id' | 'seal'>;

/** Longer names fit no index. */
const longestName = 500;

/** Whatever a stranger calls something, as the ring can keep it. */
function named(text: string): string {
  const name = storableForm(text);
  return name.length > longestName ? `long:${fingerprint(name)}` : name;
}

const customerBy = (id: string): string => `customer:${named(id)}`;

const guestOf = (subject: string): string => `order:${named(subject)}`;

/** What became of a wish to be forgotten. */
export type Forgetting =
  | { readonly outcome: 'forgotten'; readonly keys: number }
  | { readonly outcome: 'forgotten-before'; readonly at: Date }
  | { readonly outcome: 'unknown' };

/** How long a parked record about an order that nobody has placed stays readable. */
const unclaimedDays = 30;
const tries = 5;
/** What a record says of its time may be anything. */
const lastMillis = Date.UTC(9999, 0);

/** A key for each person, wrapped by the master key, in a database of their own. Destroying one makes all that it sealed unreadable. */
export class KeyRing {
  static readonly mostFound = 500;
  /** How long a process may still read what was forgotten. */
  static readonly forgetsWithinSeconds = KeyCache.seconds;
  private readonly cache = new KeyCache();
  /** What is asked for at the same moment is asked in one round trip. */
  private readonly sealing = new Gathered<Wanted, Seal | undefined>((asked) => this.sealsFor(asked));

  private constructor(
    private readonly pool: pg.Pool,
    private readonly master: MasterKey,
  ) {}

  static open(url: string, master: MasterKey): KeyRing {
    const pool = new pg.Pool({
      ...{ connectionString: url, max: 5, application_name: 'orderloom-key-ring', connectionTimeoutMillis: 10_000 },
      // a plan that was made while a table was small must not read it whole once it is large
      options: '-c enable_seqscan=off -c jit=off -c plan_cache_mode=force_generic_plan',
    });
    // a connection that breaks while nobody uses it is replaced
    pool.on('error', () => undefined);
    return new KeyRing(pool, master);
  }

  /** Makes the tables where they are missing, and ends what nobody claimed in time. */
  async migrate(): Promise<void> {
    const client = await this.pool.connect();
    try {
      await client.query("select pg_advisory_lock(hashtext('orderloom key ring'))");
      for (const table of keyRingTables) await client.query(table);
      await client.query('insert into master_key (known_by) values ($1) on conflict do nothing', [this.knownBy]);
      await client.query(destroyUnclaimed, [unclaimedDays]);
    } finally {
      await client.query("select pg_advisory_unlock(hashtext('orderloom key ring'))").catch(() => undefined);
      client.release();
    }
  }

  /** Throws where the database is away, or its keys are wrapped by another master key. */
  async check(): Promise<void> {
    const { rows } = await this.pool.query<{ known_by: string }>('select known_by from master_key');
    if (rows[0]?.known_by !== this.knownBy) throw new Error('the key ring belongs to another master key than KEY_RING_MASTER_KEY');
  }

  /**
   * The living key to seal what is said about `subject` (an order number), made where there is none; never from a cache. A
   * `person` may be found by their contacts from then on, and what is said later about the subject is theirs. What was written
   * (at `writtenAt`, in ms since 1970; now unless said) before its person was forgotten is sealed to nothing, whenever it is read.
   */
  keyFor(subject: string, person?: Person, writtenAt?: number): Promise<Seal> {
    const contacts = person ? blindIndex(this.master, person) : [];
    return this.sealFor({ subject, person: person && this.personOf(person, subject), contacts, claims: true, writtenAt });
  }

  /** The same for what can't be relied on: nobody is found by it, and the subject stays whose it was. */
  keyForUnreadable(subject: string, person?: Pick<Person, 'id' | 'email'>, writtenAt?: number): Promise<Seal> {
    return this.sealFor({ subject, person: person && this.personOf(person, subject), contacts: [], claims: false, writtenAt });
  }

  /** The keys to unseal with, by id; one that was destroyed is missing. As of `KeyCache.seconds` ago at most. */
  async keys(ids: Iterable<string>): Promise<ReadonlyMap<string, SealingKey>> {
    const { known, missing } = this.cache.read(new Set(ids));
    if (missing.length === 0) return known;
    const { rows } = await this.pool.query<KeyRow>({
      name: 'keys',
      text: 'select id, wrapped from keys where id = any($1) and wrapped is not null',
      values: [missing],
    });
    const read = new Map(rows.map((row) => [row.id, this.master.unwrap(row.id, row.wrapped)]));
    for (const id of missing) this.cache.write(id, read.get(id));
    return new Map([...known, ...read]);
  }

  /** Ids of the living keys of everybody whom all of `contacts` fits, `mostFound` at most. */
  async find(contacts: Contacts): Promise<string[]> {
    const sought = blindSearch(this.master, contacts);
    if (sought.length === 0) return [];
    const forms = sought.flatMap((ofOne, n) => ofOne.map((blind) => ({ n, blind })));
    const { rows } = await this.pool.query<{ key: string }>(findKeys, [
      forms.map(({ n }) => n),
      forms.map(({ blind }) => blind),
      sought.length,
      KeyRing.mostFound,
    ]);
    return rows.map(({ key }) => key);
  }

  /** Lets whoever has the living key `id` be found by `contacts`, too. */
  async index(id: string, contacts: Contacts): Promise<void> {
    await this.pool.query(indexKey, [id, blindIndex(this.master, contacts)]);
  }

  /** Destroys the key of a customer (by number, or by an e-mail) and of what was ordered as a guest under the same e-mail; `order:536365`: of the guest without an e-mail who placed that order. */
  async forget(customer: string): Promise<Forgetting> {
    const { persons, keys } = await this.destroyed(customer);
    if (keys > 0) {
      // what the row held must not stay in the table's file
      await this.pool.query('vacuum keys');
      return { outcome: 'forgotten', keys };
    }
    const { rows } = await this.pool.query<{ at: Date | null }>('select max(forgotten_at) as at from keys where person = any($1)', [
      persons,
    ]);
    const at = rows[0]?.at;
    return at ? { outcome: 'forgotten-before', at } : { outcome: 'unknown' };
  }

  close(): Promise<void> {
    return this.pool.end();
  }

  /** Nobody but who made a key at the same moment is in the way: whoever has none then asks again. */
  private async sealFor(wanted: Wanted): Promise<Seal> {
    for (let attempt = 0; attempt < tries; attempt += 1) {
      const seal = await this.sealing.get(wanted);
      if (seal) return seal;
    }
    throw new Error('a key was made and destroyed again and again');
  }

  private async sealsFor(asked: readonly Wanted[]): Promise<readonly (Seal | undefined)[]> {
    const made = asked.map(() => {
      const id = randomBytes(12).toString('base64url');
      return { id, wrapped: this.master.wrap(id, randomBytes(32), randomBytes(12)) };
    });
    const index = asked.flatMap(({ contacts }, i) => contacts.map((blind) => [i + 1, blind] as const));
    const { rows } = await this.pool.query<LivingOrGone>({
      name: 'keys-for-subjects',
      text: keysForSubjects,
      values: [
        asked.map(({ subject }) => named(subject)),
        asked.map(({ person }) => person ?? null),
        made.map(({ id }) => id),
        made.map(({ wrapped }) => wrapped),
        asked.map(({ claims }) => claims),
        asked.map(({ writtenAt }) => (writtenAt === undefined ? null : new Date(Math.min(Math.max(0, writtenAt), lastMillis)))),
        index.map(([n]) => n),
        index.map(([, blind]) => blind),
      ],
    });
    const seals: (Seal | undefined)[] = asked.map(() => undefined);
    for (const { n, id, wrapped } of rows) seals[n - 1] = wrapped ? this.master.unwrap(id, wrapped) : new DestroyedKey(id);
    return seals;
  }

  private async destroyed(customer: string): Promise<{ persons: string[]; keys: number }> {
    const client = await this.pool.connect();
    try {
      await client.query('begin');
      await client.query(lockKeys);
      const called = customer.includes('@')
        ? await personsWith(client, blindEmail(this.master, customer))
        : [customerBy(customer), ...(customer.startsWith('order:') ? [guestOf(customer.slice('order:'.length))] : [])];
      const persons = [...new Set([...called, ...(await guestsLike(client, called))])];
      const { rows } = await client.query(destroyKeys, [persons]);
      await client.query('commit');
      return { persons, keys: rows.length };
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      throw error;
    } finally {
      client.release();
    }
  }

  /** A guest whose e-mail is none, which others may write as well, is whoever placed this order. */
  private personOf({ id, email }: Pick<Person, 'id' | 'email'>, subject: string): string {
    if (id !== null) return customerBy(id);
    return email.includes('@') ? `guest:${blindEmail(this.master, email)}` : guestOf(subject);
  }

  private get knownBy(): string {
    return this.master.blind('master key', 'known by');
  }
}

/** Of which subject, and of whom, a key is wanted; and whether what is said later of the subject is theirs. */
interface Wanted {
  readonly subject: string;
  readonly person: string | undefined;
  /** Their blind index. */
  readonly contacts: readonly string[];
  readonly claims: boolean;
  readonly writtenAt: number | undefined;
}

interface LivingOrGone {
  readonly n: number;
  readonly id: string;
  readonly wrapped: Buffer | null;
}

interface KeyRow {
  readonly id: string;
  readonly wrapped: Buffer;
}
