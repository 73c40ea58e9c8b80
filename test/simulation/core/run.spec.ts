import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { run } from './run.js';
import type { Outcome } from '../simulation.js';

/** A simulation in which some seeds fail. */
const failing =
  (...seeds: number[]) =>
  async (seed: number): Promise<Outcome> => ({
    ...{ seed, digest: 'abc', story: [], counts: {} },
    faults: seeds.includes(seed) ? [{ invariant: 'I5', violation: 'W-1 was paid twice' }] : [],
  });

async function ran(args: readonly string[], ...seeds: number[]): Promise<{ code: number; lines: string[] }> {
  const lines: string[] = [];
  return { code: await run(args, failing(...seeds), (line) => void lines.push(line)), lines };
}

describe('a run of seeds', () => {
  it('the exit code is 0 if every seed kept every invariant', async () => {
    expect(await ran(['--seeds', '3'])).toMatchObject({ code: 0 });
    expect(await ran(['--seed', '3'])).toMatchObject({ code: 0 });
  });

  it('--help prints the usage and runs no seed', async () => {
    expect(await ran(['--help', '--seeds', '3'], 0, 1, 2)).toMatchObject({ code: 0, lines: [expect.stringContaining('--seeds N')] });
  });

  it('the exit code is 1 if a seed failed, which is named with the reason', async () => {
    const { code, lines } = await ran(['--seeds', '3', '--from', '7'], 8);
    expect(code).toBe(1);
    expect(lines).toEqual(expect.arrayContaining(['seed 8 failed:', '  I5: W-1 was paid twice']));
    expect(lines.filter((line) => line.startsWith('seed '))).toHaveLength(1);
  });

  it('the exit code is 1 if the single traced seed failed', async () => {
    const { code, lines } = await ran(['--seed', '8'], 8);
    expect(code).toBe(1);
    expect(lines.join('\n')).toMatch(/^seed 8,[^]*FAILED\n {2}I5: W-1 was paid twice$/m);
  });

  it.each([
    [['--seeds', '0'], '--seeds is "0", expected an integer of at least 1'],
    [['--from', '-1x'], /--from/],
    [['--seed', 'one'], '--seed is "one", expected an integer of at least 0'],
    [['--sead', '1'], /--sead/],
  ])('wrong arguments are refused with the reason (%j)', async (args, why) => {
    await expect(ran(args)).rejects.toThrow(why);
  });
});

describe('npm run cli -- simulate', () => {
  const cli = async (...args: string[]): Promise<{ code: number; said: string }> => {
    const child = spawn(process.execPath, ['dist/apps/cli/src/main.js', 'simulate', ...args]);
    const [[code], ...said] = await Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]);
    return { code: code as number, said: said.join('') };
  };

  it('the exit code is that of the run', async () => {
    const [well, refused] = await Promise.all([cli('--seeds', '1'), cli('--seeds', 'none')]);
    expect(well).toEqual({ code: 0, said: expect.stringContaining('every invariant held') });
    expect(refused).toEqual({ code: 1, said: '--seeds is "none", expected an integer of at least 1\n' });
  });
});
