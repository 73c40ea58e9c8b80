import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ProcessLogger } from '../observability/logger.js';
import { HttpProblem, problemOf } from './problems/problem.js';

export interface Webhook {
  readonly url: string;
  /** Status of an accepted request. */
  readonly status: 200 | 202;
  readonly logger: Pick<ProcessLogger, 'warn' | 'error'>;
  /** Returns the body of the response. `body` has the bytes as they came. */
  readonly receive: (request: FastifyRequest, body: Buffer) => Promise<object>;
}

/**
 * Serves `POST url` on `server`, whose other routes keep their own parsers. The body is not parsed, because a signature is that of its
 * bytes. Errors are answered as problems (RFC 9457).
 */
export async function serveWebhook(server: FastifyInstance, { url, status, logger, receive }: Webhook): Promise<void> {
  await server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, bytes, done) => done(null, bytes));
    scope.setErrorHandler((error: FastifyError, request, reply) => refuse(error, request, reply, logger));
    const handler = async (request: FastifyRequest, reply: FastifyReply) =>
      reply.code(status).send(await receive(request, Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)));
    scope.route({ method: 'POST', url, handler });
  });
}

function refuse(error: Error, request: FastifyRequest, reply: FastifyReply, logger: Webhook['logger']): FastifyReply {
  const problem = { ...problemOf(error), instance: `urn:uuid:${request.id}` };
  if (problem.status >= 500 && !(error instanceof HttpProblem)) logger.error({ err: error, request: request.id }, 'a webhook failed');
  else logger.warn({ request: request.id, status: problem.status, code: problem.code, errors: problem.errors }, 'a webhook was refused');
  if (error instanceof HttpProblem) void reply.headers(error.headers);
  return reply.code(problem.status).header('content-type', 'application/problem+json').send(JSON.stringify(problem));
}
