import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { asksForHelp } from '@orderloom/dev-services';
import { commands, helpOf, helpOfAll } from './commands.js';

describe('help', () => {
  it.each(Object.entries(commands))('of %s description how it is typed, what it does, and every option that it names', (name, command) => {
    const help = helpOf(name, command).join('\n');
    expect(help).toContain(command.description);
    for (const option of command.usage.match(/--[a-z]+/g) ?? []) if (command.options) expect(help.split(option).length).toBeGreaterThan(2);
  });

  it('of all names every command', () => {
    const help = helpOfAll().join('\n');
    for (const name of Object.keys(commands)) expect(help).toContain(name);
  });

  it.each([[['--help']], [['-h']], [['redrive', '--help']]])('is asked for by %j', (args) => expect(asksForHelp(args)).toBe(true));
  it('is not asked for by other words', () => expect(asksForHelp(['help', '--fresh'])).toBe(false));
});

it('a command whose reader closes the pipe (`| head`) ends without an error', async () => {
  const child = spawn(process.execPath, ['dist/apps/cli/src/main.js', '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  let errors = '';
  child.stderr.on('data', (text: Buffer) => (errors += text.toString()));
  const [code] = (await once(child, 'close')) as [number];
  expect([code, errors]).toEqual([0, '']);
});
