import { userInfo } from 'node:os';
import { Unavailable } from '@orderloom/dev-services';
import type { Unknown } from '@orderloom/event-sourcing';
import { keepAll, keepers } from './keepers.js';
import { say } from './screen.js';

interface Diverged {
  readonly unknown: readonly Unknown[];
  readonly given: readonly object[];
}

/**
 * `diverged [accept --reason REASON]`: what topics know and the restored store of who said it does not; `accept` gives it up, for all
 * services; they must not run. 1 where there is something and it was not accepted.
 */
export async function diverged([word, option, ...words]: readonly string[]): Promise<number> {
  const reason = words.join(' ').trim();
  const wrong =
    word !== undefined && word !== 'accept'
      ? `there is no word "${word}"`
      : word === 'accept' && (option !== '--reason' || reason === '') && '--reason must say why, and not be empty';
  if (wrong) throw new Unavailable(`${wrong}: say diverged, or diverged accept --reason REASON.`);
  let code = 0;
  await keepers(
    async (keep) => {
      const all = await keepAll<Diverged>(keep, 'diverged');
      listed(all).forEach((line) => say(line));
      const given = all.flatMap(([, found]) => found.given);
      if (given.length === 0) return;
      if (word === undefined) code = 1;
      else {
        // everybody hears what the others have said: all have to know
        await keepAll(keep, 'give-up', { given, reason, by: `operator:${userInfo().username}` });
        say('Given up. Start the services, do again by hand what is marked so, then look with npm run cli -- audit.');
      }
    },
    { stopped: word !== undefined },
  );
  return code;
}

/** What topics know and stores do not, as lines of text. */
export function listed(all: readonly (readonly [string, Diverged])[]): string[] {
  const lines = all.flatMap(([service, { unknown }]) =>
    unknown.map(({ topic, partition, offset, id, type, subject, time, by, again }) => {
      const what = `${type} of ${subject} (${id}), ${time.slice(0, 19)}Z, by ${by}`;
      return `${service}  ${topic}/${partition}/${offset}  ${what}: ${again ? 'comes again' : 'by hand'}`;
    }),
  );
  return lines.length === 0 ? ['Stores and topics agree.'] : lines;
}
