import { userInfo } from 'node:os';
import { readArguments, Unavailable } from '@orderloom/dev-services';
import type { UnknownRecord } from '@orderloom/event-sourcing';
import { runOnAllServices, withMaintenance } from '../maintenance/maintenance-client.js';
import { print } from '../output/print.js';

interface Diverged {
  readonly unknown: readonly UnknownRecord[];
  readonly given: readonly object[];
}

const usage = 'diverged, or diverged accept --reason REASON';

/**
 * `diverged [accept --reason REASON]`: lists records on topics that the restored store of their source lacks. `accept` discards them for
 * all services, which must be stopped. Returns exit code 1 if there are any and they are not accepted.
 */
export async function diverged(args: readonly string[]): Promise<number> {
  const options = { reason: { type: 'string' } } as const;
  const { positionals, values } = readArguments(args, { usage, positionals: Infinity, options });
  const [action, ...words] = positionals;
  const reason = [values.reason ?? '', ...words].join(' ').trim();
  const wrong =
    action !== undefined && action !== 'accept'
      ? `unknown argument "${action}"`
      : action === 'accept' && (values.reason === undefined || reason === '') && '--reason must not be empty';
  if (wrong) throw new Unavailable(`${wrong}: use ${usage}.`);
  let code = 0;
  await withMaintenance(
    async (keep) => {
      const all = await runOnAllServices<Diverged>(keep, 'diverged');
      divergedLines(all).forEach((line) => print(line));
      const given = all.flatMap(([, found]) => found.given);
      if (given.length === 0) return;
      if (action === undefined) code = 1;
      else {
        // Every service consumes the topics of the others, so every store needs the discarded ranges.
        await runOnAllServices(keep, 'give-up', { given, reason, by: `operator:${userInfo().username}` });
        print('Discarded. Start the services, repeat the actions marked "by hand", then run npm run cli -- audit.');
      }
    },
    { stopped: action !== undefined },
  );
  return code;
}

/** Records that the stores lack, as lines of text. */
export function divergedLines(all: readonly (readonly [string, Diverged])[]): string[] {
  const lines = all.flatMap(([service, { unknown }]) =>
    unknown.map(({ topic, partition, offset, id, type, subject, time, by, again }) => {
      const what = `${type} of ${subject} (${id}), ${time.slice(0, 19)}Z, by ${by}`;
      return `${service}  ${topic}/${partition}/${offset}  ${what}: ${again ? 'repeated by the service' : 'by hand'}`;
    }),
  );
  return lines.length === 0 ? ['Every record on the topics is in the stores.'] : lines;
}
