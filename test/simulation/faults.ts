import type { ServiceDefinition } from '@orderloom/platform';
import type { Database } from './ports/database.js';
import type { Port } from './ports/sim-process.js';
import { lengths, type SimService, type Surroundings } from './ports/sim-service.js';

const kinds = {
  crash: 6,
  standStill: 3,
  oversleep: 4,
  cutOff: 4,
  redeliver: 5,
  stick: 6,
  drain: 1,
  second: 3,
  openTransaction: 1,
  leap: 2,
  bug: 4,
  badRelease: 3,
};

/** Brings about what can go wrong from outside, at any step, until the profile's number of faults is used up. */
export class Faults {
  readonly counts: Partial<Record<keyof typeof kinds, number>> = {};
  /** Processes that will pause in the middle of a batch, until after the end of their lease. */
  private sleepers: readonly SimService[] = [];
  private asleep: SimService | undefined;
  private left: number;

  constructor(
    private readonly around: Surroundings,
    private readonly services: readonly SimService[],
    private readonly databases: readonly Database[],
    private readonly leapOn: () => Promise<void>,
  ) {
    this.left = around.profile.faults;
  }

  stepped(what: string): void {
    const { random, profile } = this.around;
    const sleeper = this.sleepers.find((service) => what === `${service.name} has row ${lengths.table}`);
    if (sleeper) this.fallAsleep(sleeper);
    const isOvertaken = this.services.some((service) => service !== this.asleep && what === `${service.name} row ${lengths.table}`);
    if (this.asleep && isOvertaken) this.wake(this.asleep);
    if (this.left <= 0 || !random.chance(profile.faultRate)) return;
    this.left -= 1;
    const kind = random.weighted(kinds);
    this.counts[kind] = (this.counts[kind] ?? 0) + 1;
    this[kind]();
  }

  private crash(): void {
    const service = this.someone();
    service?.crash(this.around.random.skewed(20, 5000), 'killed');
  }

  private standStill(): void {
    const millis = this.around.random.skewed(20, 20_000);
    const service = this.someone();
    this.say(`${service?.name} stands still for ${Math.round(millis)} ms`);
    service?.running?.process.standStill(millis);
  }

  private oversleep(): void {
    const { random, profile } = this.around;
    if (!profile.secondInstances) return this.standStill();
    const followers = this.services.filter(({ follows }) => follows);
    for (const service of followers) service.start();
    this.sleepers = random.chance(0.5) ? followers : followers.slice(0, 1);
  }

  private fallAsleep(sleeper: SimService): void {
    this.sleepers = [];
    this.asleep = sleeper;
    this.say(`${sleeper.name} sleeps in the middle of a batch`);
    sleeper.running?.process.standStill(20_000);
  }

  /** In the worst moment: when somebody else is in the middle of the same batch. */
  private wake(sleeper: SimService): void {
    this.asleep = undefined;
    this.say(`${sleeper.name} wakes`);
    sleeper.running?.process.goOn();
  }

  private cutOff(): void {
    const { random } = this.around;
    const millis = random.skewed(20, 10_000);
    const port = random.pick<Port>(['store', 'log', 'key ring']);
    const service = this.someone();
    this.say(`${service?.name} is cut off from the ${port} for ${Math.round(millis)} ms`);
    service?.running?.process.cutOff(port, millis);
  }

  private redeliver(): void {
    const { random } = this.around;
    const { topic, partition, service } = this.somewhere() ?? {};
    if (topic === undefined || partition === undefined || !service) return;
    const back = random.int(1, 30);
    this.say(`${service.name} gets ${back} of ${topic}/${partition} again`);
    service.running?.log.redeliver(topic, partition, back);
  }

  private stick(): void {
    const { random, broker } = this.around;
    const { topic, partition, service } = this.somewhere() ?? {};
    if (topic === undefined || partition === undefined || !service) return;
    const hours = random.skewed(3, 500);
    this.say(`${service.name} falls behind on ${topic}/${partition} for ${Math.round(hours)} hours`);
    broker.stick(`orderloom.${service.definition.name}`, topic, partition, hours);
  }

  private drain(): void {
    const { random } = this.around;
    void this.someone()?.drain(random.skewed(20, 3000));
  }

  /** A second instance comes, or one of two goes. */
  private second(): void {
    const { random, profile } = this.around;
    if (!profile.secondInstances) return this.crash();
    const service = random.pick(this.services.filter(({ isSecond }) => isSecond));
    if (service.running) void service.drain();
    else {
      this.say(`${service.name} comes`);
      service.start();
    }
  }

  private openTransaction(): void {
    const { random } = this.around;
    void random.pick(this.databases).holdTransactionOpen(random.skewed(50, 15_000));
  }

  /** Time passes while things are under way. */
  private leap(): void {
    void this.leapOn();
  }

  /** Something of an order can't be handled for a while: its messages are parked, and flows of it whose time has come. */
  private bug(): void {
    const { random } = this.around;
    const [database, hours] = [random.pick(this.databases), random.between(0.1, 50)];
    this.say(`${database.name} trips over what it hears of next for ${Math.round(hours)} hours`);
    database.break(hours);
  }

  /** Some time a version comes whose flows lack a policy value or two, and goes again: what needs them throws. */
  private badRelease(): void {
    const { random, scheduler } = this.around;
    const { definition } = random.pick(this.services);
    const begin = random.between(0, 100);
    const flows = definition.flows.map((flow) => {
      const deadlines = random.some(Object.entries(flow.policies.deadlines), 0.8);
      return { ...flow, policies: { ...flow.policies, deadlines: Object.fromEntries(deadlines) } };
    });
    scheduler.appoint(begin, `${definition.name} gets a bad release`, () => this.release({ ...definition, flows }));
    scheduler.appoint(begin + random.between(1, 100), `${definition.name} is mended`, () => this.release(definition));
  }

  private release(version: ServiceDefinition): void {
    for (const service of this.services.filter(({ definition }) => definition.name === version.name)) {
      service.version = version;
      void service.drain(this.around.random.skewed(20, 3000));
    }
  }

  private say(what: string): void {
    this.around.scheduler.trace.say(`!! ${what}`);
  }

  private somewhere(): { service: SimService; topic: string; partition: number } | undefined {
    const { random } = this.around;
    const service = this.someone();
    return service && { service, topic: random.pick(service.hears), partition: random.int(0, 2) };
  }

  private someone(): SimService | undefined {
    const alive = this.services.filter(({ running }) => running);
    return alive.length > 0 ? this.around.random.pick(alive) : undefined;
  }
}
