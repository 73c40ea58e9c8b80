import { orderReference } from '@orderloom/contracts';
import { z } from 'zod';

/** Forbidden changes of a schema within its version; a deliberate change is a new version beside the old one. */
export const rules = {
  C1: 'a field disappeared',
  C2: 'a required field that we send became optional',
  C3: 'the type of a field changed',
  C4: 'a value was added to a list of values that we send',
  C5: 'the limits of a field that we send became wider',
  C6: 'a field became required that older messages and other senders leave out',
  C7: 'a value was removed from a list of values',
  C8: 'the limits of a field became narrower',
  C9: 'a message, a version, a question or an answer disappeared',
  C10: 'a topic disappeared, or its key changed',
  S1: 'a stored sample was changed or removed',
  S2: 'a stored sample is no longer read',
} as const;
type Rule = keyof typeof rules;

export interface Fault {
  readonly rule: Rule;
  /** The file, and the field in it. */
  readonly where: string;
  readonly what: string;
}

export const sentence = ({ rule, where, what }: Fault): string => `${where}: ${rule} ${rules[rule]}: ${what}`;

export interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly [keyword: string]: unknown;
}

/** Rules about what readers get count where we write, beside those about what was written before: old messages are read for ever. */
const readersOnly: readonly Rule[] = ['C2', 'C4', 'C5'];

/** Incompatibilities between two schemas of one version; `foreign`: only others write it, so it may become wider. */
export const incompatibilities = (before: Schema, after: Schema, foreign: boolean, file: string): Fault[] =>
  compare(before, after, foreign, []).flatMap(({ rule, path, what }) =>
    foreign && readersOnly.includes(rule) ? [] : [{ rule, where: path.length === 0 ? file : `${file} ${path.join('.')}`, what }],
  );

interface Found {
  readonly rule: Rule;
  readonly path: readonly string[];
  readonly what: string;
}

function compare(before: Schema, after: Schema, foreign: boolean, path: readonly string[]): Found[] {
  const [olds, news] = [alternatives(before), alternatives(after)];
  const typed = (kind: string, among: ReadonlyMap<string, Schema>) =>
    among.get(kind) ?? among.get('anything') ?? (kind === 'integer' && foreign ? among.get('number') : undefined);
  const gone = [...olds.keys()].filter((kind) => !typed(kind, news)).map((kind) => `${kind} is no longer understood`);
  const added = foreign ? [] : [...news.keys()].filter((kind) => !typed(kind, olds)).map((kind) => `${kind} is new`);
  const types = [...gone, ...added].map((what): Found => ({ rule: 'C3', path, what }));
  return [...types, ...[...olds].flatMap(([kind, old]) => compareOne(old, typed(kind, news), foreign, path))];
}

function compareOne(before: Schema, after: Schema | undefined, foreign: boolean, path: readonly string[]): Found[] {
  if (!after) return [];
  return [
    ...values(before, after, path),
    ...limits(before, after, path),
    ...fields(before, after, foreign, path),
    ...inner(before.items, after.items, foreign, [...path, '[]']),
    ...inner(open(before.additionalProperties), open(after.additionalProperties), foreign, [...path, '{}']),
  ];
}

const inner = (before: Schema | undefined, after: Schema | undefined, foreign: boolean, path: readonly string[]): Found[] =>
  before || after ? compare(before ?? {}, after ?? {}, foreign, path) : [];

const open = (schema: Schema | boolean | undefined): Schema | undefined => (typeof schema === 'object' ? schema : undefined);

function fields(before: Schema, after: Schema, foreign: boolean, path: readonly string[]): Found[] {
  const required = ({ required: names = [] }: Schema, name: string) => names.includes(name);
  const [olds, news] = [before.properties ?? {}, after.properties ?? {}];
  return [...new Set([...Object.keys(olds), ...Object.keys(news)])].flatMap((name): Found[] => {
    const [old, now, here] = [olds[name], news[name], [...path, name]];
    if (!now) return [{ rule: 'C1', path: here, what: 'is gone' }];
    const was = old !== undefined && required(before, name);
    const changed: Found[] = [];
    if (required(after, name) && !was) changed.push({ rule: 'C6', path: here, what: 'is required now' });
    if (was && !required(after, name)) changed.push({ rule: 'C2', path: here, what: 'may be left out now' });
    return old ? [...changed, ...compare(old, now, foreign, here)] : changed;
  });
}

function values(before: Schema, after: Schema, path: readonly string[]): Found[] {
  const [olds, news] = [valuesOf(before), valuesOf(after)];
  if (!olds && !news) return [];
  const added = news ? news.filter((value) => olds && !olds.includes(value)) : ['any value'];
  const removed = olds ? olds.filter((value) => news && !news.includes(value)) : ['every other value'];
  return [
    ...added.map((what): Found => ({ rule: 'C4', path, what: `${what} is new` })),
    ...removed.map((what): Found => ({ rule: 'C7', path, what: `${what} is gone` })),
  ];
}

const valuesOf = (schema: Schema): string[] | undefined =>
  schema.enum?.map((v) => JSON.stringify(v)) ?? ('const' in schema ? [JSON.stringify(schema.const)] : undefined);

const limitNames = { least: 'values', most: 'values', minLength: 'length', maxLength: 'length', minItems: 'items', maxItems: 'items' };

function limits(before: Schema, after: Schema, path: readonly string[]): Found[] {
  const [olds, news] = [limitsOf(before), limitsOf(after)];
  const bounds = Object.entries(limitNames).flatMap(([name, what]): Found[] => {
    const way = name === 'least' || name.startsWith('min') ? -1 : 1;
    const [old, now] = [olds[name] ?? way * Infinity, news[name] ?? way * Infinity];
    return old === now
      ? []
      : [{ rule: (now - old) * way > 0 ? 'C5' : 'C8', path, what: `${what} ${way < 0 ? 'from' : 'to'} ${old} -> ${now}` }];
  });
  const texts = ['pattern', 'format'].flatMap((name): Found[] => {
    const [old, now] = [before[name], after[name]];
    if (old === now || (now !== undefined && widened.get(old) === now)) return [];
    const what = `${name} ${said(old)} -> ${said(now)}`;
    return [
      ...(now === undefined ? [] : [{ rule: 'C8', path, what } as const]),
      ...(old === undefined ? [] : [{ rule: 'C5', path, what } as const]),
    ];
  });
  return [...bounds, ...texts];
}

/**
 * Patterns that became wider on purpose without new versions, and what each became. An order's reference is a bare number as ever where
 * there is one storefront; only an installation with a second one says what the old pattern refuses (ORD-01).
 */
const widened: ReadonlyMap<unknown, unknown> = new Map([['^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$', z.toJSONSchema(orderReference).pattern]]);

/** The values that a schema allows; an exclusive bound counts as a slightly narrower inclusive one. */
function limitsOf(schema: Schema): Readonly<Record<string, number | undefined>> {
  const of = (name: string) => schema[name] as number | undefined;
  const step = schema.type === 'integer' ? 1 : 1e-9;
  const [above, below] = [of('exclusiveMinimum'), of('exclusiveMaximum')];
  const least = Math.max(of('minimum') ?? -Infinity, above === undefined ? -Infinity : above + step);
  const most = Math.min(of('maximum') ?? Infinity, below === undefined ? Infinity : below - step);
  return { ...(schema as Record<string, number | undefined>), least, most };
}

const said = (limit: unknown): string => JSON.stringify(limit ?? 'none');

/** A schema's alternatives by the kind of value: `string`, `null`, `object`, … or `anything`. */
function alternatives(schema: Schema): ReadonlyMap<string, Schema> {
  const all = schema.anyOf ?? [schema];
  return new Map(all.flatMap((one) => kindsOf(one).map((kind) => [kind, one] as const)));
}

function kindsOf(schema: Schema): readonly string[] {
  if (schema.type !== undefined) return [schema.type].flat();
  const listed = schema.enum ?? ('const' in schema ? [schema.const] : undefined);
  if (listed) return [...new Set(listed.map((value) => (value === null ? 'null' : typeof value)))];
  return schema.properties ? ['object'] : ['anything'];
}
