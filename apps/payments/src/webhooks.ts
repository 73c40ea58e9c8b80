import { HttpProblem, type ProcessLogger, serveWebhook } from '@orderloom/platform';
import type { FastifyInstance } from 'fastify';
import { OutcomeUnknown, type PaymentProvider } from './provider.js';
import type { RefundTasks } from './refund-tasks.js';

/**
 * `POST /webhooks/<provider>`: reports that a provider sends of its own accord. 200 means that the report was published; 503 asks the
 * provider to send it again.
 */
export const webhooks = (
  server: FastifyInstance,
  providers: ReadonlyMap<string, PaymentProvider>,
  tasks: Pick<RefundTasks, 'report'>,
  logger: Pick<ProcessLogger, 'warn' | 'error'>,
): Promise<void> =>
  serveWebhook(server, {
    ...{ url: '/webhooks/:provider', status: 200, logger },
    receive: async ({ params, headers }, body) => {
      const { provider: name } = params as { provider: string };
      const provider = providers.get(name);
      if (!provider?.readWebhook) throw new HttpProblem(404, 'not-found', `No provider ${name} has a webhook.`);
      const notice = await provider.readWebhook(body, headers).catch((error: unknown) => {
        if (!(error instanceof OutcomeUnknown)) throw error;
        logger.warn({ err: error }, 'a webhook must come again');
        throw new HttpProblem(503, 'provider-unavailable', 'The refund cannot be read again now; send this again later.');
      });
      if (notice) await tasks.report(provider, notice);
      return { received: true };
    },
  });
