import { setTimeout as delay } from 'node:timers/promises';
import { topics } from '@orderloom/contracts';
import type { Log } from '@orderloom/messaging';

/**
 * Commits the end of every topic for `group`. The group is shared by all stacks of a test run, and what other tests have written since
 * its last member would delay the next one by minutes.
 */
export async function skipBacklog(log: Log, group: string): Promise<void> {
  const names = topics.map(({ topic }) => topic);
  let crash: Error | undefined;
  const member = await log.subscribe({
    group,
    topics: names,
    handle: () => Promise.resolve(),
    onCrash: (error) => (crash = error),
  });
  while (Object.values(await log.lag(group, names)).some((records) => records > 0)) {
    if (crash) throw crash;
    await delay(50);
  }
  await member.stop();
}
