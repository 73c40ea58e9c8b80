import { StoreUnavailable } from '@orderloom/event-sourcing';
import type { FlowInstance } from '@orderloom/flows';
import { NotFound, Refusal } from '@orderloom/kernel';
import type { ServiceParts } from '@orderloom/platform';
import { Bug, type Database } from '../ports/database.js';
import { isPoison, type Outside } from './outside.js';
import type { SimService, Surroundings } from '../ports/sim-service.js';

const by = 'operator:olga';
const patienceMs = 10_000;
const mostVisits = 100;
const mostLooks = 5;

/** Comes when something is parked, some time later, and again until nothing is: gives up what nobody can read, and redrives the rest. */
export class Operator {
  readonly counts = { redriven: 0, redrivenFlows: 0, dismissed: 0 };
  private readonly alarmed = new Set<Database>();

  constructor(
    private readonly around: Surroundings,
    private readonly outside: Outside,
    private readonly services: readonly SimService[],
  ) {}

  /** Something is parked there. */
  alarm(database: Database): void {
    if (this.alarmed.has(database)) return;
    this.alarmed.add(database);
    this.come(database, 1);
  }

  private come(database: Database, visit: number): void {
    const { outside } = this;
    const look = (): void => this.look(database, visit);
    if (outside.random.chance(0.3)) outside.soon(`olga looks at ${database.name}`, look);
    else outside.in(outside.random.between(0.5, 60), `olga looks at ${database.name}`, look);
  }

  private look(database: Database, visit: number): void {
    const { scheduler } = this.around;
    const patience = scheduler.after(patienceMs, 'olga waits no longer', () => void leave());
    let hasLeft = false;
    const leave = async (): Promise<void> => {
      if (hasLeft) return;
      hasLeft = true;
      scheduler.callOff(patience);
      if ((await database.parked()) && visit < mostVisits) return this.come(database, visit + 1);
      this.alarmed.delete(database);
    };
    const running = this.services.filter((service) => service.database === database && service.running);
    if (running.length === 0) void leave();
    else void this.repair(this.outside.random.pick(running)).then(leave);
  }

  private async repair({ running, database }: SimService): Promise<void> {
    if (!running) return;
    const { parts, store } = running;
    await this.attempt(async () => {
      // what comes to the head of a queue meanwhile is seen to as well: senders may spoil more than one a visit
      for (let looks = 0; looks < mostLooks; looks += 1) {
        const heads = await store.rows<Listed>('parked', { state: 'parked' });
        if (heads.length === 0) break;
        // whoever tries one that waits begins with the first of its queue
        const others = looks === 0 && this.outside.random.chance(0.2) ? await store.rows<Listed>('parked', { state: 'queued' }, 3) : [];
        for (const { id } of [...heads, ...others])
          await this.attempt(async () => this.resolve(parts.consumer, await parts.consumer.parkedRecord(id)));
      }
      for (const { flowId } of await store.rows<FlowInstance>('flows', { status: 'parked' }))
        await this.attempt(async () => {
          this.around.scheduler.trace.say(`   olga redrives ${flowId} in ${database.name}`);
          if ((await parts.runtime.redrive(flowId, by)) === 'moved') this.counts.redrivenFlows += 1;
        });
    });
  }

  private async resolve(consumer: ServiceParts['consumer'], record: Parked): Promise<void> {
    const { random } = this.outside;
    const { id, state, topic, offset, key } = record;
    const isGivenUp = state === 'parked' && isPoison(record.record?.headers ?? {}) && random.chance(0.7);
    this.around.scheduler.trace.say(`   olga ${isGivenUp ? 'dismisses' : 'redrives'} ${topic} ${key} ${offset}`);
    if (isGivenUp) {
      await consumer.dismiss(id, 'the sender says it again', by);
      this.counts.dismissed += 1;
    } else this.counts.redriven += await consumer.redrive(id, by);
  }

  /** Others may have been first, and what is away or broken is so to people as well. */
  private async attempt(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      const isExpected = [NotFound, Refusal, StoreUnavailable, Bug].some((kind) => error instanceof kind);
      if (!isExpected) this.around.wonder(`the operator: ${String(error)}`);
    }
  }
}

type Parked = Awaited<ReturnType<ServiceParts['consumer']['parkedRecord']>>;
/** A row of the list, without the record's content: a queue may be hundreds of records long. */
type Listed = Pick<Parked, 'id'>;
