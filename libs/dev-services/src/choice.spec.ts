import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Choice, startChosen } from './choice.js';
import { Unavailable } from './unavailable.js';

const variable = 'ORDERLOOM_CHOICE_SPEC';
let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'orderloom-choice-'))));
afterEach(() => {
  delete process.env[variable];
  rmSync(dir, { recursive: true });
});

const there = (name: string) => async (why: string) => `${name}: ${why}`;
const missing = (what: string) => async (): Promise<string> => {
  throw new Unavailable(`There is no ${what}: get one.`, `no ${what}`);
};
const take = (kinds: Choice<string>['kinds']) => startChosen({ variable, dir, note: 'log.kind', kinds });

describe('the choice of a backing service', () => {
  it('the first available kind is started, with the reasons against the better ones', async () => {
    expect(await take({ docker: missing('engine'), java: missing('Java'), embedded: there('embedded') })).toBe(
      'embedded: no engine, no Java',
    );
  });

  it('the kind with the data of an earlier start is started, even if a better one is available', async () => {
    await take({ docker: missing('engine'), java: there('java') });
    expect(await take({ docker: there('docker'), java: there('java') })).toBe('java: holds the data of earlier starts');
  });

  it('data that cannot be reached are an error, and nothing new is started', async () => {
    await take({ docker: there('docker'), java: there('java') });
    await expect(take({ docker: missing('engine'), java: there('java') })).rejects.toThrow(
      'The data of earlier starts are in docker. There is no engine: get one. Or start with --fresh.',
    );
  });

  it('the environment variable selects the kind, or is refused', async () => {
    process.env[variable] = 'java';
    expect(await take({ docker: there('docker'), java: there('java') })).toBe(`java: selected by ${variable}`);
    process.env[variable] = 'docker';
    await expect(take({ docker: there('docker'), java: there('java') })).rejects.toThrow(/the data of earlier starts are in java/);
    process.env[variable] = 'podman';
    await expect(take({ docker: there('docker') })).rejects.toThrow(`${variable} is "podman", expected one of docker.`);
  });

  it('an unexpected error is thrown unchanged', async () => {
    const broken = async (): Promise<string> => Promise.reject(new TypeError('broken'));
    await expect(take({ docker: broken, java: there('java') })).rejects.toThrow(TypeError);
  });
});
