import type { Database } from './database.js';
import type { Port } from './sim-process.js';
import type { SimService, Surroundings } from './sim-service.js';

const kinds = {
  crash: 6,
  standStill: 3,
  cutOff: 4,
  redeliver: 5,
  drain: 1,
  second: 3,
  openTransaction: 1,
  leap: 2,
};

/** Brings about what can go wrong from outside, at any step, until the profile's number of faults is used up. */
export class Faults {
  readonly counts: Partial<Record<keyof typeof kinds, number>> = {};
  private left: number;

  constructor(
    private readonly around: Surroundings,
    private readonly services: readonly SimService[],
    private readonly databases: readonly Database[],
    private readonly leapOn: () => Promise<void>,
  ) {
    this.left = around.profile.faults;
  }

  stepped(): void {
    const { random, profile } = this.around;
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
    const running = this.someone()?.running;
    if (!running) return;
    const topic = random.pick(running.parts.subscriptions).topic;
    const [partition, back] = [random.int(0, 2), random.int(1, 30)];
    this.say(`${running.process.name} gets ${back} of ${topic}/${partition} again`);
    running.log.redeliver(topic, partition, back);
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

  private say(what: string): void {
    this.around.scheduler.trace.say(`!! ${what}`);
  }

  private someone(): SimService | undefined {
    const alive = this.services.filter(({ running }) => running);
    return alive.length > 0 ? this.around.random.pick(alive) : undefined;
  }
}
