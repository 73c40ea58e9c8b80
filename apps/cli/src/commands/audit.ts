import { readArguments } from '@orderloom/dev-services';
import { runOnAllServices, withMaintenance } from '../maintenance/maintenance-client.js';
import { print, table } from '../output/print.js';

const maxShownViolations = 5;

interface Finding {
  readonly invariant: string;
  readonly summary: string;
  readonly violations: readonly string[];
}

/**
 * `audit`: checks the invariants on the committed data of this folder, whether services run or not. Returns exit code 1 if one is violated.
 */
export async function audit(args: readonly string[]): Promise<number> {
  readArguments(args, { usage: 'audit without arguments: it checks the data of this folder, or of DATABASE_URL' });
  let exitCode = 0;
  await withMaintenance(async (keep) => void (exitCode = printFindings(await runOnAllServices<readonly Finding[]>(keep, 'audit'))));
  return exitCode;
}

/** Prints one line per finding, and the violations. Returns exit code 1 if there are any. */
export function printFindings(findingsByService: readonly (readonly [string, readonly Finding[]])[]): number {
  const findings = findingsByService.flatMap(([service, found]) => found.map((finding) => ({ service, ...finding })));
  const sorted = findings.sort((a, b) => a.invariant.localeCompare(b.invariant) || a.service.localeCompare(b.service));
  table(
    sorted.map(({ invariant, service, violations, summary }) => [invariant, violations.length > 0 ? 'BROKEN' : 'holds', service, summary]),
  ).forEach(print);
  const violated = sorted.filter(({ violations }) => violations.length > 0);
  for (const { invariant, service, violations } of violated) {
    print(`\n${invariant} does not hold in ${service}: ${violations.length} violation${violations.length === 1 ? '' : 's'}`);
    violations.slice(0, maxShownViolations).forEach((violation) => print(`  ${violation}`));
  }
  print(violated.length === 0 ? '\nAll invariants hold.' : '\nAt least one invariant is violated.');
  return violated.length === 0 ? 0 : 1;
}
