import { randomBytes } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Meta } from '@orderloom/event-sourcing';
import { spanContextOf } from '@orderloom/messaging';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../auth/auth.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** W3C trace context of this request: the caller's trace, a span of our own. */
    trace: string;
  }
}

/** Actor and trace of a request, for its unit of work. Throws 401 without a token. */
export const RequestMeta = createParamDecorator((_: unknown, context: ExecutionContext): Meta =>
  metaOf(context.switchToHttp().getRequest()),
);

export const metaOf = (request: FastifyRequest): Meta => ({ by: callerOf(request), causation: request.command?.id, trace: request.trace });

const hex = (bytes: number): string => randomBytes(bytes).toString('hex');

/** A `traceparent` for what is done here: it continues a valid `incoming` one, or begins a trace (as W3C asks for an invalid one). */
export function traceFrom(incoming: string): string {
  const given = spanContextOf(incoming);
  return given ? `00-${given.traceId}-${hex(8)}-0${given.traceFlags}` : `00-${hex(16)}-${hex(8)}-01`;
}
