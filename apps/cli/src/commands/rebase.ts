import { readArguments } from '@orderloom/dev-services';
import { withMaintenance } from '../maintenance/maintenance-client.js';
import { print } from '../output/print.js';
import { eventStoreServices } from '../stack/services.js';

/** `rebase`: resets transaction ids after a dump was restored into another cluster. The services must be stopped. */
export async function rebase(args: readonly string[]): Promise<void> {
  readArguments(args, { usage: 'rebase without arguments: it changes the databases of this folder, or of DATABASE_URL' });
  await withMaintenance(
    async (keep) => {
      for (const service of eventStoreServices) print(`${service}: ${await keep<string>(service, 'rebase')}`);
    },
    { stopped: true },
  );
}
