import type { Check, AuditSnapshot, Finding, RecordedEvent } from '@orderloom/event-sourcing';
import type { FlowEvent } from './step/flow-event.js';
import type { FlowInstance } from './step/instance.js';

const toleranceMs = 3_600_000;

interface FlowHistory {
  version: number;
  ended: boolean;
  movedAt: string;
  /** Number of deadline inputs. */
  fired: number;
}

/** I6: every flow ends, waits for an answer or a deadline, or is parked. I8: every deadline belongs to a waiting flow. */
export class FlowLivenessCheck implements Check {
  private readonly histories = new Map<string, FlowHistory>();
  private readonly earlyReminders: string[] = [];
  private readonly dueTimes = new Map<string, string>();
  private reminderCount = 0;

  see({ stream, type, version, data, recordedAt }: RecordedEvent): void {
    if (!stream.startsWith('flow-')) return;
    const flowId = stream.slice('flow-'.length);
    const flow = this.histories.get(flowId) ?? { version: 0, ended: false, movedAt: recordedAt, fired: 0 };
    flow.version = version;
    if (type === 'FlowEnded') flow.ended = true;
    if (type === 'FlowMoved') flow.movedAt = recordedAt;
    this.histories.set(flowId, flow);
    this.seeTask({ type, data } as FlowEvent, stream, version, recordedAt);
  }

  /** A reminder before its due time means that a deadline fired too early. */
  private seeTask({ type, data }: FlowEvent, stream: string, version: number, recordedAt: string): void {
    if (type === 'TaskAsked' && data.dueAt !== null) this.dueTimes.set(data.taskId, data.dueAt);
    if (type === 'TaskDueChanged') this.dueTimes.set(data.taskId, data.dueAt);
    if (type !== 'TaskReminded') return;
    this.reminderCount += 1;
    const due = this.dueTimes.get(data.taskId);
    if (due !== undefined && data.reminder === 1 && recordedAt < due && data.dueAt !== due)
      this.earlyReminders.push(`${stream}: version ${version} reminds at ${recordedAt}, before the due time ${due}`);
    if (data.dueAt !== null) this.dueTimes.set(data.taskId, data.dueAt);
  }

  async finish(facts: AuditSnapshot): Promise<Finding[]> {
    const rows = (await facts.rows('flows')) as ReadonlyMap<string, FlowInstance>;
    const parked = new Set([...(await facts.rows('parked')).values()].map((row) => (row as { key?: string }).key));
    const violations = [
      ...[...this.histories].flatMap(([flowId, flow]) => this.compareWithRow(flowId, flow, rows.get(flowId))),
      ...[...rows.keys()].filter((flowId) => !this.histories.has(flowId)).map((flowId) => `${flowId}: has a row but no events`),
      ...[...rows.values()].flatMap((row) => findStuck(row, facts.now, parked)),
    ];
    const [ended, parkedCount] = ['ended', 'parked'].map((status) => [...rows.values()].filter((row) => row.status === status).length);
    const summary = `${rows.size} flows: ${ended} ended, ${parkedCount} parked, the others wait for an answer or a deadline`;
    return [{ invariant: 'I6', summary, violations }, await this.deadlines(facts, rows)];
  }

  private compareWithRow(flowId: string, { version, ended }: FlowHistory, row: FlowInstance | undefined): string[] {
    if (!row) return [`${flowId}: has events but no row`];
    if (row.streamVersion !== version) return [`${flowId}: the row has version ${row.streamVersion}, the stream has version ${version}`];
    return (row.status === 'ended') === ended
      ? []
      : [`${flowId}: the row is ${row.status}, the stream has ${ended ? 'ended' : 'not ended'}`];
  }

  private async deadlines(facts: AuditSnapshot, rows: ReadonlyMap<string, FlowInstance>): Promise<Finding> {
    const set = await facts.deadlines();
    const ids = new Set(set.map(({ id }) => id));
    const overdueBefore = new Date(Date.parse(facts.now) - toleranceMs).toISOString();
    const violations = [
      ...this.earlyReminders,
      ...set.flatMap(({ id, owner, dueAt }) => {
        const row = rows.get(owner);
        if (!row?.deadlines.includes(id)) return [`${id}: no flow waits for this deadline`];
        return dueAt < overdueBefore && row.status === 'active' ? [`${id}: was due at ${dueAt} but has not fired`] : [];
      }),
      ...[...rows.values()].flatMap(({ flowId, status, deadlines }) =>
        status === 'active'
          ? deadlines.filter((id) => !ids.has(id)).map((id) => `${flowId}: waits for deadline ${id}, which does not exist`)
          : [],
      ),
    ];
    return {
      invariant: 'I8',
      summary: `${set.length} deadlines are pending, ${this.reminderCount} reminders were sent, none too early`,
      violations,
    };
  }
}

function findStuck(row: FlowInstance, now: string, parked: ReadonlySet<string | undefined>): string[] {
  const { flowId, status, tasks, deadlines, movedAt, subject, state } = row;
  const isWaiting = status !== 'active' || tasks.length > 0 || deadlines.length > 0 || parked.has(subject);
  return isWaiting || Date.parse(now) - Date.parse(movedAt) < toleranceMs
    ? []
    : [`${flowId}: is in ${JSON.stringify(state)} since ${movedAt}, but waits for no answer or deadline`];
}
