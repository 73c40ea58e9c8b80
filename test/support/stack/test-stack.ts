import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createDatabase,
  databaseUrl,
  dropDatabases,
  freePort,
  launch,
  logFile,
  type Running,
  setClock,
  tail,
  TokenKeys,
  whyNotReady,
} from '@orderloom/dev-services';
import { KeyRing, MasterKey } from '@orderloom/key-ring';
import { EmbeddedLog, KafkaLog, type Log } from '@orderloom/messaging';
import { auditService, startAtLogEnd } from '@orderloom/platform';
import { migratedDatabase } from './databases.js';
import { HttpClient } from '../scenario/http-client.js';
import { type Lock, lockOf } from './lock.js';
import { runMaintenance, withService } from './service-of.js';
import { skipBacklog } from '../messaging/skip-backlog.js';
import { type TestLog, testLog } from '../messaging/test-log.js';

const services = ['order', 'logistics', 'refund', 'after-sales'] as const;
export type ServiceName = (typeof services)[number] | 'settings' | 'console';

export interface TestStackOptions {
  readonly withConsole?: boolean;
  /** Only these services. */
  readonly only?: readonly ServiceName[];
  /** Another Postgres or log than those of the whole test run. */
  readonly server?: string;
  readonly log?: TestLog;
  /** Added to the environment of each service. */
  readonly env?: NodeJS.ProcessEnv;
}

interface TestService {
  readonly name: ServiceName;
  database: string;
  readonly url: string;
  env: NodeJS.ProcessEnv;
  running?: Running;
}

/** The services as real processes on databases of their own; one stack at a time, since all of them share Kafka's topics and groups. */
export class TestStack {
  /** Prefix of every order number of this stack. */
  readonly id = `S${randomBytes(3).toString('hex')}`;
  readonly logs = mkdtempSync(join(tmpdir(), 'orderloom-e2e-'));
  private readonly byName = new Map<ServiceName, TestService>();
  private readonly masterKey = randomBytes(32);
  private aheadMs = 0;
  private numbers = 0;

  private constructor(
    private server: string,
    readonly log: TestLog,
    private readonly lock: Lock,
    private readonly keys: TokenKeys,
    private readonly more: NodeJS.ProcessEnv,
  ) {}

  /** Environment variables with which a process opens the key ring of this stack. */
  get keyRing(): { readonly KEY_RING_URL: string; readonly KEY_RING_MASTER_KEY: string } {
    return { KEY_RING_URL: databaseUrl(this.server, this.ringName), KEY_RING_MASTER_KEY: this.masterKey.toString('base64') };
  }

  /** The public keys of its tokens. */
  get jwks(): object {
    return this.keys.jwks;
  }

  /** Migrates and starts the services, and the console if `withConsole`; `env` is added to the environment of each. */
  static async open({ withConsole = false, only = services, server, log = testLog, env = {} }: TestStackOptions = {}): Promise<TestStack> {
    const { TEST_DATABASE_URL: shared = '' } = process.env;
    const stack = new TestStack(server ?? shared, log, await lockOf(shared, 'orderloom stories'), await TokenKeys.make(), env);
    try {
      const ring = KeyRing.open(await createDatabase(stack.server, stack.ringName), new MasterKey(stack.masterKey));
      await ring.migrate();
      await ring.close();
      const names = [...only, ...(withConsole ? (['console'] as const) : [])];
      await Promise.all(names.map((name) => stack.prepare(name)));
      const ownLog = stack.openLog();
      await Promise.all(
        stack.eventSourced.map((service) =>
          withService(service.name, service.database, (definition, store) => startAtLogEnd(definition, store, ownLog)),
        ),
      );
      if (withConsole) await skipBacklog(ownLog, 'orderloom.console');
      await ownLog.close();
      await Promise.all(names.map((name) => stack.start(name)));
      return stack;
    } catch (error) {
      await stack.close();
      throw error;
    }
  }

  /** Services that store events: all but the console. */
  get services(): readonly ServiceName[] {
    return this.eventSourced.map(({ name }) => name);
  }

  nextNumber(): string {
    this.numbers += 1;
    return `${this.id}-${String(this.numbers).padStart(4, '0')}`;
  }

  /** An HTTP client of a service, authenticated as `who` (`stack.at('refund', 'finance:li')`) or without a token. */
  at(name: ServiceName, who?: string): HttpClient {
    return new HttpClient(this.service(name).url, this.keys, who);
  }

  /** Time of the services' clocks. */
  now(): Date {
    return new Date(Date.now() + this.aheadMs);
  }

  /** Advances the clocks of all processes. */
  async advanceClock({ days = 0, hours = 0, minutes = 0 }: { days?: number; hours?: number; minutes?: number }): Promise<void> {
    this.aheadMs += ((days * 24 + hours) * 60 + minutes) * 60_000;
    await setClock(
      this.eventSourced.map(({ database }) => database),
      this.now().toISOString(),
    );
  }

  /** Advances the clocks to `instant` unless it has passed. */
  async advanceClockTo(instant: string): Promise<void> {
    await this.advanceClock({ minutes: Math.max(0, (Date.parse(instant) - this.now().getTime()) / 60_000) });
  }

  /** The database of a service. */
  databaseOf(name: ServiceName): string {
    return this.service(name).database;
  }

  /** Starts a service and waits until it is ready; `env` overrides its environment, for example with an address behind a proxy. */
  async start(name: ServiceName, env: NodeJS.ProcessEnv = {}): Promise<void> {
    const service = this.service(name);
    service.running = launch({ ...this.program({ ...service, env: { ...service.env, ...env } }), log: logFile(this.logs, name) });
    const why = await whyNotReady(service.running, () => this.at(name).isReady());
    if (why !== undefined) throw new Error(`${name} did not get ready (${why}):\n${tail(service.running.log)}`);
  }

  /** kill -9. */
  async kill(name: ServiceName): Promise<void> {
    const { running } = this.service(name);
    if (!running) return;
    process.kill(running.pid, 'SIGKILL');
    await running.exited;
  }

  /** Ends it with SIGTERM. */
  async stop(name: ServiceName): Promise<void> {
    await this.service(name).running?.stop();
  }

  /** SIGSTOP. */
  pause(name: ServiceName): void {
    process.kill(this.service(name).running?.pid ?? 0, 'SIGSTOP');
  }

  /** SIGCONT. */
  resume(name: ServiceName): void {
    process.kill(this.service(name).running?.pid ?? 0, 'SIGCONT');
  }

  /** Resolves with the exit status when a service has ended. */
  ended(name: ServiceName): Promise<string> {
    return this.service(name).running?.exited ?? Promise.resolve('never started');
  }

  /** Violated invariants in the stores and topics of all services, such as `I4 …`. */
  async audit(): Promise<string[]> {
    const log = this.openLog();
    const found = await Promise.all(
      this.eventSourced.map((service) =>
        withService(service.name, service.database, async (definition, store) => {
          const findings = await auditService(definition, store, log);
          return findings.flatMap(({ invariant, violations }) => violations.map((violation) => `${invariant} ${violation}`));
        }),
      ),
    );
    await log.close();
    return found.flat();
  }

  /** Runs a maintenance subcommand (`diverged`) of a service with `input` on stdin; resolves with its output. */
  maintain<T>(name: ServiceName, subcommand: string, input?: object): Promise<T> {
    return runMaintenance(name, this.service(name).env, subcommand, input);
  }

  /** Uses the databases of another server from now on; no service may run. */
  moveTo(server: string): void {
    this.server = server;
    for (const service of this.byName.values()) {
      service.database = databaseUrl(server, new URL(service.database).pathname.slice(1));
      service.env = { ...service.env, DATABASE_URL: service.database, ...this.keyRing };
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.byName.values()].map(async ({ running }) => running?.stop()));
    await dropDatabases(this.server, this.databases);
    rmSync(this.logs, { recursive: true, force: true });
    await this.lock.release();
  }

  /** Names of all databases of this stack. */
  get databases(): string[] {
    return [...[...this.byName.values()].map(({ database }) => new URL(database).pathname.slice(1)), this.ringName];
  }

  private openLog(): Log {
    const { log } = this;
    return 'url' in log ? new EmbeddedLog({ ...log, clientId: 'test' }) : new KafkaLog({ brokers: [...log.brokers], clientId: 'test' });
  }

  private get eventSourced(): readonly TestService[] {
    return [...this.byName.values()].filter(({ name }) => name !== 'console');
  }

  private get ringName(): string {
    return `${this.id}_keys`.toLowerCase();
  }

  private async prepare(name: ServiceName): Promise<void> {
    const database = `${this.id}_${name.replaceAll('-', '_')}`.toLowerCase();
    const port = await freePort();
    const log: NodeJS.ProcessEnv = 'url' in this.log ? { LOG_URL: this.log.url } : { KAFKA_BROKERS: this.log.brokers.join(',') };
    const env = {
      ...{ ...log, DATABASE_URL: databaseUrl(this.server, database), AUTH_JWKS: JSON.stringify(this.keys.jwks) },
      ...this.keyRing,
      ...this.more,
    };
    const service: TestService = { name, database: env.DATABASE_URL, url: `http://127.0.0.1:${port}`, env: { ...env, PORT: String(port) } };
    this.byName.set(name, service);
    const migrate = (url: string) => this.migrate({ ...service, env: { ...env, DATABASE_URL: url } });
    await migratedDatabase(this.server, database, { app: name, log: this.log, migrate });
  }

  private async migrate(service: TestService): Promise<void> {
    const log = logFile(this.logs, `${service.name}-migrate`);
    const how = await launch({ ...this.program(service, 'migrate'), log }).exited;
    if (how !== 'exit code 0') throw new Error(`${service.name} could not be migrated (${how}):\n${tail(log)}`);
  }

  private program({ name, env }: TestService, ...words: readonly string[]) {
    const args = [`dist/apps/${name}/src/main.js`, ...words];
    return { command: process.execPath, args, env: { PATH: process.env.PATH, LOG_LEVEL: 'info', ...env } };
  }

  private service(name: ServiceName): TestService {
    const service = this.byName.get(name);
    if (!service) throw new Error(`there is no ${name} in this stack`);
    return service;
  }
}
