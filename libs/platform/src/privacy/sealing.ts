import { forgotten, holdsPersonal, looksSealed, mapPersonal, sealedTexts, storefrontOrders, fieldName } from '@orderloom/contracts';
import { type RecordSealing, StoreUnavailable } from '@orderloom/event-sourcing';
import { InvalidInput, Refusal } from '@orderloom/kernel';
import type { Contacts, KeyRing, Person } from '@orderloom/key-ring';
import { type IncomingRecord, recordKey } from '@orderloom/messaging';
import { z } from 'zod';

/** Injection token of the service's `Sealing`. */
export const SEALING = Symbol('sealing');

const sealedHeader = 'orderloom-sealed';
const contact = z.string().optional().catch(undefined);
const placedBy = z.object({
  customer: z.object({
    id: z
      .string()
      .nullish()
      .transform((id) => id?.trim() || null),
    ...{ email: z.string().default('').catch(''), name: contact, phone: contact },
  }),
  address: z.object({ recipient: contact, phone: contact }).optional().catch(undefined),
});

/**
 * Personal data at the edges of a process: sealed after reading, unsealed in responses to people. Everything
 * between holds sealed text. Throws `StoreUnavailable` while the key ring is unreachable.
 */
export class Sealing implements RecordSealing {
  constructor(private readonly ring: Pick<KeyRing, 'keyFor' | 'keyForUnreadable' | 'keys' | 'find' | 'index'>) {}

  /** `data` with the personal fields of `schema` sealed for whoever `subject` (an order number) belongs to; `InvalidInput` for what looks sealed already. Read from a log, it says when it was `writtenAt` (ms since 1970). */
  async seal<T>(schema: z.ZodType, data: T, subject: string, writtenAt?: number): Promise<T> {
    refuseSealed(data, []);
    if (!holdsPersonal(schema)) return data;
    const person = personIn(data);
    const key = await asked(this.ring.keyFor(subject, person, writtenAt));
    const recipient = person ? undefined : recipientIn(data);
    // an order that goes elsewhere is found by who gets it there
    if (recipient) await asked(this.ring.index(key.id, recipient));
    return mapPersonal(schema, data, (text, field) => key.seal(text, field));
  }

  /** `value` with every sealed text in it, also inside of sentences, in clear; `(forgotten)` where its key was destroyed. */
  async unseal<T>(value: T): Promise<T> {
    const json = JSON.stringify(value) ?? '';
    if (!looksSealed(json)) return value;
    const keys = await asked(this.ring.keys(sealedTexts(json).map(({ keyId }) => keyId)));
    const clear = (text: string): string =>
      sealedTexts(text).reduce(
        (all, { sealed, keyId, bytes }) => all.replace(sealed, () => keys.get(keyId)?.unseal(bytes) ?? forgotten),
        text,
      );
    return mapTexts(value, (text) => (looksSealed(text) ? clear(text) : text)) as T;
  }

  /** Lets a customer be found by what a sealed order says of them: those whose order was taken before the index had its present form. */
  async index(order: unknown): Promise<void> {
    const keyId = sealedTexts(JSON.stringify((order as { customer?: unknown } | null)?.customer ?? null))[0]?.keyId;
    const person = keyId === undefined ? undefined : personIn(await this.unseal(order));
    if (keyId === undefined || !person || person.email === forgotten) return;
    await asked(this.ring.index(keyId, person));
  }

  /** The id of the key of whoever a record names that nobody can read: by the e-mail in it, by which it is found from then on. */
  async claimedBy({ topic, partition, offset, key, value, timestamp = 0 }: IncomingRecord): Promise<string | undefined> {
    const { email } = (value && whoeverIn(value)) ?? {};
    if (!email?.includes('@')) return undefined;
    const seal = await asked(this.ring.keyForUnreadable(key || recordKey({ topic, partition, offset }), { id: null, email }, timestamp));
    await asked(this.ring.index(seal.id, { email }));
    return seal.id;
  }

  /** Ids of the keys of those whom all of `contacts` fits. */
  find(contacts: Contacts): Promise<string[]> {
    return asked(this.ring.find(contacts));
  }

  /** A record that holds clear text as it may be kept: with its value sealed. */
  async sealRecord(record: IncomingRecord): Promise<IncomingRecord> {
    const { topic, partition, offset, key, value, timestamp = 0 } = record;
    if (topic !== storefrontOrders || value === null) return record;
    const sealing = await asked(this.ring.keyForUnreadable(key || recordKey({ topic, partition, offset }), whoeverIn(value), timestamp));
    const text = textIn(value);
    const sealed = sealing.seal(text ?? value.toString('base64'), 'record');
    const headers = { ...record.headers, [sealedHeader]: text === undefined ? 'base64' : 'utf8' };
    return { ...record, headers, value: Buffer.from(sealed) };
  }

  /** Of `sealRecord`, what it was; a `Refusal` where its key was destroyed. */
  async unsealRecord(record: IncomingRecord): Promise<IncomingRecord> {
    const { [sealedHeader]: encoding, ...headers } = record.headers;
    const [found] = sealedTexts(record.value?.toString() ?? '');
    if (encoding === undefined || !found) return record;
    const text = (await asked(this.ring.keys([found.keyId]))).get(found.keyId)?.unseal(found.bytes);
    if (text === undefined)
      throw new Refusal('forgotten', 'the record cannot be unsealed: the customer was forgotten, or it waited too long; dismiss it');
    return { ...record, headers, value: Buffer.from(text, encoding === 'base64' ? 'base64' : 'utf8') };
  }
}

const asked = <T>(asking: Promise<T>): Promise<T> =>
  asking.catch((error: unknown) => {
    throw new StoreUnavailable(error);
  });

/** The customer who places an order. */
function personIn(data: unknown): Person | undefined {
  const found = placedBy.safeParse(data).data;
  return found && { ...found.customer, others: [{ name: found.address?.recipient, phone: found.address?.phone }] };
}

/** The recipient at the address in `data`. */
function recipientIn(data: unknown): Contacts | undefined {
  const { address } = z.object({ address: placedBy.shape.address }).safeParse(data).data ?? {};
  return address && { name: address.recipient, phone: address.phone };
}

/** Whom bytes that nobody can read are about: the customer of an order, else whose e-mail stands in them. */
function whoeverIn(bytes: Buffer): Pick<Person, 'id' | 'email'> | undefined {
  const customer = personIn(jsonIn(bytes));
  const email = /[^\s"'<>:;,()\\]{1,64}@[^\s"'<>:;,()\\@]{1,255}/.exec(bytes.toString())?.[0];
  if (customer && (customer.id !== null || customer.email.includes('@'))) return customer;
  return email === undefined ? undefined : { id: null, email };
}

function jsonIn(bytes: Buffer): unknown {
  try {
    const json = JSON.parse(bytes.toString()) as { data?: unknown } | null;
    return json?.data ?? json;
  } catch {
    return undefined;
  }
}

function textIn(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Refuses input that looks like sealed text. */
function refuseSealed(data: unknown, path: readonly string[]): void {
  if (typeof data === 'string' && looksSealed(data))
    throw new InvalidInput([{ field: fieldName(path, 'data'), message: 'must be clear text, but it is sealed' }]);
  if (typeof data !== 'object' || data === null) return;
  for (const [name, value] of Object.entries(data)) refuseSealed(value, [...path, name]);
}

/** Plain data with `change` made to each of its texts. */
function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((one) => mapTexts(one, change));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, mapTexts(inner, change)]));
}
