import type { Fact, AuditSnapshot, RecordedEvent } from '@orderloom/event-sourcing';
import { FlowLivenessCheck } from './flow-liveness-check.js';
import type { FlowInstance } from './step/instance.js';
import { orderNumber, TestService } from './testing/runtime.fixture.js';

let service: TestService;
let row: FlowInstance;
let history: readonly RecordedEvent[];
let set: { id: string; owner: string; dueAt: string }[];

/** An errand that waits for the warehouse until Monday. */
beforeEach(async () => {
  service = new TestService();
  row = await service.started();
  history = (await service.store.load(`flow-${row.flowId}`)).events;
  set = row.deadlines.map((id) => ({ id, owner: row.flowId, dueAt: '2010-12-06T09:00:00.000000Z' }));
});

/** Findings for the given row, events, parked messages and time. */
async function found({ shown = row, events = history, parked = [] as object[], now = '2010-12-03T09:00:00.000000Z' } = {}) {
  const check = new FlowLivenessCheck();
  events.forEach((event) => check.see(event));
  const tables = new Map([
    ['flows', [[row.flowId, shown]] as const],
    ['parked', parked.map((record, i) => [String(i), record] as const)],
  ]);
  const facts = { now, rows: async (table: string) => new Map<string, object>(tables.get(table) ?? []), deadlines: async () => set };
  const findings = await check.finish(facts as unknown as AuditSnapshot);
  return findings.flatMap(({ invariant, violations }) => violations.map((w) => `${invariant} ${w.replaceAll(row.flowId, 'it')}`));
}

const event = (type: string, version: number, data: object): RecordedEvent => {
  const asked = history.filter(({ type: one }) => one === 'TaskAsked')[0] as RecordedEvent<Fact<'TaskAsked', { taskId: string }>>;
  return { ...asked, type, version, data: { taskId: asked.data.taskId, ...data } };
};

describe('the audit of flows', () => {
  it('a flow that waits for somebody has no finding', async () => {
    expect(row.deadlines).toHaveLength(1);
    expect(await found()).toEqual([]);
  });

  it('a row that differs from its history is found (I6)', async () => {
    expect(await found({ shown: { ...row, streamVersion: 7 } })).toEqual(['I6 it: the row has version 7, the stream has version 2']);
    expect(await found({ shown: { ...row, status: 'ended' } })).toContain('I6 it: the row is ended, the stream has not ended');
    expect(await found({ events: [] })).toContain('I6 it: has a row but no events');
  });

  it('a flow that waits for nothing is found, unless its order has a parked message (I6)', async () => {
    const stuck = { ...row, tasks: [], deadlines: [] };
    set = [];
    expect(await found({ shown: stuck })).toEqual([]);
    const later = { shown: stuck, now: '2010-12-03T11:00:00.000000Z' };
    expect(await found(later)).toEqual([`I6 it: is in "searching" since 2010-12-03T09:00:00.000000Z, but waits for no answer or deadline`]);
    expect(await found({ ...later, parked: [{ key: orderNumber }] })).toEqual([]);
  });

  it('superfluous, missing and unfired deadlines are found (I8)', async () => {
    const [id] = row.deadlines;
    expect(await found({ now: '2010-12-06T11:00:00.000000Z' })).toEqual([
      `I8 ${id?.replace(row.flowId, 'it')}: was due at 2010-12-06T09:00:00.000000Z but has not fired`,
    ]);
    set = [{ id: 'left', owner: row.flowId, dueAt: '2010-12-06T09:00:00.000000Z' }];
    expect(await found()).toEqual([
      'I8 left: no flow waits for this deadline',
      `I8 it: waits for deadline ${id?.replace(row.flowId, 'it')}, which does not exist`,
    ]);
  });

  it('an early reminder is found (I8)', async () => {
    const reminded = event('TaskReminded', 3, { reminder: 1, dueAt: null });
    const [task] = row.tasks;
    expect(await found({ events: [...history, reminded], shown: { ...row, streamVersion: 3 } })).toEqual([
      `I8 flow-it: version 3 reminds at ${reminded.recordedAt}, before the due time ${task?.dueAt}`,
    ]);
  });

  it('a reminder after a changed due time is not a finding (CS-02)', async () => {
    const events = [...history, event('TaskDueChanged', 3, { dueAt: '2010-12-03T09:00:00.000000Z' })];
    const reminded = event('TaskReminded', 4, { reminder: 1, dueAt: null });
    expect(await found({ events: [...events, reminded], shown: { ...row, streamVersion: 4 } })).toEqual([]);
  });
});
