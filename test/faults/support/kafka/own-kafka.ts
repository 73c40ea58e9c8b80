import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DevKafka, startJavaKafka } from '@orderloom/dev-services';
import { findJava } from '../../../../libs/dev-services/src/kafka/kafka.js';
import { onKafka } from '../../../support/messaging/test-log.js';
import { KafkaProxy } from './kafka-proxy.js';

/** A Kafka for one test, behind a proxy with a stable address. */
export class OwnKafka {
  private constructor(
    private readonly dir: string,
    private running: DevKafka,
    readonly proxy: KafkaProxy,
  ) {}

  static async start(): Promise<OwnKafka> {
    const dir = mkdtempSync(join(tmpdir(), 'orderloom-fault-'));
    const running = await startJavaKafka(dir);
    return new OwnKafka(dir, running, await KafkaProxy.inFrontOf(running.brokers[0] ?? ''));
  }

  /** Address of the proxy. */
  get brokers(): readonly string[] {
    return [this.proxy.address];
  }

  /** Kills the broker with SIGKILL; the address is unreachable until it is started again. */
  async kill(): Promise<void> {
    const { process: server } = this.running;
    process.kill(server?.pid ?? 0, 'SIGKILL');
    await server?.exited;
    this.proxy.cut();
  }

  /** Starts the broker again on the same data. */
  async startAgain(): Promise<void> {
    this.running = await startJavaKafka(this.dir);
    const [host = '', port] = (this.running.brokers[0] ?? '').split(':');
    this.proxy.target = { host, port: Number(port) };
    this.proxy.heal();
  }

  async stop(): Promise<void> {
    await this.proxy.close();
    await this.running.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

function whyNot(): string | undefined {
  if (!onKafka) return 'Kafka is not available';
  try {
    findJava();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** `describe` for faults of a Kafka that the test starts itself; where that is impossible the suite is skipped, and its name states why. */
export const describeOnOwnKafka = (name: string, body: () => void): void => {
  const why = whyNot();
  if (why === undefined) describe(name, body);
  else describe.skip(`${name} (skipped: ${why})`, body);
};
