import { Unavailable } from '@orderloom/dev-services';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** `simulate`: runs all services in one process in simulated time, seed by seed. Returns exit code 1 if a seed violates an invariant. */
export async function simulate(args: readonly string[]): Promise<number> {
  const main = resolve(import.meta.dirname, '../../../../test/simulation/main.js');
  if (!existsSync(main)) throw new Unavailable('The build of the simulation is missing: run npm run build first.');
  // Ctrl-C reaches both processes; the simulation then prints its summary.
  process.on('SIGINT', () => undefined);
  const [code] = (await once(spawn(process.execPath, [main, ...args], { stdio: 'inherit' }), 'exit')) as [number | null];
  return code ?? 1;
}
