import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';

/** Schemas of an OpenAPI document: those with a name (`.meta({ id: 'Money' })`) are written once, as components. */
export class SchemaComponents {
  readonly components: Record<string, object> = {};

  /** `schema` as JSON Schema 2020-12, as a client writes it (before defaults and transformations). */
  describe(schema: z.ZodType): object {
    const { $schema: _dialect, $defs = {}, ...root } = moved(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
    for (const [name, definition] of Object.entries($defs)) this.keep(name, definition as object);
    return root;
  }

  private keep(name: string, definition: object): void {
    if (name.startsWith('__')) throw new Error('a recursive schema has no name: add .meta({ id })');
    const known = this.components[name];
    if (known !== undefined && !isDeepStrictEqual(known, definition))
      throw new Error(`two different schemas have the name ${name}: rename one`);
    this.components[name] = definition;
  }
}

/** References point into the document, no longer into the schema. */
const moved = (schema: object): { $schema?: unknown; $defs?: object } =>
  JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    key === '$ref' && typeof value === 'string' ? value.replace('#/$defs/', '#/components/schemas/') : value,
  ) as { $schema?: unknown; $defs?: object };
