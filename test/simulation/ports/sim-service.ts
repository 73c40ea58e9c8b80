import { Relay, StoreUnavailable, type Projection, AsyncProjection } from '@orderloom/event-sourcing';
import { decidersOf, publicationsOf, Sealing, type ServiceDefinition, buildService, type ServiceParts } from '@orderloom/platform';
import type { Broker } from './broker.js';
import { Bug, type Database } from './database.js';
import { isPoison } from '../actors/outside.js';
import { type KeyVault, SimKeyRing } from './sim-key-ring.js';
import { SimLog } from './sim-log.js';
import { type Machine, SimProcess } from './sim-process.js';
import { SimStore } from './sim-store.js';

export interface Surroundings extends Machine {
  readonly broker: Broker;
  readonly vault: KeyVault;
  /** Called with errors that no injected fault explains. */
  readonly wonder: (what: string) => void;
}

/** Number of events per stream, as an asynchronous projection. */
export const lengths: Projection = {
  table: 'lengths',
  key: ({ stream }) => stream,
  evolve: (row, { stream, id }) => {
    const { ids } = (row as { ids: string[] } | null) ?? { ids: [] };
    return { stream, ids: [...ids, id] };
  },
};

interface Running {
  readonly process: SimProcess;
  readonly store: SimStore;
  readonly log: SimLog;
  readonly parts: ServiceParts;
  readonly relay: Relay;
  readonly hears: readonly string[];
  readonly follower: AsyncProjection | undefined;
}

/** One instance of a service that can end and be restarted: production code on simulated ports. */
export class SimService {
  running: Running | undefined;
  /** Definition for the next start; `definition` is the expected one. */
  version: ServiceDefinition;
  private starts = 0;

  constructor(
    readonly definition: ServiceDefinition,
    private readonly number: number,
    readonly database: Database,
    private readonly around: Surroundings,
  ) {
    this.version = definition;
  }

  /** One service suffices to test asynchronous projections. */
  get follows(): boolean {
    return this.definition.name === 'order';
  }

  /** Topics that the running service consumes. */
  get hears(): readonly string[] {
    return this.running?.hears ?? [];
  }

  get isSecond(): boolean {
    return this.number > 1;
  }

  get name(): string {
    return `${this.definition.name}#${this.number}`;
  }

  start(): void {
    if (this.running) return;
    this.starts += 1;
    const { broker, vault, wonder } = this.around;
    const process = new SimProcess(this.name, this.around);
    const store = new SimStore(process, this.database);
    const log = new SimLog(process, broker);
    const owner = `${this.name}.${this.starts}`;
    const complain = (error: unknown): void => {
      if (!isUnavailable(error) && !(error instanceof Bug)) wonder(`${this.name}: ${String(error)}`);
    };
    const unexpected = (details: object, message: string): void => wonder(`${this.name}: ${message} ${JSON.stringify(details)}`);
    const parked = (details: object, message: string): void => {
      const { topic, partition, offset, reason } = details as { topic: string; partition: number; offset: string; reason: string };
      if (!isFault.test(reason) && !isPoison(broker.record(topic, partition, offset)?.headers ?? {})) unexpected(details, message);
    };
    const parts = buildService(this.version, {
      ...{ store, log, sealing: new Sealing(new SimKeyRing(process, vault)), complain, owner, deadlinesEveryMs: 1000 },
      logger: { info: () => undefined, warn: parked, error: unexpected },
    });
    const relay = this.relay(parts, { store, log, owner, onError: complain });
    const follower = this.follows ? new AsyncProjection({ store, name: 'lengths', views: [lengths], owner, onError: complain }) : undefined;
    const hears = [...new Set(parts.subscriptions.map(({ topic }) => topic))];
    this.running = { process, store, log, parts, relay, hears, follower };
    relay.start();
    parts.deadlines.start();
    parts.recounts?.start();
    follower?.start();
    parts.consumer.start((error) => this.crash(200, String(error))).catch((error: unknown) => this.crash(500, String(error)));
  }

  /** Kills the process at any point; another one starts `backAfter` milliseconds later. */
  crash(backAfter: number, why: string): void {
    if (!this.running?.process.isAlive) return;
    const { scheduler } = this.around;
    scheduler.trace.say(`!! ${this.name} crashes: ${why}`);
    this.running.process.die();
    this.running = undefined;
    scheduler.after(backAfter, `${this.name} starts`, () => this.start());
  }

  /** Ends the process orderly, as after SIGTERM. */
  async drain(backAfter?: number): Promise<void> {
    const { running } = this;
    if (!running) return;
    this.around.scheduler.trace.say(`!! ${this.name} drains`);
    const { process, parts, relay, follower } = running;
    await parts.consumer.stop();
    await Promise.all([parts.deadlines.stop(), parts.recounts?.stop()]);
    await Promise.all([relay.stop(), follower?.stop()]);
    if (this.running !== running) return;
    process.die();
    this.running = undefined;
    if (backAfter !== undefined) this.around.scheduler.after(backAfter, `${this.name} starts`, () => this.start());
  }

  /** The service's relay, with as many shards as the profile has. */
  private relay(parts: ServiceParts, ports: Pick<RelayOptions, 'store' | 'log' | 'owner' | 'onError'>): Relay {
    const shards = this.around.profile.relayShards;
    const publications = publicationsOf(this.definition);
    const deciders = decidersOf(this.definition);
    return shards === 1
      ? parts.relay
      : new Relay({ ...ports, source: `/orderloom/${this.definition.name}`, publications, deciders, shards });
  }

  /** Reason why the relay of this instance halted, if it did. */
  halted(): string | undefined {
    return this.running?.relay.health().find((shard) => shard.halted !== undefined)?.halted;
  }
}

type RelayOptions = ConstructorParameters<typeof Relay>[0];

/** Reason of records that are parked because of injected faults. */
const isFault = /^(Bug: of |RangeError: unknown policy value )/;

/** Errors by which a service sees faults of store and log. */
const isUnavailable = (error: unknown): boolean =>
  error instanceof StoreUnavailable || (error instanceof Error && /^(the log does not answer|some partitions did not)/.test(error.message));
