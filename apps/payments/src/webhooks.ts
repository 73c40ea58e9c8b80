import { HttpProblem, problemOf, type ProcessLogger } from '@orderloom/platform';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { OutcomeUnknown, type PaymentProvider } from './provider.js';
import type { RefundTasks } from './refund-tasks.js';

/**
 * `POST /webhooks/<provider>`: what a provider reports of its own accord. The body is read as bytes, because these are what is signed.
 * 200 means that the report was published; 503 asks the provider to send it again.
 */
export async function webhooks(
  server: FastifyInstance,
  providers: ReadonlyMap<string, PaymentProvider>,
  tasks: Pick<RefundTasks, 'report'>,
  logger: Pick<ProcessLogger, 'warn' | 'error'>,
): Promise<void> {
  await server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.setErrorHandler((error, _request, reply) => answer(error, reply, logger));
    const receive = async (request: FastifyRequest<{ Params: { provider: string } }>) => {
      const provider = providers.get(request.params.provider);
      if (!provider?.hear) throw new HttpProblem(404, 'not-found', `No provider ${request.params.provider} has a webhook.`);
      const notice = await provider.hear(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0), request.headers);
      if (notice) await tasks.report(provider, notice);
      return { received: true };
    };
    scope.route({ method: 'POST', url: '/webhooks/:provider', handler: receive });
  });
}

function answer(error: unknown, reply: FastifyReply, logger: Pick<ProcessLogger, 'warn' | 'error'>): FastifyReply {
  const told =
    error instanceof OutcomeUnknown
      ? new HttpProblem(503, 'provider-unavailable', 'The refund cannot be read again now; send this again later.')
      : error;
  const problem = problemOf(told);
  if (error instanceof OutcomeUnknown) logger.warn({ err: error }, 'a webhook must come again');
  else if (problem.status >= 500) logger.error({ err: error }, 'a webhook failed');
  return reply.code(problem.status).header('content-type', 'application/problem+json').send(problem);
}
