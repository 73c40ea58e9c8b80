import { Unavailable } from '@orderloom/dev-services';
import { keepAll, keepers } from './keepers.js';
import { say, table } from './screen.js';

const witnessesShown = 5;

interface Finding {
  readonly invariant: string;
  readonly says: string;
  readonly witnesses: readonly string[];
}

/** `audit`: reads committed facts only, of what runs in this folder or was stopped here, and says what holds; 1 where something does not. */
export async function audit(args: readonly string[]): Promise<number> {
  if (args.length > 0) throw new Unavailable('audit takes no arguments: it looks at the data of this folder.');
  let broken = 0;
  await keepers(async (keep) => void (broken = report(await keepAll<readonly Finding[]>(keep, 'audit'))));
  return broken;
}

/** Says in one line each what holds; 1 where something does not. */
export function report(found: readonly (readonly [string, readonly Finding[]])[]): number {
  const all = found.flatMap(([service, findings]) => findings.map((finding) => ({ service, ...finding })));
  const byNumber = all.sort((a, b) => a.invariant.localeCompare(b.invariant) || a.service.localeCompare(b.service));
  table(
    byNumber.map(({ invariant, service, witnesses, says }) => [invariant, witnesses.length > 0 ? 'BROKEN' : 'holds', service, says]),
  ).forEach(say);
  const broken = byNumber.filter(({ witnesses }) => witnesses.length > 0);
  for (const { invariant, service, witnesses } of broken) {
    say(`\n${invariant} does not hold in ${service}: ${witnesses.length} witness${witnesses.length === 1 ? '' : 'es'}`);
    witnesses.slice(0, witnessesShown).forEach((witness) => say(`  ${witness}`));
  }
  say(broken.length === 0 ? '\nEverything holds.' : '\nSomething does not hold.');
  return broken.length === 0 ? 0 : 1;
}
