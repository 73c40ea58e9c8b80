import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** A project of a few files in a temporary folder, checked with this project's own configuration. */
export class FixtureProject {
  readonly dir = mkdtempSync(join(tmpdir(), 'orderloom-fixture-'));

  constructor(files: Readonly<Record<string, string>>) {
    const paths = { '@orderloom/*': ['./libs/*/src/index.ts'] };
    const options = { module: 'nodenext', target: 'ES2023', strict: true, types: ['node'], skipLibCheck: true, paths };
    this.write('tsconfig.json', JSON.stringify({ compilerOptions: options, include: ['apps', 'libs', 'test', 'deploy'] }));
    this.write('package.json', '{ "type": "module" }');
    for (const [path, text] of Object.entries(files)) this.write(path, text);
    symlinkSync(resolve('node_modules'), join(this.dir, 'node_modules'));
  }

  /** Runs a tool of this project in the fixture; its standard output, whatever its exit code. */
  run(tool: string, ...args: readonly string[]): Promise<string> {
    const options = { cwd: this.dir, maxBuffer: 1 << 26 };
    return new Promise((done) => execFile(resolve('node_modules/.bin', tool), args, options, (_, stdout) => done(stdout)));
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }

  private write(path: string, text: string): void {
    mkdirSync(join(this.dir, dirname(path)), { recursive: true });
    writeFileSync(join(this.dir, path), text);
  }
}
