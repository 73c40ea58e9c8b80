import type { Schema } from '../compatibility/schema-compatibility.js';

interface Row {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly says: string;
}

/** A Markdown table of a schema's fields, those of nested objects with a dotted name; nothing for a schema without fields. */
export function fieldTable(schema: Schema): string {
  const rows = rowsOf(schema, '');
  if (rows.length === 0) return '';
  const lines = rows.map(({ name, type, required, says }) => `| \`${name}\` | ${type} | ${required ? 'yes' : ''} | ${says} |`);
  return ['| field | type | required | |', '| --- | --- | --- | --- |', ...lines].join('\n');
}

function rowsOf({ properties = {}, required = [] }: Schema, prefix: string): Row[] {
  return Object.entries(properties).flatMap(([field, schema]) => {
    const name = `${prefix}${field}`;
    const row = { name, type: typeOf(schema), required: required.includes(field), says: saysOf(schema) };
    return [row, ...rowsOf(schema, `${name}.`), ...(schema.items ? rowsOf(schema.items, `${name}[].`) : [])];
  });
}

function saysOf(schema: Schema): string {
  const says = [schema['description'] as string | undefined, schema['x-personal'] ? 'personal' : undefined, defaultOf(schema)];
  return says.filter((part) => part !== undefined).join('; ');
}

const defaultOf = (schema: Schema): string | undefined =>
  schema['default'] === undefined ? undefined : `\`${JSON.stringify(schema['default'])}\` where absent`;

function typeOf(schema: Schema): string {
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' or ');
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if ('const' in schema) return `\`${String(schema.const)}\``;
  switch (schema.type) {
    case 'array':
      return `${range(schema, 'minItems', 'maxItems')}list of ${schema.items ? typeOf(schema.items) : 'anything'}`;
    case 'integer':
      return `whole number${bounds(schema)}`;
    case 'string':
      return schema['format'] === 'date-time' ? 'instant' : `text${lengths(schema)}`;
    case undefined:
      return schema.properties ? 'object' : 'anything';
    default:
      return schema.type;
  }
}

const number = (schema: Schema, name: string): number | undefined => schema[name] as number | undefined;

function range(schema: Schema, min: string, max: string): string {
  const [least, most] = [number(schema, min), number(schema, max)];
  if (least === undefined && most === undefined) return '';
  return most === undefined ? `${least} or more: ` : `${least ?? 0} to ${most}: `;
}

function bounds(schema: Schema): string {
  const above = number(schema, 'exclusiveMinimum');
  const least = above === undefined ? number(schema, 'minimum') : above + 1;
  const most = number(schema, 'maximum');
  const from = least === undefined || least <= Number.MIN_SAFE_INTEGER ? '' : ` from ${least}`;
  return `${from}${most === undefined || most >= Number.MAX_SAFE_INTEGER ? '' : ` to ${most}`}`;
}

function lengths(schema: Schema): string {
  const most = number(schema, 'maxLength');
  return `${most === undefined ? '' : ` of up to ${most}`}${schema['format'] === 'email' ? ', an e-mail address' : ''}`;
}
