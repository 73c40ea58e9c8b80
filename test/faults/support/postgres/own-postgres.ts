import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DevPostgres, startLocalPostgres } from '@orderloom/dev-services';
import { PostgresProxy } from './postgres-proxy.js';

/** A durable Postgres for one test, behind a proxy with a stable address. */
export class OwnPostgres {
  private constructor(
    private readonly dir: string,
    private running: DevPostgres,
    readonly proxy: PostgresProxy,
    private readonly mounted: boolean,
  ) {}

  /** Starts it, on a separate file system of `megabytes` if given, which requires root. */
  static async start({ megabytes }: { readonly megabytes?: number } = {}): Promise<OwnPostgres> {
    const dir = mkdtempSync(join(tmpdir(), 'orderloom-fault-'));
    if (megabytes !== undefined) execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', dir]);
    chmodSync(dir, 0o755); // the database's user must reach it
    const running = await startLocalPostgres(dir, true);
    return new OwnPostgres(dir, running, await PostgresProxy.inFrontOf(running.url), megabytes !== undefined);
  }

  /** URL of the default database through the proxy. */
  get url(): string {
    return this.proxy.url();
  }

  /** Ends the server with `signal` (SIGKILL, or SIGQUIT for an immediate shutdown) and restarts it on the same data. */
  async restartAfter(signal: 'SIGKILL' | 'SIGQUIT'): Promise<void> {
    const { process: server } = this.running;
    process.kill(server?.pid ?? 0, signal);
    await server?.exited;
    this.proxy.cut();
    this.running = await startLocalPostgres(this.dir, true);
    this.proxy.target = { host: '127.0.0.1', port: Number(new URL(this.running.url).port) };
    this.proxy.heal();
  }

  /** Fills the file system. */
  fillDisk(): void {
    const file = openSync(this.filler, 'a');
    try {
      for (const bytes of [1 << 20, 1 << 12]) {
        try {
          for (;;) writeSync(file, Buffer.alloc(bytes));
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        }
      }
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }

  /** Frees the space again. */
  freeDisk(): void {
    rmSync(this.filler, { force: true });
  }

  private get filler(): string {
    return join(this.dir, 'filler');
  }

  async stop(): Promise<void> {
    await this.proxy.close();
    await this.running.stop();
    if (this.mounted) execFileSync('umount', [this.dir]);
    rmSync(this.dir, { recursive: true, force: true });
  }
}
