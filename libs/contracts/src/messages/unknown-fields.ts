import { z } from 'zod';
import { countryAliases } from './countries.js';
import { personal, convertedBy } from './personal.js';

/** Of a text that is kept in pieces: 1,000 letters, which are two characters each at most. */
const piece = 2000;

/** Unknown fields of a sender's data: the field's path and its value as JSON; a long one in several pieces. */
export const extra = z
  .array(z.object({ field: z.string(), value: personal(z.string().max(piece)) }))
  .optional()
  .describe('fields that nobody here knows, as they were sent');
export type Extra = z.infer<typeof extra>;

/** An object's type without what is said of fields that nobody knows. */
type Known<T> = {
  [K in keyof T as string extends K ? never : K]: T[K] extends object ? (T[K] extends readonly unknown[] ? T[K] : Known<T[K]>) : T[K];
};

/** The schema of what an edge says with `fields`; what it does not know, at any depth, is kept in `extra` instead of being dropped. Objects in it are loose. */
export function keepingUnknown<Shape extends z.ZodRawShape>(fields: Shape, check?: (data: never, issues: z.RefinementCtx) => void) {
  const loose = z.looseObject(fields);
  const schema = check ? loose.superRefine((data, issues) => check(data as never, issues)) : loose;
  type Understood = Known<z.output<z.ZodObject<Shape>>> & { extra?: Extra };
  const said = z.object({ ...fields, extra }) as unknown as z.ZodType<Understood>;
  return convertedBy(schema, said, (data) => withExtra(schema, data) as Understood);
}

/** `data` with what `schema` does not know of it, or understands otherwise than it was said, in `extra`. */
export function withExtra(schema: z.ZodObject, data: object): object {
  const { known } = split(schema, data, '');
  const { address } = known as { address?: { country?: string } };
  const meant = countryAliases[address?.country ?? ''];
  const all = unknownIn(schema, data);
  return {
    ...(known as object),
    ...(meant === undefined ? {} : { address: { ...address, country: meant } }),
    ...(all.length === 0 ? {} : { extra: all }),
  };
}

/** The fields of `data` that `schema` does not know, at any depth, or converts, with their values as sent. */
export function unknownIn(schema: z.ZodType, data: unknown): NonNullable<Extra> {
  const country = (data as { address?: { country?: unknown } | null } | null | undefined)?.address?.country;
  const otherwise = typeof country === 'string' && Object.hasOwn(countryAliases, country) ? asExtra('address.country', country) : [];
  return withinLimit([...split(schema, data, '').extra, ...otherwise]);
}

const keepers = new WeakSet<z.ZodType>();

/** Says that whoever reads data of `schema` keeps what it does not know of them, and refuses what changes money, in its own way. */
export function readerKeepsUnknown<S extends z.ZodType>(schema: S): S {
  keepers.add(schema);
  return schema;
}

/** The fields of `data` that its reader drops, as sent; `money`: those that change an amount, which are refused. */
export function droppedFields(
  schema: z.ZodType,
  data: unknown,
): { readonly fields: NonNullable<Extra>; readonly money: readonly string[] } {
  if (keepers.has(schema)) return { fields: [], money: [] };
  const fields = unknownIn(schema, data);
  return { fields, money: moneyFieldsOf(fields) };
}

/** Those of `unknownIn` that change what is to be paid, by their names: nobody would heed them. */
export const moneyFieldsOf = (unknown: NonNullable<Extra>): readonly string[] => [
  ...new Set(
    unknown.filter(({ field, value }) => changesMoney(field.split('.').at(-1) ?? '') && !isNothing(read(value))).map(({ field }) => field),
  ),
];

/** A value, or the first piece of a long one as it is. */
function read(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

/** Letters of all such fields of one record: sealed, they and the order must fit into one event. */
const mostLetters = 30_000;

/** As many whole fields as fit, in their order; what is left out is said, with its length. */
function withinLimit(found: NonNullable<Extra>): NonNullable<Extra> {
  const kept: NonNullable<Extra> = [];
  const left = new Map<string, number>();
  let letters = 0;
  for (const field of new Set(found.map((one) => one.field))) {
    const pieces = found.filter((one) => one.field === field);
    const length = pieces.reduce((sum, { value }) => sum + value.length, 0);
    const withName = length + pieces.length * field.length;
    if (letters + withName > mostLetters) left.set(field, length);
    else {
      letters += withName;
      kept.push(...pieces);
    }
  }
  if (left.size === 0) return found;
  const names = [...left].slice(0, 20).map(([field, length]) => `${field} (${length} characters)`);
  const more = left.size > names.length ? ` and ${left.size - names.length} more fields` : '';
  const said = `not kept, since all such fields together are longer than ${mostLetters} characters: ${names.join(', ')}${more}`;
  return [...kept, ...asExtra('fields-not-kept', said)];
}

const asExtra = (field: string, value: unknown): NonNullable<Extra> => {
  const json = JSON.stringify(value) ?? 'null';
  const pieces = json.match(/[^]{1,1000}/gu) ?? [json];
  return pieces.map((part) => ({ field: field.slice(0, 300), value: part }));
};

function split(schema: z.ZodType, data: unknown, path: string): { known: unknown; extra: NonNullable<Extra> } {
  const inner = wrapped(schema);
  if (inner) return split(inner, data, path);
  if (schema instanceof z.ZodArray && Array.isArray(data)) {
    const parts = data.map((one, i) => split(schema.element as z.ZodType, one, `${path}${i}.`));
    return { known: parts.map(({ known }) => known), extra: parts.flatMap((part) => part.extra) };
  }
  if (!(schema instanceof z.ZodObject) || typeof data !== 'object' || data === null) return { known: data, extra: [] };
  const shape = schema.shape as Record<string, z.ZodType>;
  const known: Record<string, unknown> = {};
  const found: NonNullable<Extra> = [];
  for (const [name, value] of Object.entries(data)) {
    const field = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (!field) found.push(...asExtra(`${path}${name}`, value));
    else {
      const part = split(field, value, `${path}${name}.`);
      known[name] = part.known;
      found.push(...part.extra);
    }
  }
  return { known, extra: found };
}

const wrapped = (schema: z.ZodType): z.ZodType | undefined =>
  schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault
    ? (schema.unwrap() as z.ZodType)
    : schema instanceof z.ZodPipe
      ? ((schema.in instanceof z.ZodTransform ? schema.out : schema.in) as z.ZodType)
      : undefined;

/** Words of names of fields that change what is to be paid. */
const ofMoney = new Set(
  (
    'payment payments paid prepaid tax taxes vat gst duty duties discount discounts rebate fee fees price prices pricing cost costs currency ' +
    'currencies amount amounts total totals subtotal surcharge surcharges voucher vouchers coupon coupons deposit deposits tip tips rounding ' +
    'refund refunds refunded captured credit credits giftcard giftcards adjustment adjustments charge charges shipping freight'
  ).split(' '),
);
/** A name that ends so says which one it is, not how much. */
const onlyNames =
  /^(id|ids|number|code|codes|name|reference|ref|note|notes|label|url|class|category|method|terms|status|type|date|at|address|carrier|service|provider|instructions|weight)$/;

const changesMoney = (name: string): boolean => {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+|\s/)
    .map((word) => word.toLowerCase());
  const pairs = words.map((word, i) => word + (words[i + 1] ?? ''));
  return [...words, ...pairs].some((word) => ofMoney.has(word)) && !onlyNames.test(words.at(-1) ?? '');
};

/** Nothing that would change a sum. */
const isNothing = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === '' ||
  value === 0 ||
  value === false ||
  (typeof value === 'object' && Object.keys(value).length === 0);

/** The reason for refusing such a field. */
export const unknownMoneyField = 'is an unknown field that changes the amount to pay: use the fields of the schema, or leave it out';

/** Fields of `data` beside those of `schema` whose names say that they change what is to be paid: they are refused, since nobody would heed them. */
export function refuseUnknownMoney(schema: z.ZodObject, data: object, issues: z.RefinementCtx, path: readonly PropertyKey[] = []): void {
  for (const [name, value] of Object.entries(data)) {
    if (Object.hasOwn(schema.shape, name) || !changesMoney(name) || isNothing(value)) continue;
    issues.addIssue({ code: 'custom', path: [...path, name], message: unknownMoneyField });
  }
}
