import { start, type UnitOfWork } from '@orderloom/event-sourcing';
import { Bug, Database, parks } from './database.js';
import { DeadlineBook } from '../checks/deadline-book.js';
import { machineOf, run } from '../simulation.fixture.js';

const meta = { by: 'spec' };
const put = (stream: string): UnitOfWork => ({
  meta,
  appends: [{ stream, subject: stream, expected: 'any', events: [{ type: 'Put', data: {} }] }],
});

describe('a simulated database', () => {
  it('transactions get ids early, commit in any order, and are hidden while an earlier one is open', async () => {
    const machine = machineOf({ interleaved: 1 });
    const database = new Database('d', machine);
    const streams = ['a', 'b', 'c', 'd', 'e', 'f'];
    const committed: string[] = [];
    for (const stream of streams) void database.commit(put(stream)).then(() => committed.push(stream));
    const seen: string[] = [];
    let cursor = start;
    const look = async (): Promise<void> => {
      const events = await database.store.read(cursor, 100);
      seen.push(...events.map(({ stream }) => stream));
      cursor = events.at(-1)?.cursor ?? cursor;
    };
    await run(machine, () => void look());
    await look();
    expect(committed.toSorted()).toEqual(streams);
    expect(committed).not.toEqual(streams);
    expect(seen).toEqual(streams);
  });

  it('a rolled back transaction leaves nothing', async () => {
    const machine = machineOf({ interleaved: 1, rolledBack: 1 });
    const database = new Database('d', machine);
    const failed = expect(database.commit(put('a'))).rejects.toThrow('rolled back');
    await run(machine);
    await failed;
    expect((await database.store.load('a')).version).toBe(0);
  });

  it('a simulated bug refuses further writes about a message for a while, except the parking of its flow', async () => {
    const machine = machineOf();
    const database = new Database('d', machine);
    const inbox = { consumer: 'c', message: 'm' };
    database.break(2);
    await database.commit(put('by hand'));
    await expect(database.commit({ ...put('a'), inbox })).rejects.toThrow(Bug);
    await expect(database.commit(put('a'))).rejects.toThrow(Bug);
    await database.commit({ ...put('b'), inbox });
    const parked = { stream: 'flow-f', subject: 'a', expected: 'none' as const, events: [{ type: 'FlowParked', data: {} }] };
    await database.commit({ meta, appends: [parked] });
    machine.scheduler.appoint(2, 'mended', () => undefined);
    machine.scheduler.leap(undefined);
    expect(await database.commit(put('a'))).toMatchObject({ status: 'committed' });
  });

  it('committed units are reported, with whether they park something', async () => {
    const database = new Database('d', machineOf());
    const told: boolean[] = [];
    database.listen((unit) => told.push(parks(unit)));
    const row = (table: string, fields: object): UnitOfWork => ({ meta, rows: [{ op: 'put', table, key: 'k', row: fields }] });
    expect(await database.parked()).toBe(false);
    await database.commit(row('parked', { state: 'ended' }));
    await database.commit(row('flows', { status: 'active' }));
    expect(await database.parked()).toBe(false);
    await database.commit(row('parked', { state: 'parked' }));
    expect(await database.parked()).toBe(true);
    await database.commit(row('parked', { state: 'dismissed' }));
    await database.commit(row('flows', { status: 'parked' }));
    expect(await database.parked()).toBe(true);
    expect(told).toEqual([false, false, true, false, true]);
  });

  it('the first deadline is known', async () => {
    const database = new Database('d', machineOf());
    expect(await database.nextDue()).toBeUndefined();
    const deadline = (id: string, dueAt: string) => ({ op: 'set' as const, deadline: { id, generation: 1, dueAt, owner: 'f', data: {} } });
    const deadlines = [deadline('late', '2010-12-03T00:00:00.000000Z'), deadline('soon', '2010-12-02T00:00:00.000000Z')];
    await database.commit({ meta, deadlines });
    expect(await database.nextDue()).toBe(Date.parse('2010-12-02T00:00:00Z') * 1000);
  });
});

describe('the check of deadlines', () => {
  const now = '2010-12-02T00:00:00.000000Z';
  const [set, fire] = [
    { op: 'set' as const, deadline: { id: 'd', generation: 2, dueAt: now, owner: 'f', data: {} } },
    { op: 'fire' as const, id: 'd', generation: 2 },
  ];
  const moved = {
    appends: [
      { stream: 'flow-f', subject: 's', expected: 1, events: [{ type: 'FlowMoved', data: { input: { type: 'DeadlineReached' } } }] },
    ],
  };
  const book = (...units: Partial<UnitOfWork>[]): DeadlineBook => {
    const kept = new DeadlineBook();
    for (const unit of units) kept.note({ meta, ...unit }, now);
    return kept;
  };

  it('a deadline that fires when it is due is no violation', () => {
    expect(book({ deadlines: [set] }, { ...moved, deadlines: [fire] }).violations).toEqual([]);
  });

  it('a deadline that parks its flow, which moves once when redriven, is no violation', () => {
    const appends = (...types: string[]) => ({
      appends: [{ ...moved.appends[0], events: types.flatMap((type) => (type === 'FlowMoved' ? moves : [{ type, data: {} }])) }],
    });
    const moves = moved.appends[0]?.events ?? [];
    const parked = { ...appends('FlowParked'), deadlines: [fire] };
    const redriven = appends('FlowRedriven', 'FlowMoved') as Partial<UnitOfWork>;
    expect(book({ deadlines: [set] }, parked as Partial<UnitOfWork>, redriven).violations).toEqual([]);
    expect(book({ deadlines: [set] }, parked as Partial<UnitOfWork>, redriven, redriven).violations).toHaveLength(1);
  });

  it.each([
    ['was never set', [{ deadlines: [fire] }]],
    ['was cancelled', [{ deadlines: [set] }, { deadlines: [{ op: 'cancel' as const, id: 'd' }] }, { deadlines: [fire] }]],
    ['was armed anew', [{ deadlines: [set] }, { deadlines: [{ ...fire, generation: 1 }] }]],
    ['has fired', [{ deadlines: [set] }, { deadlines: [fire] }, { deadlines: [fire] }]],
    [
      'is not due',
      [{ deadlines: [{ ...set, deadline: { ...set.deadline, dueAt: '2010-12-02T00:00:00.000001Z' } }] }, { deadlines: [fire] }],
    ],
    ['does not fire, though it moves a flow', [{ deadlines: [set] }, moved]],
  ])('a deadline that %s is a violation', (_, units) => {
    expect(book(...units).violations).toHaveLength(1);
  });
});
