import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { asksForHelp } from '@orderloom/dev-services';
import { commands, helpOf, helpOfAll } from './commands.js';

describe('command-line help', () => {
  it.each(Object.entries(commands))('the help of %s shows its effect and every option of its usage', (name, command) => {
    const help = helpOf(name, command).join('\n');
    expect(help).toContain(command.description);
    for (const option of command.usage.match(/--[a-z]+/g) ?? []) if (command.options) expect(help.split(option).length).toBeGreaterThan(2);
  });

  const inThisProcess = Object.entries(commands).filter(([name]) => name !== 'simulate');
  it.each(inThisProcess)('the help of %s names every option that the command accepts', async (name, command) => {
    const run = await command.load();
    const refusal = await Promise.resolve(['--no-such-option']).then(run).then(String, String);
    const accepted = refusal.replace('--no-such-option', '').match(/--[a-z][a-z-]+/g) ?? [];
    expect(refusal).toContain('use ');
    const help = helpOf(name, command).join('\n');
    for (const option of accepted) expect(help).toContain(option);
  });

  it('the list of commands names every command', () => {
    const help = helpOfAll().join('\n');
    for (const name of Object.keys(commands)) expect(help).toContain(name);
  });

  it.each([[['--help']], [['-h']], [['redrive', '--help']]])('help is requested by %j', (args) => expect(asksForHelp(args)).toBe(true));
  it('other arguments do not request help', () => expect(asksForHelp(['help', '--fresh'])).toBe(false));
});

it('a command whose reader closes the pipe (`| head`) ends without an error', async () => {
  const child = spawn(process.execPath, ['dist/apps/cli/src/main.js', '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  let errors = '';
  child.stderr.on('data', (text: Buffer) => (errors += text.toString()));
  const [code] = (await once(child, 'close')) as [number];
  expect([code, errors]).toEqual([0, '']);
});
