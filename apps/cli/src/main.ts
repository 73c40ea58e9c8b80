import { asksForHelp, Unavailable } from '@orderloom/dev-services';
import { commands, helpOf, helpOfAll } from './commands.js';
import { print } from './output/print.js';

// A reader may close the pipe early (`audit | head`). The command still runs to its end and keeps its exit code.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const [name = '', ...args] = process.argv.slice(2);
try {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (asksForHelp([name])) helpOfAll().forEach((line) => print(line));
  else if (!command) throw new Unavailable(`Unknown command "${name}": expected one of ${Object.keys(commands).join(', ')}.`);
  else if (asksForHelp(args)) helpOf(name, command).forEach((line) => print(line));
  else process.exitCode = (await (await command.load())(args)) ?? 0;
} catch (error) {
  process.exitCode = 1;
  console.error(error instanceof Unavailable ? error.message : error);
}
