import { randomBytes } from 'node:crypto';
import { fingerprint, RequestBatcher, toStorable } from '@orderloom/kernel';
import pg from 'pg';
import { blindEmail, blindIndex, blindSearch, type Contacts } from './contacts.js';
import { KeyCache } from './key-cache.js';
import {
  destroyKeys,
  destroyUnclaimed,
  findKeys,
  guestsSharingEmail,
  indexKey,
  keyRingTables,
  personsByEmail,
  keysForSubjects,
  lockKeys,
} from './key-ring-tables.js';
import { DestroyedKey, type MasterKey, type SealingKey } from './sealing-key.js';

/** A person whose data are sealed: a customer with an id, or a guest (null) with an e-mail address. */
export interface Person extends Contacts {
  readonly id: string | null;
  readonly email: string;
}

/** Seals texts for one person. */
export type Seal = Pick<SealingKey, 'id' | 'seal'>;

/** Longer names exceed the limit of an index. */
const maxNameLength = 500;

/** Converts any name from outside to one that the database can store. */
function storableName(text: string): string {
  const name = toStorable(text);
  return name.length > maxNameLength ? `long:${fingerprint(name)}` : name;
}

const customerPerson = (id: string): string => `customer:${storableName(id)}`;

const guestPerson = (subject: string): string => `order:${storableName(subject)}`;

/** Result of an erasure request. */
export type Forgetting =
  | { readonly outcome: 'forgotten'; readonly keys: number }
  | { readonly outcome: 'forgotten-before'; readonly at: Date }
  | { readonly outcome: 'unknown' };

/** Days for which a parked record of an unknown order stays readable. */
const unclaimedDays = 30;
const maxAttempts = 5;
// The timestamp of a record may be arbitrary.
const maxMillis = Date.UTC(9999, 0);

/** Keys per person, wrapped by the master key, in a separate database. Destroying a key makes everything sealed with it unreadable. */
export class KeyRing {
  static readonly mostFound = 500;
  /** Seconds for which a process may still read erased data. */
  static readonly forgetsWithinSeconds = KeyCache.seconds;
  private readonly cache = new KeyCache();
  /** Concurrent requests share one round trip. */
  private readonly batchedSeals = new RequestBatcher<KeyRequest, Seal | undefined>((requests) => this.createSeals(requests));

  private constructor(
    private readonly pool: pg.Pool,
    private readonly master: MasterKey,
  ) {}

  static open(url: string, master: MasterKey): KeyRing {
    const pool = new pg.Pool({
      ...{ connectionString: url, max: 5, application_name: 'orderloom-key-ring', connectionTimeoutMillis: 10_000 },
      // A plan made while a table was small must not scan it once it is large.
      options: '-c enable_seqscan=off -c jit=off -c plan_cache_mode=force_generic_plan',
    });
    // The pool replaces an idle connection that breaks.
    pool.on('error', () => undefined);
    return new KeyRing(pool, master);
  }

  /** Creates missing tables, and destroys the keys of subjects that have had no owner for 30 days. */
  async migrate(): Promise<void> {
    const client = await this.pool.connect();
    try {
      await client.query("select pg_advisory_lock(hashtext('orderloom key ring'))");
      for (const table of keyRingTables) await client.query(table);
      await client.query('insert into master_key (known_by) values ($1) on conflict do nothing', [this.masterKeyId]);
      await client.query(destroyUnclaimed, [unclaimedDays]);
    } finally {
      await client.query("select pg_advisory_unlock(hashtext('orderloom key ring'))").catch(() => undefined);
      client.release();
    }
  }

  /** Throws if the database is unavailable or its keys are wrapped by another master key. */
  async check(): Promise<void> {
    const { rows } = await this.pool.query<{ known_by: string }>('select known_by from master_key');
    if (rows[0]?.known_by !== this.masterKeyId)
      throw new Error('KEY_RING_MASTER_KEY is not the master key of this key ring: set the key with which it was created');
  }

  /**
   * Returns the active key for records about `subject` (an order number), uncached, and creates missing keys. A `person` becomes searchable
   * and owns later records. A record written (`writtenAt`, ms since 1970, now by default) before the person's erasure is sealed to nothing.
   */
  keyFor(subject: string, person?: Person, writtenAt?: number): Promise<Seal> {
    const contacts = person ? blindIndex(this.master, person) : [];
    return this.createSeal({ subject, person: person && this.personOf(person, subject), contacts, claims: true, writtenAt });
  }

  /** Like `keyFor` for unreliable records: it adds no contact data and does not change the subject's owner. */
  keyForUnreadable(subject: string, person?: Pick<Person, 'id' | 'email'>, writtenAt?: number): Promise<Seal> {
    return this.createSeal({ subject, person: person && this.personOf(person, subject), contacts: [], claims: false, writtenAt });
  }

  /** Keys for unsealing, by id; destroyed keys are missing. The result may be `KeyCache.seconds` old. */
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

  /** Ids of the active keys of all persons who match all of `contacts`; at most `mostFound`. */
  async find(contacts: Contacts): Promise<string[]> {
    const terms = blindSearch(this.master, contacts);
    if (terms.length === 0) return [];
    const forms = terms.flatMap((alternatives, n) => alternatives.map((blind) => ({ n, blind })));
    const { rows } = await this.pool.query<{ key: string }>(findKeys, [
      forms.map(({ n }) => n),
      forms.map(({ blind }) => blind),
      terms.length,
      KeyRing.mostFound,
    ]);
    return rows.map(({ key }) => key);
  }

  /** Adds `contacts` to the index of the active key `id`. */
  async index(id: string, contacts: Contacts): Promise<void> {
    await this.pool.query(indexKey, [id, blindIndex(this.master, contacts)]);
  }

  /** Erases a customer, by number or e-mail, and guests with this e-mail; `order:536365` erases the guest of that order. */
  async forget(customer: string): Promise<Forgetting> {
    const { persons, keys } = await this.destroyKeysOf(customer);
    if (keys > 0) {
      // Removes the deleted key from the table's file.
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

  /** Retries if another process created a key for the same person at the same moment. */
  private async createSeal(request: KeyRequest): Promise<Seal> {
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      const seal = await this.batchedSeals.get(request);
      if (seal) return seal;
    }
    throw new Error(`cannot create a key: concurrent creation and erasure in ${maxAttempts} attempts; try again`);
  }

  private async createSeals(requests: readonly KeyRequest[]): Promise<readonly (Seal | undefined)[]> {
    const newKeys = requests.map(() => {
      const id = randomBytes(12).toString('base64url');
      return { id, wrapped: this.master.wrap(id, randomBytes(32), randomBytes(12)) };
    });
    const index = requests.flatMap(({ contacts }, i) => contacts.map((blind) => [i + 1, blind] as const));
    const { rows } = await this.pool.query<KeyForRequest>({
      name: 'keys-for-subjects',
      text: keysForSubjects,
      values: [
        requests.map(({ subject }) => storableName(subject)),
        requests.map(({ person }) => person ?? null),
        newKeys.map(({ id }) => id),
        newKeys.map(({ wrapped }) => wrapped),
        requests.map(({ claims }) => claims),
        requests.map(({ writtenAt }) => (writtenAt === undefined ? null : new Date(Math.min(Math.max(0, writtenAt), maxMillis)))),
        index.map(([n]) => n),
        index.map(([, blind]) => blind),
      ],
    });
    const seals: (Seal | undefined)[] = requests.map(() => undefined);
    for (const { n, id, wrapped } of rows) seals[n - 1] = wrapped ? this.master.unwrap(id, wrapped) : new DestroyedKey(id);
    return seals;
  }

  private async destroyKeysOf(customer: string): Promise<{ persons: string[]; keys: number }> {
    const client = await this.pool.connect();
    try {
      await client.query('begin');
      await client.query(lockKeys);
      const named = customer.includes('@')
        ? await personsByEmail(client, blindEmail(this.master, customer))
        : [customerPerson(customer), ...(customer.startsWith('order:') ? [guestPerson(customer.slice('order:'.length))] : [])];
      const persons = [...new Set([...named, ...(await guestsSharingEmail(client, named))])];
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

  /** A guest is identified by a valid e-mail address, or else by the order: others may enter the same invalid address. */
  private personOf({ id, email }: Pick<Person, 'id' | 'email'>, subject: string): string {
    if (id !== null) return customerPerson(id);
    return email.includes('@') ? `guest:${blindEmail(this.master, email)}` : guestPerson(subject);
  }

  private get masterKeyId(): string {
    return this.master.blind('master key', 'known by');
  }
}

/** A request for a key. `claims` states whether the subject belongs to the person from now on. */
interface KeyRequest {
  readonly subject: string;
  readonly person: string | undefined;
  /** Blind index of the person. */
  readonly contacts: readonly string[];
  readonly claims: boolean;
  readonly writtenAt: number | undefined;
}

interface KeyForRequest {
  readonly n: number;
  readonly id: string;
  readonly wrapped: Buffer | null;
}

interface KeyRow {
  readonly id: string;
  readonly wrapped: Buffer;
}
