import { run } from './core/run.js';
import { simulate } from './simulation.js';

try {
  process.exitCode = await run(process.argv.slice(2), simulate, (line) => process.stdout.write(`${line}\n`));
} catch (error) {
  process.exitCode = 1;
  console.error(error instanceof RangeError || error instanceof TypeError ? error.message : error);
}
