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
import { Desk } from '../scenario/http-client.js';
import { type Lock, lockOf } from './lock.js';
import { keep, withService } from './service-of.js';
import { type TestLog, testLog } from '../messaging/test-log.js';

const services = ['order', 'logistics', 'refund', 'after-sales'] as const;
export type ServiceName = (typeof services)[number] | 'settings' | 'console';

export interface HouseOptions {
  readonly withConsole?: boolean;
  /** These services alone. */
  readonly only?: readonly ServiceName[];
  /** Another Postgres and another log than those of the whole test run. */
  readonly server?: string;
  readonly log?: TestLog;
  /** Environment of all services, beside what they need. */
  readonly env?: NodeJS.ProcessEnv;
}

interface Room {
  readonly name: ServiceName;
  database: string;
  readonly url: string;
  env: NodeJS.ProcessEnv;
  running?: Running;
}

/** The services as real processes on databases of their own; one house at a time, since all of them share Kafka's topics and groups. */
export class House {
  /** Begins every order number of this house. */
  readonly id = `S${randomBytes(3).toString('hex')}`;
  readonly logs = mkdtempSync(join(tmpdir(), 'orderloom-stories-'));
  private readonly rooms = new Map<ServiceName, Room>();
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

  /** The environment of whoever uses this house's key ring. */
  get keyRing(): { readonly KEY_RING_URL: string; readonly KEY_RING_MASTER_KEY: string } {
    return { KEY_RING_URL: databaseUrl(this.server, this.ringName), KEY_RING_MASTER_KEY: this.masterKey.toString('base64') };
  }

  /** Migrates and starts the services, and the console where its timeline is looked at; `env` is the environment of all of them, beside what they need. */
  static async open({ withConsole = false, only = services, server, log = testLog, env = {} }: HouseOptions = {}): Promise<House> {
    const { TEST_DATABASE_URL: shared = '' } = process.env;
    const house = new House(server ?? shared, log, await lockOf(shared, 'orderloom stories'), await TokenKeys.make(), env);
    try {
      const ring = KeyRing.open(await createDatabase(house.server, house.ringName), new MasterKey(house.masterKey));
      await ring.migrate();
      await ring.close();
      const names = [...only, ...(withConsole ? (['console'] as const) : [])];
      await Promise.all(names.map((name) => house.furnish(name)));
      const said = house.openLog();
      await Promise.all(
        house.kept.map((room) => withService(room.name, room.database, (definition, store) => startAtLogEnd(definition, store, said))),
      );
      await said.close();
      await Promise.all(names.map((name) => house.start(name)));
      return house;
    } catch (error) {
      await house.close();
      throw error;
    }
  }

  /** Those that keep facts. */
  get services(): readonly ServiceName[] {
    return this.kept.map(({ name }) => name);
  }

  nextNumber(): string {
    this.numbers += 1;
    return `${this.id}-${String(this.numbers).padStart(4, '0')}`;
  }

  /** The service over HTTP, as somebody (`house.at('refund', 'finance:li')`) or as nobody. */
  at(name: ServiceName, who?: string): Desk {
    return new Desk(this.room(name).url, this.keys, who);
  }

  /** What the services' clocks say. */
  now(): Date {
    return new Date(Date.now() + this.aheadMs);
  }

  /** Days pass in all processes at once. */
  async pass({ days = 0, hours = 0, minutes = 0 }: { days?: number; hours?: number; minutes?: number }): Promise<void> {
    this.aheadMs += ((days * 24 + hours) * 60 + minutes) * 60_000;
    await setClock(
      this.kept.map(({ database }) => database),
      this.now().toISOString(),
    );
  }

  /** Time goes on until `instant`, if that is to come. */
  async passUntil(instant: string): Promise<void> {
    await this.pass({ minutes: Math.max(0, (Date.parse(instant) - this.now().getTime()) / 60_000) });
  }

  /** The database of a service. */
  databaseOf(name: ServiceName): string {
    return this.room(name).database;
  }

  /** Starts a service and waits until it is ready; `env` says what it is told otherwise: an address behind a proxy. */
  async start(name: ServiceName, env: NodeJS.ProcessEnv = {}): Promise<void> {
    const room = this.room(name);
    room.running = launch({ ...this.program({ ...room, env: { ...room.env, ...env } }), log: logFile(this.logs, name) });
    const why = await whyNotReady(room.running, () => this.at(name).isReady());
    if (why !== undefined) throw new Error(`${name} did not get ready (${why}):\n${tail(room.running.log)}`);
  }

  /** kill -9. */
  async kill(name: ServiceName): Promise<void> {
    const { running } = this.room(name);
    if (!running) return;
    process.kill(running.pid, 'SIGKILL');
    await running.exited;
  }

  /** Ends it in good order. */
  async stop(name: ServiceName): Promise<void> {
    await this.room(name).running?.stop();
  }

  /** SIGSTOP. */
  pause(name: ServiceName): void {
    process.kill(this.room(name).running?.pid ?? 0, 'SIGSTOP');
  }

  /** SIGCONT. */
  resume(name: ServiceName): void {
    process.kill(this.room(name).running?.pid ?? 0, 'SIGCONT');
  }

  /** Resolves when a service has ended, with how. */
  ended(name: ServiceName): Promise<string> {
    return this.room(name).running?.exited ?? Promise.resolve('never started');
  }

  /** What an auditor finds broken in what the services have committed and said; `I4 …`. */
  async audit(): Promise<string[]> {
    const log = this.openLog();
    const found = await Promise.all(
      this.kept.map((room) =>
        withService(room.name, room.database, async (definition, store) => {
          const findings = await auditService(definition, store, log);
          return findings.flatMap(({ invariant, violations }) => violations.map((violation) => `${invariant} ${violation}`));
        }),
      ),
    );
    await log.close();
    return found.flat();
  }

  /** What a service answers to a keeper's word (`diverged`). */
  keep<T>(name: ServiceName, word: string, told?: object): Promise<T> {
    return keep(name, this.room(name).env, word, told);
  }

  /** All databases are on another server from now on: nothing may run. */
  moveTo(server: string): void {
    this.server = server;
    for (const room of this.rooms.values()) {
      room.database = databaseUrl(server, new URL(room.database).pathname.slice(1));
      room.env = { ...room.env, DATABASE_URL: room.database, ...this.keyRing };
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.rooms.values()].map(async ({ running }) => running?.stop()));
    await dropDatabases(this.server, this.databases);
    rmSync(this.logs, { recursive: true, force: true });
    await this.lock.release();
  }

  /** Names of all databases of this house. */
  get databases(): string[] {
    return [...[...this.rooms.values()].map(({ database }) => new URL(database).pathname.slice(1)), this.ringName];
  }

  private openLog(): Log {
    const { log } = this;
    return 'url' in log ? new EmbeddedLog({ ...log, clientId: 'test' }) : new KafkaLog({ brokers: [...log.brokers], clientId: 'test' });
  }

  private get kept(): readonly Room[] {
    return [...this.rooms.values()].filter(({ name }) => name !== 'console');
  }

  private get ringName(): string {
    return `${this.id}_keys`.toLowerCase();
  }

  private async furnish(name: ServiceName): Promise<void> {
    const database = `${this.id}_${name.replaceAll('-', '_')}`.toLowerCase();
    const port = await freePort();
    const log: NodeJS.ProcessEnv = 'url' in this.log ? { LOG_URL: this.log.url } : { KAFKA_BROKERS: this.log.brokers.join(',') };
    const env = {
      ...{ ...log, DATABASE_URL: databaseUrl(this.server, database), AUTH_JWKS: JSON.stringify(this.keys.jwks) },
      ...this.keyRing,
      ...this.more,
    };
    const room: Room = { name, database: env.DATABASE_URL, url: `http://127.0.0.1:${port}`, env: { ...env, PORT: String(port) } };
    this.rooms.set(name, room);
    const migrate = (url: string) => this.migrate({ ...room, env: { ...env, DATABASE_URL: url } });
    await migratedDatabase(this.server, database, { app: name, log: this.log, migrate });
  }

  private async migrate(room: Room): Promise<void> {
    const log = logFile(this.logs, `${room.name}-migrate`);
    const how = await launch({ ...this.program(room, 'migrate'), log }).exited;
    if (how !== 'exit code 0') throw new Error(`${room.name} could not be migrated (${how}):\n${tail(log)}`);
  }

  private program({ name, env }: Room, ...words: readonly string[]) {
    const args = [`dist/apps/${name}/src/main.js`, ...words];
    return { command: process.execPath, args, env: { PATH: process.env.PATH, LOG_LEVEL: 'info', ...env } };
  }

  private room(name: ServiceName): Room {
    const room = this.rooms.get(name);
    if (!room) throw new Error(`there is no ${name} in this house`);
    return room;
  }
}
