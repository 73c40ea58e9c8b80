import { userInfo } from 'node:os';
import { readArguments, Unavailable } from '@orderloom/dev-services';
import { runOnAllServices, withMaintenance } from '../maintenance/maintenance-client.js';
import { print } from '../output/print.js';

interface Missed {
  readonly id: string;
  readonly topic: string;
  readonly partition: number;
  readonly from: number;
  readonly to: number;
  readonly at: string;
  readonly resolved?: { readonly by: string; readonly at: string; readonly reason: string };
}

const usage = 'missed, or missed resolve ID REASON';

/** `missed [resolve ID REASON]`: lists records that retention deleted before a service consumed them, or marks a gap as resolved. */
export async function missed(args: readonly string[]): Promise<void> {
  const [action, id, ...words] = readArguments(args, { usage, positionals: Infinity }).positionals;
  const reason = words.join(' ').trim();
  const wrong =
    action !== undefined && action !== 'resolve'
      ? `unknown argument "${action}"`
      : action === 'resolve' && (id === undefined ? 'ID must not be empty' : reason === '' && 'REASON must not be empty');
  if (wrong) throw new Unavailable(`${wrong}: use ${usage}.`);
  await withMaintenance(async (keep) => {
    const all = await runOnAllServices<readonly Missed[]>(keep, 'missed');
    if (id === undefined) return gapLines(all).forEach((line) => print(line));
    const at = all.filter(([, found]) => found.some((one) => one.id === id && !one.resolved)).map(([service]) => service);
    if (at.length === 0) throw new Unavailable(`No open gap has the id ${id}: npm run -s cli -- missed lists them.`);
    const resolution = { id, reason, by: `operator:${userInfo().username}` };
    for (const service of at) await keep(service, 'resolve-missed', resolution);
    print(`${id} is resolved in ${at.join(', ')}.`);
  });
}

/** Gaps as lines of text, open ones first. */
export function gapLines(all: readonly (readonly [string, readonly Missed[]])[]): string[] {
  const found = all.flatMap(([service, ofService]) => ofService.map((one) => ({ service, ...one })));
  const sorted = [...found.filter(({ resolved }) => !resolved), ...found.filter(({ resolved }) => resolved)];
  const lines = sorted.flatMap(({ service, id, topic, partition, from, to, at, resolved }) => [
    `${service}  ${id}`,
    `  ${to - from} records of ${topic}/${partition}, ${from} to ${to - 1}, were deleted before they were consumed, found at ${at.slice(0, 19)}Z`,
    ...(resolved ? [`  resolved by ${resolved.by} at ${resolved.at.slice(0, 19)}Z: ${resolved.reason}`] : []),
  ]);
  return lines.length === 0 ? ['No records were missed.'] : lines;
}
