import { randomUUID } from 'node:crypto';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { traceRequests } from '../tracing/http-tracing.js';
import { checkStorable, readJson } from './input/json.js';
import type { ProcessLogger } from '../observability/logger.js';
import { HttpProblem } from './problems/problem.js';
import { type ProblemFilter, refuseConnection } from './problems/problem.filter.js';
import type { RouteTable } from './route-table.js';

const mebibyte = 1_048_576;

/** Fastify with the settings of every service: accepts bounded, valid JSON only, and reports every refusal as a problem. */
export function fastifyAdapter(problems: ProblemFilter, routes: RouteTable, log: ProcessLogger, bodyLimit = mebibyte): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit,
    requestTimeout: 30_000,
    // requests that arrive while draining are answered, with `Connection: close`
    return503OnClosing: false,
    genReqId: () => randomUUID(),
    clientErrorHandler: refuseConnection,
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => void problems.answer(error, request, reply),
  });
  const server = adapter.getInstance<FastifyInstance>();
  server.decorateRequest('caller', null);
  server.decorateRequest('trace', '');
  server.addHook('onRoute', ({ url, method }) => routes.add(url, method));
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, bytes: Buffer, done) => {
    try {
      done(null, readJson(bytes));
    } catch (error) {
      done(error as Error);
    }
  });
  traceRequests(server);
  server.addHook('onRequest', async (request) => {
    const encoding = request.headers['content-encoding'] ?? 'identity';
    if (encoding !== 'identity')
      throw new HttpProblem(415, 'compressed-body', 'A body must not be compressed.', { 'accept-encoding': 'identity' });
    checkStorable(request.query, 'query');
    checkStorable(request.params, 'path');
  });
  server.addHook('onResponse', async (request, reply) => {
    const { id, method, trace } = request;
    const milliseconds = Math.round(reply.elapsedTime);
    log.debug({ request: id, method, route: request.routeOptions.url, status: reply.statusCode, milliseconds, trace }, 'answered');
  });
  return adapter;
}
