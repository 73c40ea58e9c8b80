import { Unavailable } from '@orderloom/dev-services';
import { run } from './core/run.js';
import { simulate } from './simulation.js';

try {
  process.exitCode = await run(process.argv.slice(2), simulate, (line) => process.stdout.write(`${line}\n`));
} catch (error) {
  process.exitCode = 1;
  console.error(error instanceof RangeError || error instanceof Unavailable ? error.message : error);
}
