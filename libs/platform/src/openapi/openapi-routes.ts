import { type Type, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/internal';
import { z } from 'zod';
import { type Action, rolesThatMay } from '@orderloom/contracts';
import { actionOf } from '../auth/auth.js';
import { notesOf, type OperationNotes } from './operation.js';

/** One handler of a controller, as its decorators describe it. */
export interface DescribedRoute {
  readonly id: string;
  readonly method: string;
  /** With its parameters as `{name}`. */
  readonly path: string;
  readonly notes: OperationNotes;
  /** Action and permitted roles; undefined if public. */
  readonly action?: Action;
  readonly roles?: readonly string[];
  readonly body?: z.ZodType;
  readonly query: Readonly<Record<string, z.ZodType>>;
  readonly params: Readonly<Record<string, z.ZodType>>;
}

interface RouteArgument {
  readonly data?: unknown;
  readonly schema?: unknown;
}

/** Numbers that Nest gives to `@Body`, `@Query`, `@Param`. */
const kinds = { body: '3', query: '4', params: '5' } as const;

/** The routes of `controller`. Throws for a handler without `@Operation` or without a permission. */
export function routesOf(controller: Type): DescribedRoute[] {
  const prototype = controller.prototype as Record<string, unknown>;
  const names = Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor');
  return names.flatMap((name) => {
    const handler = prototype[name];
    const method: unknown = typeof handler === 'function' ? Reflect.getMetadata(METHOD_METADATA, handler) : undefined;
    return typeof handler === 'function' && typeof method === 'number' ? [describeRoute(controller, name, handler, method)] : [];
  });
}

function describeRoute(controller: Type, name: string, handler: object, method: number): DescribedRoute {
  const notes = notesOf(handler);
  if (!notes) throw new Error(`${controller.name}.${name} has no @Operation: add its summary and responses`);
  const action = actionOf(handler);
  if (action === undefined) throw new Error(`${controller.name}.${name} declares no permission: add @RequirePermission(action) or @Public`);
  const path = [controller, handler].map((part) => String(Reflect.getMetadata(PATH_METADATA, part) ?? '')).join('/');
  const parts = path.split('/').filter((part) => part !== '');
  const named = Object.fromEntries(parts.filter((part) => part.startsWith(':')).map((part) => [part.slice(1), z.string()]));
  return {
    id: `${controller.name.replace(/Controller$/, '')}.${name}`,
    method: (RequestMethod[method] ?? '').toLowerCase(),
    path: `/${parts.map((part) => part.replace(/^:(.+)$/, '{$1}')).join('/')}`,
    notes,
    ...(action !== 'open' && { action, roles: rolesThatMay(action) }),
    body: bodyOf(controller, name),
    query: fieldsOf(argumentsOf(controller, name, 'query')),
    params: { ...named, ...fieldsOf(argumentsOf(controller, name, 'params')) },
  };
}

/** The schema of the body that a handler declares. */
export const bodyOf = (controller: Type, name: string): z.ZodType | undefined => argumentsOf(controller, name, 'body')[0]?.[1];

function argumentsOf(
  controller: Type,
  name: string,
  kind: keyof typeof kinds,
): (readonly [field: string | undefined, schema: z.ZodType])[] {
  const all = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {}) as Record<string, RouteArgument>;
  return Object.entries(all)
    .filter(([key]) => key.split(':')[0] === kinds[kind])
    .flatMap(([, { data, schema }]) =>
      schema instanceof z.ZodType ? [[typeof data === 'string' ? data : undefined, schema] as const] : [],
    );
}

const fieldsOf = (found: ReturnType<typeof argumentsOf>): Record<string, z.ZodType> =>
  Object.fromEntries(
    found.flatMap(([field, schema]) => {
      if (field !== undefined) return [[field, schema]];
      return schema instanceof z.ZodObject ? Object.entries(schema.shape) : [];
    }),
  );
