import { randomBytes } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Meta } from '@orderloom/event-sourcing';
import type { FastifyRequest } from 'fastify';
import { callerOf } from './auth.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** W3C trace context of this request: the caller's trace, a span of our own. */
    trace: string;
  }
}

/** Where a request came from, for the unit of work that carries it out; 401 where nobody said who they are. */
export const RequestMeta = createParamDecorator((_: unknown, context: ExecutionContext): Meta =>
  metaOf(context.switchToHttp().getRequest()),
);

export const metaOf = (request: FastifyRequest): Meta => ({ by: callerOf(request), causation: request.command?.id, trace: request.trace });

const hex = (bytes: number): string => randomBytes(bytes).toString('hex');

/** A `traceparent` for what is done here: it continues a valid `incoming` one, or begins a trace (as W3C asks for an invalid one). */
export function traceFrom(incoming: string | string[] | undefined): string {
  const [, trace, span, flags] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(String(incoming)) ?? [];
  const valid = trace !== undefined && span !== undefined && !/^0+$/.test(trace) && !/^0+$/.test(span);
  return valid ? `00-${trace}-${hex(8)}-${flags}` : `00-${hex(16)}-${hex(8)}-01`;
}
