import { topics } from '@orderloom/contracts';
import type { RecordedEvent } from '@orderloom/event-sourcing';
import type { ServiceDefinition } from '@orderloom/platform';
import { afterSales } from '../../apps/after-sales/src/after-sales.module.js';
import { logistics } from '../../apps/logistics/src/logistics.module.js';
import { order } from '../../apps/order/src/order.module.js';
import { refund } from '../../apps/refund/src/refund.module.js';
import { Broker } from './ports/broker.js';
import { checkService, type Fault } from './checks/checks.js';
import { Database, parks } from './ports/database.js';
import { RefundDesk } from './actors/service-clerk.js';
import { checkDomain } from './checks/domain-checks.js';
import { Faults } from './faults.js';
import { KeyOrder } from './checks/key-order.js';
import { Operator } from './actors/operator.js';
import { Outside } from './actors/outside.js';
import { PaymentProvider } from './actors/payment-provider.js';
import { drawProfile } from './core/profile.js';
import { Random } from './core/random.js';
import { NoRest, Scheduler } from './core/scheduler.js';
import { KeyVault } from './ports/sim-key-ring.js';
import { SimService } from './ports/sim-service.js';
import { Storefront } from './actors/storefront.js';
import { Teams } from './actors/teams.js';
import { untold } from './checks/told-checks.js';
import { Trace } from './core/trace.js';
import { Warehouse } from './actors/warehouse.js';

const definitions: readonly ServiceDefinition[] = [order, logistics, refund, afterSales];
/** Most seeds need 9,000; a provider that spoils many answers while the operator is away for days has needed 66,000. */
const mostSteps = 200_000;

export interface Outcome {
  readonly seed: number;
  /** Nothing is wrong where there are none. */
  readonly faults: readonly Fault[];
  /** The same for the same seed and the same code. */
  readonly digest: string;
  /** The history, if it was requested. */
  readonly story: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
}

/** Runs one seed: a few orders, from the first to the last consequence, in a world as rough as the seed says. */
export async function simulate(seed: number, options: { readonly story?: boolean } = {}): Promise<Outcome> {
  const world = new SimulatedWorld(seed, options.story === true);
  await world.run();
  return world.outcome();
}

class SimulatedWorld {
  private readonly random: Random;
  private readonly trace: Trace;
  private readonly scheduler: Scheduler;
  private readonly wonders: string[] = [];
  private readonly shards: number;
  private readonly broker: Broker;
  private readonly databases: readonly Database[];
  private readonly services: readonly SimService[];
  private readonly chaos: Faults;
  private readonly outside: Outside;
  private readonly storefront: Storefront;
  private readonly provider: PaymentProvider;
  private readonly desk: RefundDesk;
  private readonly operator: Operator;
  private readonly keyOrder = new KeyOrder();
  private readonly teams: Teams;
  private faults: readonly Fault[] = [];
  private events = 0;

  constructor(
    private readonly seed: number,
    story: boolean,
  ) {
    this.random = new Random(`seed ${seed}`);
    this.trace = new Trace(story);
    this.scheduler = new Scheduler(this.trace, mostSteps);
    const machine = { scheduler: this.scheduler, random: this.random, profile: drawProfile(this.random) };
    this.shards = machine.profile.relayShards;
    this.broker = new Broker(machine);
    const around = { ...machine, broker: this.broker, vault: new KeyVault(), wonder: (what: string) => void this.wonders.push(what) };
    this.databases = definitions.map(({ name }) => new Database(name, machine));
    const pairs = definitions.map((definition, i) => [definition, this.databases[i] as Database] as const);
    this.services = pairs.flatMap(([definition, database]) => [1, 2].map((n) => new SimService(definition, n, database, around)));
    this.chaos = new Faults(around, this.services, this.databases, async () => void this.scheduler.leap(await this.nextDue()));
    this.outside = new Outside(machine, this.broker);
    this.storefront = new Storefront(this.outside);
    const warehouse = new Warehouse(this.outside);
    this.provider = new PaymentProvider(this.outside);
    this.teams = new Teams(
      this.outside,
      { ...warehouse.special, ...this.provider.special, ...this.storefront.payer.special },
      (task) => warehouse.asked(task),
      (subject, notice) => warehouse.noticed(subject, notice),
    );
    this.desk = new RefundDesk(
      around,
      this.outside,
      this.services.filter(({ definition }) => definition === refund),
    );
    this.operator = new Operator(around, this.outside, this.services);
    for (const database of this.databases)
      database.listen((unit) => {
        this.keyOrder.handled(database.name, unit);
        if (parks(unit)) this.operator.alarm(database);
      });
    for (const { topic } of topics) this.broker.listen(topic, (record) => this.keyOrder.said(record));
  }

  async run(): Promise<void> {
    await this.broker.create(topics);
    for (const service of this.services) if (!service.isSecond) service.start();
    this.storefront.open(this.outside.random.int(1, 3));
    if (this.outside.random.chance(0.4))
      this.outside.in(this.outside.random.between(5, 200), 'the desk files refunds', () => this.fileRefunds());
    try {
      await this.scheduler.run({
        stepped: (what) => this.chaos.stepped(what),
        isQuiet: () => this.isQuiet(),
        nextDue: () => this.nextDue(),
      });
    } catch (error) {
      if (!(error instanceof NoRest)) throw error;
      this.wonders.push(error.message);
    }
    this.faults = await this.check();
  }

  outcome(): Outcome {
    const { seed, faults, trace, scheduler } = this;
    const counts = {
      steps: scheduler.steps,
      events: this.events,
      orders: this.storefront.placed.size,
      days: scheduler.days,
      ...this.chaos.counts,
      poison: this.outside.poisons,
      ...this.operator.counts,
    };
    return { seed, faults, digest: trace.digest(), story: trace.lines, counts };
  }

  private fileRefunds(): void {
    for (const placed of this.storefront.placed.values()) if (this.outside.random.chance(0.7)) this.desk.file(placed);
  }

  /** Nothing to publish, to hear, or to fire. */
  private async isQuiet(): Promise<boolean> {
    for (const { store } of this.databases) {
      if ((await store.due(1)).length > 0) return false;
      if (!(await this.isPublished(store))) return false;
    }
    for (const { database, definition, follows, hears } of this.services) {
      if (!(await this.broker.isCaughtUp(`orderloom.${definition.name}`, hears))) return false;
      if (follows && (await database.store.read(await database.store.checkpoint('view/lengths'), 1)).length > 0) return false;
    }
    return true;
  }

  private async isPublished(store: Database['store']): Promise<boolean> {
    const of = this.shards;
    for (let index = 0; index < of; index += 1) {
      const unread = await store.read(await store.checkpoint(`relay/${index}-of-${of}`), 1, of > 1 ? { index, of } : undefined);
      if (unread.length > 0) return false;
    }
    return true;
  }

  private async nextDue(): Promise<number | undefined> {
    const dues = await Promise.all(this.databases.map((database) => database.nextDue()));
    return dues.reduce((a, b) => (a === undefined ? b : b === undefined ? a : Math.min(a, b)), undefined);
  }

  private async check(): Promise<Fault[]> {
    const services = this.services.filter(({ isSecond }) => !isSecond);
    const found = await Promise.all(services.map((service) => checkService(service, this.broker)));
    const histories = new Map<string, readonly RecordedEvent[]>();
    for (const { name, store } of this.databases) {
      const events: RecordedEvent[] = [];
      for await (const event of store.snapshot().events()) events.push(event);
      histories.set(name, events);
      this.events += events.length;
    }
    const halted = this.services.flatMap((service) => service.halted() ?? []);
    return [
      ...this.wonders.map((violation) => ({ invariant: 'unexpected', violation })),
      ...this.keyOrder.violations.map((violation) => ({ invariant: 'I3', violation })),
      ...halted.map((violation) => ({ invariant: 'I3', violation: `a relay stopped for good: ${violation}` })),
      ...found.flat(),
      ...this.teams.open().map(({ taskId, question }) => ({ invariant: 'I6', violation: `${taskId} (${question}) is still open` })),
      ...checkDomain(histories, { storefront: this.storefront, provider: this.provider, desk: this.desk }),
      ...untold([...histories.values()].flat()).map((violation) => ({
        invariant: 'untold',
        violation: `nobody told the customer that ${violation}`,
      })),
    ];
  }
}
