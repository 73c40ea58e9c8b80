import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import kafkajs from 'kafkajs';

/** Command line of a published client: the command, and its first arguments. */
export type Runner = (client: string) => readonly [command: string, ...args: string[]];

export const inTypeScript: Runner = (client) => [process.execPath, resolve(`dist/deploy/contracts/clients/${client}.js`)];

const execute = promisify(execFile);
const confluent = 'confluent-kafka==2.16.1';

/** Python with its Kafka package, cached between runs; or the reason why it is missing. */
export async function pythonRunner(): Promise<{ run: Runner } | { missing: string }> {
  const venv = resolve('node_modules/.cache/orderloom-python');
  const python = `${venv}/bin/python`;
  try {
    if (!existsSync(`${venv}/bin/pip`)) {
      mkdirSync(resolve('node_modules/.cache'), { recursive: true });
      await execute('python3', ['-m', 'venv', venv]);
    }
    await execute(python, ['-c', 'import confluent_kafka']).catch(() =>
      execute(`${venv}/bin/pip`, ['install', '--quiet', '--disable-pip-version-check', '--only-binary', ':all:', confluent], {
        timeout: 120_000,
      }),
    );
  } catch (error) {
    return { missing: (error as Error).message.split('\n')[0] ?? '' };
  }
  return { run: (client) => [python, resolve(`deploy/contracts/clients/${client}.py`)] };
}

/** Runs the published sample clients as an external team would. */
export class Clients {
  private readonly running: ChildProcess[] = [];

  constructor(
    private readonly brokers: readonly string[],
    private readonly name: string,
    private readonly runner: Runner,
  ) {}

  /** Runs a client to its end. */
  async run(client: string, ...args: readonly string[]): Promise<void> {
    const [command, ...first] = this.runner(client);
    await execute(command, [...first, ...args], { env: this.env(client), timeout: 60_000 });
  }

  /** A client's group reads `topic` from now on, whenever it starts. */
  async readsFromNow(client: string, topic: string): Promise<void> {
    const admin = new kafkajs.Kafka({ brokers: [...this.brokers], logLevel: kafkajs.logLevel.NOTHING }).admin();
    await admin.connect();
    try {
      const partitions = (await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => ({ partition, offset: high }));
      await admin.setOffsets({ groupId: this.group(client), topic, partitions });
    } finally {
      await admin.disconnect();
    }
  }

  /** Starts a client that answers until it is stopped. `quiet`: what it complains of is expected. */
  start(client: string, { quiet = false } = {}): void {
    const [command, ...args] = this.runner(client);
    this.running.push(spawn(command, args, { env: this.env(client), stdio: ['ignore', 'inherit', quiet ? 'ignore' : 'inherit'] }));
  }

  /** Number of started clients that have ended without being stopped. */
  get ended(): number {
    return this.running.filter(({ exitCode, signalCode }) => exitCode !== null || signalCode !== null).length;
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.running.splice(0).map(async (client) => {
        if (client.exitCode !== null || client.signalCode !== null) return;
        const exited = once(client, 'exit');
        client.kill('SIGKILL');
        await exited;
      }),
    );
  }

  private group(client: string): string {
    return `${this.name}-${client}`;
  }

  private env(client: string): NodeJS.ProcessEnv {
    return { PATH: process.env.PATH, BROKERS: this.brokers.join(','), GROUP: this.group(client) };
  }
}
