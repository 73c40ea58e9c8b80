import {
  audit,
  type Check,
  type EventStore,
  type AuditSnapshot,
  type Finding,
  type RecordedEvent,
  type Shard,
} from '@orderloom/event-sourcing';
import type { FlowInstance } from '@orderloom/flows';
import { auditChecksOf, keptTopicsOf, publishedOf } from '@orderloom/platform';
import type { Broker } from '../ports/broker.js';
import { lengths, type SimService } from '../ports/sim-service.js';

/** Final violations: the invariant and its first violations. */
export interface Fault {
  readonly invariant: string;
  readonly violation: string;
}

/** I7 for the view that follows the log: all events of every stream, in order, once. */
class FollowedView implements Check {
  private readonly folded = new Map<string, object | null>();

  see(event: RecordedEvent): void {
    this.folded.set(event.stream, lengths.evolve(this.folded.get(event.stream) ?? null, event));
  }

  async finish(facts: AuditSnapshot): Promise<Finding[]> {
    const rows = await facts.rows(lengths.table);
    const violations = [...this.folded]
      .filter(([stream, row]) => JSON.stringify(row) !== JSON.stringify(rows.get(stream)))
      .map(([stream, row]) => `${stream}: is shown as ${JSON.stringify(rows.get(stream))}, history says ${JSON.stringify(row)}`);
    return [{ invariant: 'I7', summary: `${rows.size} rows follow the log`, violations }];
  }
}

/** At the end of a simulation everything has ended: nobody waits, and nothing is parked any more. */
class AllAtRest implements Check {
  constructor(
    private readonly name: string,
    private readonly store: Pick<EventStore, 'read'>,
  ) {}

  async finish(facts: AuditSnapshot): Promise<Finding[]> {
    const flows = [...(await facts.rows('flows')).values()] as FlowInstance[];
    const parked = [...(await facts.rows('parked')).values()] as { state: string; topic: string; key: string; reason: string }[];
    const violations = [
      ...flows
        .filter(({ status }) => status !== 'ended')
        .map(({ flowId, status, state, parked: why }) => `${flowId}: is ${status} in ${JSON.stringify(state)} ${why?.error ?? ''}`),
      ...parked
        .filter(({ state }) => state === 'parked' || state === 'queued')
        .map(({ topic, key, state, reason }) => `${topic} ${key}: a record is ${state}: ${reason}`),
    ];
    const behind: string[] = [];
    for (const [name, cursor] of await facts.checkpoints())
      if ((await this.store.read(cursor, 1, shardOf(name))).length > 0) behind.push(name);
    return [
      { invariant: 'I6', summary: `${this.name}: ${flows.length} flows ended`, violations },
      {
        invariant: 'I1',
        summary: `${this.name}: read to the end`,
        violations: behind.map((name) => `${this.name}: ${name} has not read to the end`),
      },
    ];
  }
}

/** The shard of a relay's checkpoint, by its name: `relay/2-of-3`. */
function shardOf(checkpoint: string): Shard | undefined {
  const [, index, of] = /(\d+)-of-(\d+)$/.exec(checkpoint) ?? [];
  return of === undefined || of === '1' ? undefined : { index: Number(index), of: Number(of) };
}

/** Audit findings in a service's store and on the log, and the additional checks of the simulation. */
export async function checkService({ definition, database, follows }: SimService, broker: Broker): Promise<Fault[]> {
  const heard = async (): Promise<ReadonlySet<string>> => {
    const records = keptTopicsOf(definition.name).flatMap((topic) => broker.records(topic));
    return new Set(records.map(({ headers }) => headers['ce_id'] ?? ''));
  };
  const checks = [
    publishedOf(definition, heard),
    ...auditChecksOf(definition),
    ...(follows ? [new FollowedView()] : []),
    new AllAtRest(definition.name, database.store),
  ];
  const findings = await audit(database.facts(), checks);
  const book = { invariant: 'I8', violations: database.deadlines.violations };
  return [...findings, book].flatMap(({ invariant, violations }) =>
    violations.map((violation) => ({ invariant, violation: `${definition.name}: ${violation}` })),
  );
}
