import { STATUS_CODES } from 'node:http';
import type { Type } from '@nestjs/common';
import { z } from 'zod';
import { type DescribedRoute, routesOf } from './openapi-routes.js';
import { SchemaComponents } from './openapi-schemas.js';
import { problemMediaType } from '../http/problems/problem.js';

const problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    instance: z.string().optional(),
    code: z.string().optional().describe('stable; the last part of type'),
    rule: z.string().optional().describe("number of the rule in the merchant's manual"),
    errors: z
      .array(z.object({ field: z.string(), message: z.string() }))
      .optional()
      .describe('every wrong field'),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details' });

export interface OpenApiInfo {
  readonly title: string;
  readonly version: string;
  readonly description?: string;
}

export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: OpenApiInfo;
  /** By path, then method. */
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly components: object;
}

/** The OpenAPI 3.1 document of `controllers`, from their decorators. Throws for a handler without a description or permission. */
export function openApiOf(controllers: readonly Type[], info: OpenApiInfo): OpenApiDocument {
  const book = new SchemaComponents();
  book.describe(problem);
  const paths: Record<string, Record<string, object>> = {};
  for (const route of controllers.flatMap(routesOf)) {
    (paths[route.path] ??= {})[route.method] = operationOf(route, book);
  }
  return {
    openapi: '3.1.0',
    info,
    paths,
    components: {
      schemas: book.components,
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      responses: {
        Problem: { description: 'A problem', content: { [problemMediaType]: { schema: { $ref: '#/components/schemas/Problem' } } } },
      },
    },
  };
}

function operationOf(route: DescribedRoute, book: SchemaComponents): object {
  const { notes, body } = route;
  const needsToken = route.action !== undefined;
  return {
    operationId: route.id,
    summary: notes.summary,
    ...(notes.rule && { 'x-rule': notes.rule }),
    ...(needsToken && { 'x-action': route.action, security: [{ bearer: [] }] }),
    ...(route.roles && { description: `For ${route.roles.join(', ')} only.` }),
    parameters: [
      ...Object.entries(route.params).map(([name, schema]) => ({ name, in: 'path', required: true, schema: book.describe(schema) })),
      ...Object.entries(route.query).map(([name, schema]) => ({
        name,
        in: 'query',
        required: !takesNothing(schema),
        schema: book.describe(schema),
      })),
      ...(route.method === 'post' ? [idempotencyKey] : []),
    ],
    ...(body && { requestBody: { required: !takesNothing(body), content: { 'application/json': { schema: book.describe(body) } } } }),
    responses: { ...answersOf(route, book), ...problemsOf(route, needsToken) },
  };
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  description: 'The same key and request are answered with the same answer; the same key with another request is refused (422).',
  schema: { type: 'string', minLength: 1, maxLength: 128, pattern: '^[\\x21-\\x7e]+$' },
};

const takesNothing = (schema: z.ZodType): boolean => schema.safeParse(undefined).success;

const answersOf = ({ notes }: DescribedRoute, book: SchemaComponents): object =>
  Object.fromEntries(
    Object.entries(notes.answers).map(([status, schema]) => [
      status,
      {
        description: STATUS_CODES[status] ?? status,
        ...(schema && { content: { 'application/json': { schema: book.describe(schema) } } }),
      },
    ]),
  );

function problemsOf(route: DescribedRoute, needsToken: boolean): object {
  const always = [400, 404];
  const writing = route.method === 'get' ? [] : [409, 413, 415];
  const statuses = [...always, ...(needsToken ? [401, 403] : []), ...writing, ...(route.method === 'post' ? [422] : []), 'default'];
  return Object.fromEntries(statuses.map((status) => [status, { $ref: '#/components/responses/Problem' }]));
}
