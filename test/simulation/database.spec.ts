import { start, type UnitOfWork } from '@orderloom/event-sourcing';
import { Database } from './database.js';
import { DeadlineBook } from './deadline-book.js';
import { machineOf, run } from './simulation.fixture.js';

const meta = { by: 'spec' };
const put = (stream: string): UnitOfWork => ({
  meta,
  appends: [{ stream, subject: stream, expected: 'any', events: [{ type: 'Put', data: {} }] }],
});

describe('a simulated database', () => {
  it('gives transactions their ids early, lets them commit in another order, and shows nobody what may still be overtaken', async () => {
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

  it('forgets a transaction that was rolled back', async () => {
    const machine = machineOf({ interleaved: 1, rolledBack: 1 });
    const database = new Database('d', machine);
    const failed = expect(database.commit(put('a'))).rejects.toThrow('rolled back');
    await run(machine);
    await failed;
    expect((await database.store.load('a')).version).toBe(0);
  });

  it('knows its first deadline', async () => {
    const database = new Database('d', machineOf());
    expect(await database.nextDue()).toBeUndefined();
    const deadline = (id: string, dueAt: string) => ({ op: 'set' as const, deadline: { id, generation: 1, dueAt, owner: 'f', data: {} } });
    const deadlines = [deadline('late', '2010-12-03T00:00:00.000000Z'), deadline('soon', '2010-12-02T00:00:00.000000Z')];
    await database.commit({ meta, deadlines });
    expect(await database.nextDue()).toBe(Date.parse('2010-12-02T00:00:00Z') * 1000);
  });
});

describe('the book of deadlines', () => {
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

  it('has nothing against one that is set and fires when it is due', () => {
    expect(book({ deadlines: [set] }, { ...moved, deadlines: [fire] }).witnesses).toEqual([]);
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
  ])('witnesses one that %s', (_, units) => {
    expect(book(...units).witnesses).toHaveLength(1);
  });
});
