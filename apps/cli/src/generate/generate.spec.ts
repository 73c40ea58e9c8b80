import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { jest } from '@jest/globals';
import { check } from 'prettier';
import { generate, type Sources } from './generate.js';

let root: string;
let errors: jest.Spied<typeof console.error>;
let initial: string;
const contracts = new Map(
  ['topics.json', 'index.json', 'questions.json', 'tasks/TaskAsked.v1.schema.json'].map((path) => [path, { path }]),
);
const chartsOf: Sources['chartsOf'] = async (_, app) =>
  app === 'order' ? [{ flow: 'cancel-order', version: '1', title: 'Cancel', mermaid: 'stateDiagram-v2', chart: { initial } }] : [];
const stored: Sources['stored'] = async () => ({ samples: new Map(), unread: new Map() });
const put = async (path: string, text: string): Promise<void> => {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
};
const text = (path: string): Promise<string> => readFile(join(root, path), 'utf8');
const run = (...args: string[]): Promise<number> => generate(args, root, { contracts, chartsOf, stored });
const said = (): string[] => errors.mock.calls.map(([line]) => String(line));

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'orderloom-generate-'));
  errors = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  jest.spyOn(console, 'log').mockImplementation(() => undefined);
  initial = 'holding';
  await put('README.md', '<!-- chart:cancel-order --><!-- /chart:cancel-order -->\n');
  await put('libs/platform/README.md', '<!-- permissions --><!-- /permissions -->\n');
  await put('apps/order/README.md', '<!-- charts --><!-- /charts -->\n');
});
afterEach(async () => {
  jest.restoreAllMocks();
  await rm(root, { recursive: true });
});

describe('the command `generate`', () => {
  it('contracts, charts and pictures are written, and then nothing is stale', async () => {
    expect(await run()).toBe(0);
    expect(JSON.parse(await text('deploy/flows/cancel-order.v1.json'))).toEqual({ initial: 'holding' });
    expect(await text('README.md')).toContain('stateDiagram-v2');
    expect(await text('libs/platform/README.md')).toMatch(/^\| `flow:redrive` +\|( +\|){2} +✓ /m);
    for (const path of ['README.md', 'libs/platform/README.md'])
      expect(await check(await text(path), { filepath: 'README.md', printWidth: 140 })).toBe(true);
    expect(await text('apps/order/README.md')).toContain('### Cancel');
    expect(await check(await text('deploy/contracts/index.json'), { filepath: 'index.json' })).toBe(true);
    expect(await run('--check')).toBe(0);
  });

  it('with --check, stale, missing and left-over files are reported and not written', async () => {
    await run();
    await put('deploy/contracts/topics.json', '{}\n');
    await put('deploy/contracts/orderloom.gone/Gone.json', '{}\n');
    await rm(join(root, 'deploy/contracts/questions.json'));
    await put('apps/order/README.md', '<!-- charts --><!-- /charts -->\n');
    expect(await run('--check')).toBe(1);
    expect(said().sort()).toEqual([
      'apps/order/README.md is stale: run generate',
      'deploy/contracts/orderloom.gone/Gone.json is stale: run generate',
      'deploy/contracts/questions.json is stale: run generate',
      'deploy/contracts/topics.json is stale: run generate',
    ]);
    expect(await text('deploy/contracts/topics.json')).toBe('{}\n');
    expect(await run()).toBe(0);
    expect(await run('--check')).toBe(0);
  });

  it('the stored chart of a version is never overwritten', async () => {
    await run();
    initial = 'asking';
    expect(await run()).toBe(1);
    expect(await run('--check')).toBe(1);
    expect(said()).toContain('chart of cancel-order changed without a new version');
    expect(JSON.parse(await text('deploy/flows/cancel-order.v1.json'))).toEqual({ initial: 'holding' });
  });

  it('generation requires built apps', async () => {
    await expect(generate([], root)).rejects.toThrow('dist/apps/order/src/main.js is missing: build first');
  });
});
