import { Unavailable } from '@orderloom/dev-services';
import { keepers } from '../maintenance/maintenance-client.js';
import { say } from '../output/print.js';
import { audited } from '../stack/services.js';

/** `rebase`: resets transaction ids after a dump was restored into another cluster. The services must be stopped. */
export async function rebase(args: readonly string[]): Promise<void> {
  if (args.length > 0) throw new Unavailable('rebase takes no arguments: it changes the databases of this folder, or of DATABASE_URL.');
  await keepers(
    async (keep) => {
      for (const service of audited) say(`${service}: ${await keep<string>(service, 'rebase')}`);
    },
    { stopped: true },
  );
}
