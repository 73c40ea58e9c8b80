import { readArguments, Unavailable } from '@orderloom/dev-services';
import { withMaintenance } from '../maintenance/maintenance-client.js';
import { print } from '../output/print.js';
import { eventStoreServices } from '../stack/services.js';

const usage = 'republish SERVICE --since TIME (2010-12-01T08:00:00Z)';

/** `republish SERVICE --since TIME`: makes the service publish the events since TIME again at its next start. It must be stopped. */
export async function republish(args: readonly string[]): Promise<void> {
  const { positionals, values } = readArguments(args, { usage, positionals: 1, options: { since: { type: 'string', default: '' } } });
  const [[service = ''], time] = [positionals, values.since];
  const millis = Date.parse(time);
  const wrong = !(eventStoreServices as readonly string[]).includes(service)
    ? `SERVICE must be one of ${eventStoreServices.join(', ')}, not "${service}"`
    : Number.isNaN(millis) && `--since must be a time, not "${time}"`;
  if (wrong) throw new Unavailable(`${wrong}: use ${usage}.`);
  await withMaintenance(
    async (keep) => {
      const events = await keep<number>(service, 'republish', { since: new Date(millis).toISOString() });
      print(
        events === 0
          ? `${service} has recorded no events since then.`
          : `${service} will publish ${events} events again at its next start; consumers ignore duplicates.`,
      );
    },
    { stopped: true },
  );
}
