import type { Check, Facts, Finding, RecordedEvent } from '@orderloom/event-sourcing';
import type { FlowEvent } from './flow-event.js';
import type { FlowInstance } from './instance.js';

const patienceMs = 3_600_000;

interface Told {
  version: number;
  ended: boolean;
  movedAt: string;
  /** Deadline inputs by what fired them. */
  fired: number;
}

/** I6: every flow ends, waits for somebody or something, or is visibly parked. I8: deadlines belong to flows that wait. */
export class FlowsGoOn implements Check {
  private readonly told = new Map<string, Told>();
  private readonly early: string[] = [];
  private readonly due = new Map<string, string>();
  private fired = 0;

  see({ stream, type, version, data, recordedAt }: RecordedEvent): void {
    if (!stream.startsWith('flow-')) return;
    const flowId = stream.slice('flow-'.length);
    const flow = this.told.get(flowId) ?? { version: 0, ended: false, movedAt: recordedAt, fired: 0 };
    flow.version = version;
    if (type === 'FlowEnded') flow.ended = true;
    if (type === 'FlowMoved') flow.movedAt = recordedAt;
    this.told.set(flowId, flow);
    this.seeTask({ type, data } as FlowEvent, stream, version, recordedAt);
  }

  /** A reminder before its time would be a deadline that fired early. */
  private seeTask({ type, data }: FlowEvent, stream: string, version: number, recordedAt: string): void {
    if (type === 'TaskAsked' && data.dueAt !== null) this.due.set(data.taskId, data.dueAt);
    if (type !== 'TaskReminded') return;
    this.fired += 1;
    const due = this.due.get(data.taskId);
    if (due !== undefined && data.reminder === 1 && recordedAt < due && data.dueAt !== due)
      this.early.push(`${stream}: version ${version} reminds at ${recordedAt} of what is due at ${due}`);
    if (data.dueAt !== null) this.due.set(data.taskId, data.dueAt);
  }

  async finish(facts: Facts): Promise<Finding[]> {
    const rows = (await facts.rows('flows')) as ReadonlyMap<string, FlowInstance>;
    const parked = new Set([...(await facts.rows('parked')).values()].map((row) => (row as { key?: string }).key));
    const witnesses = [
      ...[...this.told].flatMap(([flowId, flow]) => this.unlikeRow(flowId, flow, rows.get(flowId))),
      ...[...rows.keys()].filter((flowId) => !this.told.has(flowId)).map((flowId) => `${flowId}: is shown, and never started`),
      ...[...rows.values()].flatMap((row) => waitsForNothing(row, facts.now, parked)),
    ];
    const [ended, held] = ['ended', 'parked'].map((status) => [...rows.values()].filter((row) => row.status === status).length);
    const says = `${rows.size} flows: ${ended} ended, ${held} parked in view, the others wait for something`;
    return [{ invariant: 'I6', says, witnesses }, await this.deadlines(facts, rows)];
  }

  private unlikeRow(flowId: string, { version, ended }: Told, row: FlowInstance | undefined): string[] {
    if (!row) return [`${flowId}: is missing among the flows`];
    if (row.streamVersion !== version) return [`${flowId}: its row is of version ${row.streamVersion}, its history of ${version}`];
    return (row.status === 'ended') === ended ? [] : [`${flowId}: is ${row.status}, its history has ${ended ? 'ended' : 'not ended'}`];
  }

  private async deadlines(facts: Facts, rows: ReadonlyMap<string, FlowInstance>): Promise<Finding> {
    const set = await facts.deadlines();
    const ids = new Set(set.map(({ id }) => id));
    const patient = new Date(Date.parse(facts.now) - patienceMs).toISOString();
    const witnesses = [
      ...this.early,
      ...set.flatMap(({ id, owner, dueAt }) => {
        const row = rows.get(owner);
        if (!row?.deadlines.includes(id)) return [`${id}: nobody waits for it`];
        return dueAt < patient && row.status === 'active' ? [`${id}: was due at ${dueAt} and has not fired`] : [];
      }),
      ...[...rows.values()].flatMap(({ flowId, status, deadlines }) =>
        status === 'active' ? deadlines.filter((id) => !ids.has(id)).map((id) => `${flowId}: waits for ${id}, which is not set`) : [],
      ),
    ];
    return { invariant: 'I8', says: `${set.length} deadlines wait, ${this.fired} reminders came, none too early`, witnesses };
  }
}

function waitsForNothing(row: FlowInstance, now: string, parked: ReadonlySet<string | undefined>): string[] {
  const { flowId, status, tasks, deadlines, movedAt, subject, state } = row;
  const waits = status !== 'active' || tasks.length > 0 || deadlines.length > 0 || parked.has(subject);
  return waits || Date.parse(now) - Date.parse(movedAt) < patienceMs
    ? []
    : [`${flowId}: is in ${JSON.stringify(state)} since ${movedAt}, and waits for nobody`];
}
