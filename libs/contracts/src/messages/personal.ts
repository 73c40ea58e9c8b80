import { z } from 'zod';

/** Marks a text as personal data: as people write it at the edge, sealed everywhere behind it. */
export const personal = <S extends z.ZodType<string | undefined>>(schema: S): S => schema.meta({ personal: true });

const saidAs = new WeakMap<z.ZodType, z.ZodType>();

/** `schema` at the edge, whose data become what `read` makes of them; `said` describes that. */
export function convertedBy<S extends z.ZodType, R>(schema: S, said: z.ZodType<R>, read: (data: z.output<S>) => R) {
  const reading = schema.transform((data) => read(data));
  saidAs.set(reading, said);
  return reading;
}

/** Of the clear text that the longest personal field may have, sealed. */
const longest = 12_000;
const behindTheEdge = z
  .string()
  .max(longest)
  .describe('personal data, sealed: sealed.v1.<key>.<bytes>; ask the service over HTTP for the clear text')
  .meta({ personal: true });

/** `schema` as services say it to each other: each personal field holds sealed text. Refinements stay with the edge. */
export function sealable<S extends z.ZodType>(schema: S): S {
  return sealableType(schema) as S;
}

function sealableType(schema: z.ZodType): z.ZodType {
  if (isPersonal(schema)) return behindTheEdge;
  const said = saidAs.get(schema);
  if (said) return sealableType(said);
  if (schema instanceof z.ZodOptional) return sealableType(schema.unwrap() as z.ZodType).optional();
  if (schema instanceof z.ZodNullable) return sealableType(schema.unwrap() as z.ZodType).nullable();
  if (schema instanceof z.ZodPipe) return holdsPersonal(schema) ? sealableType(schema.in as z.ZodType) : schema;
  if (schema instanceof z.ZodArray) return holdsPersonal(schema) ? z.array(sealableType(schema.element as z.ZodType)) : schema;
  if (!(schema instanceof z.ZodObject) || !holdsPersonal(schema)) return schema;
  return z.object(Object.fromEntries(fieldsOf(schema).map(([name, field]) => [name, sealableType(field)])));
}

/** Whether data of `schema` may hold personal data. */
export function holdsPersonal(schema: z.ZodType): boolean {
  if (isPersonal(schema)) return true;
  const inner = schema instanceof z.ZodArray ? (schema.element as z.ZodType) : unwrapped(schema);
  if (inner) return holdsPersonal(inner);
  return schema instanceof z.ZodObject && fieldsOf(schema).some(([, field]) => holdsPersonal(field));
}

/** `data` of `schema` with `change` made to each personal text that is not blank; `field` is the name of the field it stands in. */
export const mapPersonal = <T>(schema: z.ZodType, data: T, change: (text: string, field: string) => string): T =>
  mapped(schema, data, change, '') as T;

function mapped(schema: z.ZodType, data: unknown, change: (text: string, field: string) => string, field: string): unknown {
  if (data === undefined || data === null || !holdsPersonal(schema)) return data;
  if (isPersonal(schema)) return typeof data === 'string' && data.trim() !== '' ? change(data, field) : data;
  if (schema instanceof z.ZodArray)
    return Array.isArray(data) ? data.map((one) => mapped(schema.element as z.ZodType, one, change, field)) : data;
  const inner = unwrapped(schema);
  if (inner) return mapped(inner, data, change, field);
  if (!(schema instanceof z.ZodObject) || typeof data !== 'object') return data;
  const shape = schema.shape as Record<string, z.ZodType>;
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, shape[name] ? mapped(shape[name], value, change, name) : (value as unknown)]),
  );
}

const isPersonal = (schema: z.ZodType): boolean => schema.meta()?.['personal'] === true;

const fieldsOf = (schema: z.ZodObject): [string, z.ZodType][] => Object.entries<z.ZodType>(schema.shape);

function unwrapped(schema: z.ZodType): z.ZodType | undefined {
  const said = saidAs.get(schema);
  if (said) return said;
  if (schema instanceof z.ZodPipe) return schema.in as z.ZodType;
  const wraps = schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault;
  return wraps ? (schema.unwrap() as z.ZodType) : undefined;
}
