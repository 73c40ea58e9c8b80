import { audit, type Check, type Facts, type Finding, type RecordedEvent } from '@orderloom/event-sourcing';
import type { FlowInstance } from '@orderloom/flows';
import { checksOf, keptTopicsOf, publishedOf } from '@orderloom/platform';
import type { Broker } from './broker.js';
import { lengths, type SimService } from './sim-service.js';

/** What is wrong in the end: the invariant and the first witnesses. */
export interface Fault {
  readonly invariant: string;
  readonly witness: string;
}

/** I7 for the view that follows the log: all events of every stream, in order, once. */
class FollowedView implements Check {
  private readonly folded = new Map<string, object | null>();

  see(event: RecordedEvent): void {
    this.folded.set(event.stream, lengths.evolve(this.folded.get(event.stream) ?? null, event));
  }

  async finish(facts: Facts): Promise<Finding[]> {
    const rows = await facts.rows(lengths.table);
    const witnesses = [...this.folded]
      .filter(([stream, row]) => JSON.stringify(row) !== JSON.stringify(rows.get(stream)))
      .map(([stream, row]) => `${stream}: is shown as ${JSON.stringify(rows.get(stream))}, history says ${JSON.stringify(row)}`);
    return [{ invariant: 'I7', says: `${rows.size} rows follow the log`, witnesses }];
  }
}

/** At the end of a simulation everything has ended: nobody waits, and nothing is parked that nobody spoilt. */
class AllAtRest implements Check {
  constructor(private readonly name: string) {}

  async finish(facts: Facts): Promise<Finding[]> {
    const flows = [...(await facts.rows('flows')).values()] as FlowInstance[];
    const parked = [...(await facts.rows('parked')).values()] as { state: string; topic: string; key: string; reason: string }[];
    const events: RecordedEvent[] = [];
    for await (const event of facts.events()) events.push(event);
    const last = events.at(-1);
    const witnesses = [
      ...flows
        .filter(({ status }) => status !== 'ended')
        .map(({ flowId, status, state, parked: why }) => `${flowId}: is ${status} in ${JSON.stringify(state)} ${why?.error ?? ''}`),
      ...parked.filter(({ state }) => state !== 'ended').map(({ topic, key, reason }) => `${topic} ${key}: a record is parked: ${reason}`),
    ];
    const behind = [...(await facts.checkpoints())].filter(([, cursor]) => last !== undefined && cursor.position !== last.cursor.position);
    return [
      { invariant: 'I6', says: `${this.name}: ${flows.length} flows ended`, witnesses },
      {
        invariant: 'I1',
        says: `${this.name}: read to the end`,
        witnesses: behind.map(([name]) => `${this.name}: ${name} has not read to the end`),
      },
    ];
  }
}

/** What the auditor finds in a service's store and on the log, and what a simulation can know besides. */
export async function checkService({ definition, database, follows }: SimService, broker: Broker): Promise<Fault[]> {
  const heard = async (): Promise<ReadonlySet<string>> => {
    const records = keptTopicsOf(definition.name).flatMap((topic) => broker.records(topic));
    return new Set(records.map(({ headers }) => headers['ce_id'] ?? ''));
  };
  const checks = [
    publishedOf(definition, heard),
    ...checksOf(definition),
    ...(follows ? [new FollowedView()] : []),
    new AllAtRest(definition.name),
  ];
  const findings = await audit(database.facts(), checks);
  const book = { invariant: 'I8', witnesses: database.deadlines.witnesses };
  return [...findings, book].flatMap(({ invariant, witnesses }) =>
    witnesses.map((witness) => ({ invariant, witness: `${definition.name}: ${witness}` })),
  );
}
