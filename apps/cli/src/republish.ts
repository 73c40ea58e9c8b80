import { Unavailable } from '@orderloom/dev-services';
import { keepers } from './keepers.js';
import { say } from './screen.js';
import { audited } from './services.js';

const usage = 'say republish SERVICE --since TIME (2010-12-01T08:00:00Z)';

/** `republish SERVICE --since TIME`: the service says again what it has recorded since then, when it is started; it must not run. */
export async function republish([service = '', option, time = '', ...rest]: readonly string[]): Promise<void> {
  const millis = Date.parse(time);
  const wrong = !(audited as readonly string[]).includes(service)
    ? `SERVICE must be one of ${audited.join(', ')}, not "${service}"`
    : option !== '--since' || Number.isNaN(millis)
      ? `--since must be a time, not "${time}"`
      : rest.length > 0 && `nothing may come after TIME, as "${rest.join(' ')}" does`;
  if (wrong) throw new Unavailable(`${wrong}: ${usage}.`);
  await keepers(
    async (keep) => {
      const events = await keep<number>(service, 'republish', { since: new Date(millis).toISOString() });
      say(
        events === 0
          ? `${service} has recorded nothing since then.`
          : `${service} will say ${events} events again; who has heard them ignores them.`,
      );
    },
    { stopped: true },
  );
}
