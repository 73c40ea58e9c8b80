import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DevPostgres, startLocalPostgres } from '@orderloom/dev-services';
import { PostgresProxy } from './postgres-proxy.js';

/** A Postgres of the test's own that keeps what it has committed, behind a proxy whose address outlives it. */
export class OwnPostgres {
  private constructor(
    private readonly dir: string,
    private running: DevPostgres,
    readonly proxy: PostgresProxy,
  ) {}

  static async start(): Promise<OwnPostgres> {
    const dir = mkdtempSync(join(tmpdir(), 'orderloom-fault-'));
    chmodSync(dir, 0o755); // the database's user must reach it
    const running = await startLocalPostgres(dir, true);
    return new OwnPostgres(dir, running, await PostgresProxy.inFrontOf(running.url));
  }

  /** Of the server's own database, through the proxy. */
  get url(): string {
    return this.proxy.url();
  }

  /** Ends it by `signal` (SIGKILL, or SIGQUIT: its immediate end) and starts it again on the same data. */
  async restartAfter(signal: 'SIGKILL' | 'SIGQUIT'): Promise<void> {
    const { process: server } = this.running;
    process.kill(server?.pid ?? 0, signal);
    await server?.exited;
    this.proxy.cut();
    this.running = await startLocalPostgres(this.dir, true);
    this.proxy.target = { host: '127.0.0.1', port: Number(new URL(this.running.url).port) };
    this.proxy.heal();
  }

  async stop(): Promise<void> {
    await this.proxy.close();
    await this.running.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }
}
