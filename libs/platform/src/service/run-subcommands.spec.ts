import { jest } from '@jest/globals';
import { helpOf, runSubcommands, type Subcommand } from './run-subcommands.js';

describe('the subcommands of a program', () => {
  const calls: string[] = [];
  const noting = (name: string): Subcommand => ({ description: `Does ${name}.`, run: async () => void calls.push(name) });
  const subcommands = { migrate: noting('migrate'), serve: noting('serve') };
  beforeEach(() => void calls.splice(0));

  it('they run in the given order, and serve by default', async () => {
    await runSubcommands('order', ['migrate', 'serve'], subcommands);
    await runSubcommands('order', [], subcommands);
    expect(calls).toEqual(['migrate', 'serve', 'serve']);
  });

  it('--help prints every subcommand with its effect, and runs none', async () => {
    const printed = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    await runSubcommands('order', ['migrate', '--help'], subcommands);
    expect(printed).toHaveBeenCalledWith(helpOf('order', subcommands));
    printed.mockRestore();
    expect(helpOf('order', subcommands)).toMatch(/migrate\n +Does migrate\.\nserve\n +Does serve\./);
    expect(calls).toEqual([]);
  });

  it('an unknown subcommand ends the process with the known ones', async () => {
    const said = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const exit = jest.spyOn(process, 'exit').mockImplementation(() => undefined as never);
    await runSubcommands('order', ['migrat'], subcommands);
    expect(said).toHaveBeenCalledWith('order: unknown subcommand "migrat": expected one of migrate, serve');
    expect(exit).toHaveBeenCalledWith(1);
    said.mockRestore();
    exit.mockRestore();
  });
});
