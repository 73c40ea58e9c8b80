import { HttpProblem, type ProcessLogger, readJson, serveWebhook } from '@orderloom/platform';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Intake } from '../intake.js';
import { faultsOf, readNotice, signatureHeader } from './aftership.js';
import { isSigned } from './signature.js';

export const webhookPath = '/webhooks/aftership';

export interface WebhookOptions {
  readonly intake: Intake;
  /** Secrets of the account; two while one replaces the other. */
  readonly secrets: readonly string[];
  readonly logger: ProcessLogger;
}

/**
 * Serves the webhook on `server`. A repeated notice writes the same records again, which have one effect (I4): tracking services repeat
 * what was not answered with a 2xx.
 */
export const serveAfterShip = (server: FastifyInstance, options: WebhookOptions): Promise<void> =>
  serveWebhook(server, {
    ...{ url: webhookPath, status: 202, logger: options.logger },
    receive: ({ headers }, bytes) => take(headers, bytes, options),
  });

async function take(headers: FastifyRequest['headers'], bytes: Buffer, { intake, secrets, logger }: WebhookOptions): Promise<object> {
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
