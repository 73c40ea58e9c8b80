import { HttpProblem, problemOf, type ProcessLogger, readJson } from '@orderloom/platform';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Intake } from '../intake.js';
import { faultsOf, readNotice, signatureHeader } from './aftership.js';
import { isSigned } from './signature.js';

export const webhookPath = '/webhooks/aftership';
const problemType = 'application/problem+json';

export interface WebhookOptions {
  readonly intake: Intake;
  /** Secrets of the account; two while one replaces the other. */
  readonly secrets: readonly string[];
  readonly logger: ProcessLogger;
}

/**
 * Serves the webhook on `server`, whose other routes keep their own parsers: the signature is that of the bytes as they came. A repeated
 * notice writes the same records again, which have one effect (I4): tracking services repeat what was not answered with a 2xx.
 */
export function serveWebhook(server: FastifyInstance, options: WebhookOptions): void {
  void server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, bytes, done) => done(null, bytes));
    scope.setErrorHandler((error: FastifyError, request, reply) => refuse(error, request, reply, options.logger));
    scope.post(webhookPath, async (request, reply) => reply.code(202).send(await take(request, options)));
  });
}

async function take({ headers, body }: FastifyRequest, { intake, secrets, logger }: WebhookOptions): Promise<object> {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  assertSigned(bytes, headers[signatureHeader], secrets);
  const { event, reports } = readNotice(readJson(bytes));
  const { refused, ...counts } = await intake.take(reports).catch((error: unknown) => {
    logger.error({ err: error }, 'the log does not take scans');
    throw new HttpProblem(503, 'log-unavailable', 'The log is not reachable; send the same notice later.', { 'retry-after': '30' });
  });
  if (refused.length > 0) throw faultsOf(refused, reports.length - refused.length);
  return { event, ...counts };
}

function assertSigned(body: Buffer, signature: string | string[] | undefined, secrets: readonly string[]): void {
  const wrong = (what: string) =>
    new HttpProblem(
      401,
      'signature-invalid',
      `The header ${signatureHeader} ${what}: it must be the base64 HMAC-SHA256 of the body under the webhook secret of the account.`,
    );
  if (typeof signature !== 'string') throw wrong('is missing');
  if (!isSigned(body, signature, secrets)) throw wrong('does not fit the body');
}

function refuse(error: Error, request: FastifyRequest, reply: FastifyReply, logger: ProcessLogger): FastifyReply {
  const problem = { ...problemOf(error), instance: `urn:uuid:${request.id}` };
  if (problem.status >= 500 && !(error instanceof HttpProblem)) logger.error({ err: error, request: request.id }, 'a webhook failed');
  else logger.warn({ request: request.id, status: problem.status, code: problem.code, errors: problem.errors }, 'a webhook was refused');
  if (error instanceof HttpProblem) void reply.headers(error.headers);
  return reply.code(problem.status).header('content-type', problemType).send(JSON.stringify(problem));
}
