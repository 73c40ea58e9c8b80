import { Unavailable } from '@orderloom/dev-services';
import { keepers } from './keepers.js';
import { say } from './screen.js';
import { audited } from './services.js';

/** `rebase`: makes databases that were restored from a dump into another cluster readable again; the services must not run. */
export async function rebase(args: readonly string[]): Promise<void> {
  if (args.length > 0) throw new Unavailable('rebase takes no arguments: it works on the databases of this folder, or of DATABASE_URL.');
  await keepers(
    async (keep) => {
      for (const service of audited) say(`${service}: ${await keep<string>(service, 'rebase')}`);
    },
    { stopped: true },
  );
}
