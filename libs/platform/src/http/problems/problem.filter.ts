import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { StoreUnavailable } from '@orderloom/event-sourcing';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ProcessLogger } from '../../observability/logger.js';
import { HttpProblem, plainProblem, problemMediaType, problemOf } from './problem.js';
import type { RouteTable } from '../route-table.js';

/** Answers every error with a problem, including refusals by the router. Unexpected errors are logged. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly log: ProcessLogger,
    private readonly routes: RouteTable,
  ) {}

  catch(error: unknown, host: ArgumentsHost): FastifyReply {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const refused = request.raw.readableAborted ? hungUp() : request.is404 ? this.refusedRoute(request, error) : error;
    return this.answer(refused, request, host.switchToHttp().getResponse());
  }

  /** Sends the problem of `error`, for errors before or outside of Nest. */
  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const told = error instanceof StoreUnavailable ? storeAway() : error;
    const problem = { ...problemOf(told), instance: instanceOf(request) };
    if (problem.status >= 500 && !(error instanceof HttpProblem)) {
      this.log.error({ err: error, method: request.method, route: request.routeOptions.url, request: request.id }, 'a request failed');
    }
    if (told instanceof HttpProblem) void reply.headers(told.headers);
    return reply.code(problem.status).header('content-type', problemMediaType).send(JSON.stringify(problem));
  }

  private refusedRoute(request: FastifyRequest, error: unknown): unknown {
    const allowed = this.routes.methodsOf(request.url);
    if (allowed.length === 0) return error;
    return new HttpProblem(405, 'method-not-allowed', `${request.method} is not allowed here: use ${allowed.join(', ')}.`, {
      allow: allowed.join(', '),
    });
  }
}

const hungUp = (): HttpProblem => new HttpProblem(400, 'body-incomplete', 'The connection ended before the body was complete.');

/** It may be unknown whether the command was executed. A repeated request with its Idempotency-Key gets the result. */
const storeAway = (): HttpProblem =>
  new HttpProblem(503, 'store-unavailable', 'The database is not reachable; repeat the same request later.', { 'retry-after': '1' });

/** Id of a request, in its problem and in the log. */
export const instanceOf = (request: FastifyRequest): string => `urn:uuid:${request.id}`;

const clientErrors: Readonly<Record<string, number>> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 };

/** Answers bytes that are not an HTTP request with a problem, and closes the connection. */
export function refuseConnection(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const status = clientErrors[error.code ?? ''] ?? 400;
  const body = JSON.stringify({ ...plainProblem(status), detail: 'The request is not valid HTTP.' });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Content-Type: ${problemMediaType}`,
    `Content-Length: ${body.length}`,
    'Connection: close',
  ];
  if (!socket.writable) return void socket.destroy();
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
