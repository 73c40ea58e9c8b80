import { box, type BoxEvent } from './box.fixture.js';
import type { Decider, Projection } from './decider.js';
import type { Meta } from './event.js';
import { decideOn, execute, stateOf } from './execute.js';
import { MemoryStore } from '../memory/memory-store.js';
import type { Outcome, UnitOfWork } from '../store/store.js';
import { UnknownEvent } from './upcasters.js';

const now = '2010-12-01T09:00:00.000000Z';
const meta: Meta = { by: 'ann', causation: 'm-1', policyVersion: '3' };

describe('the execution of a command', () => {
  let store: MemoryStore;
  beforeEach(() => {
    store = new MemoryStore();
    store.setNow(now);
  });

  const putSpoon = () => execute(store, { decider: box, id: '1', command: { type: 'Put', thing: 'spoon' }, meta });

  it('the decided events are recorded with rule, objects, version and times', async () => {
    const { outcome, state, events } = await putSpoon();
    expect(outcome.status).toBe('committed');
    expect(state.things).toEqual(['spoon']);
    expect(events).toMatchObject([
      {
        ...{ type: 'ThingPut', typeVersion: 2, stream: 'box-1', subject: '1', version: 1, rule: 'BOX-01', occurredAt: now },
        ...{ data: { thing: 'spoon', at: now, by: 'ann' }, objects: [{ type: 'box', id: '1' }], by: 'ann', causation: 'm-1' },
      },
    ]);
  });

  it('a command without effect commits nothing', async () => {
    await putSpoon();
    expect(await putSpoon()).toMatchObject({ outcome: { status: 'committed' }, events: [] });
    expect((await store.load('box-1')).version).toBe(1);
  });

  it('a command without effect still stores its response', async () => {
    await putSpoon();
    const command = { id: 'c', fingerprint: 'f', status: 200, body: null };
    await execute(store, { decider: box, id: '1', command: { type: 'Put', thing: 'spoon' }, meta, additions: { command } });
    expect(await store.commandResponse('c')).not.toBeNull();
  });

  it('a violated rule throws its refusal and records nothing', async () => {
    await execute(store, { decider: box, id: '1', command: { type: 'Close' }, meta });
    await expect(putSpoon()).rejects.toMatchObject({ code: 'box-closed', rule: 'BOX-02' });
    expect((await store.load('box-1')).version).toBe(1);
  });

  it('the response may depend on the decision', async () => {
    await execute(store, {
      decider: box,
      id: '1',
      command: { type: 'Put', thing: 'spoon' },
      meta,
      additions: ({ state }) => ({
        command: { id: 'c', fingerprint: 'f', status: 201, body: { things: state.things.length } },
      }),
    });
    expect((await store.commandResponse('c'))?.body).toEqual({ things: 1 });
  });

  it('after a conflict the command is decided again, so that concurrent commands all take effect', async () => {
    await Promise.all(
      ['cup', 'fork', 'knife'].map((thing) => execute(store, { decider: box, id: '1', command: { type: 'Put', thing }, meta })),
    );
    expect((await stateOf(store, box, '1')).state.things.toSorted()).toEqual(['cup', 'fork', 'knife']);
  });

  it('after the last attempt the conflict is returned', async () => {
    let tries = 0;
    store.commit = async (unit: UnitOfWork): Promise<Outcome> => {
      tries += 1;
      return { status: 'conflict', stream: unit.appends?.[0]?.stream ?? '', actual: 7 };
    };
    const { outcome } = await execute(store, { decider: box, id: '1', command: { type: 'Put', thing: 'cup' }, meta, maxAttempts: 3 });
    expect([outcome.status, tries]).toEqual(['conflict', 3]);
  });

  it('a handled message is a duplicate, with the current state', async () => {
    const inbox = { consumer: 'c', message: 'm' };
    await execute(store, { decider: box, id: '1', command: { type: 'Put', thing: 'cup' }, meta, additions: { inbox } });
    const again = await execute(store, { decider: box, id: '1', command: { type: 'Put', thing: 'fork' }, meta, additions: { inbox } });
    expect(again).toMatchObject({ outcome: { status: 'duplicate' }, state: { things: ['cup'] }, events: [] });
  });

  it('a handled message is a duplicate even if a rule refuses it by now', async () => {
    const inbox = { consumer: 'c', message: 'm' };
    await execute(store, { decider: box, id: '1', command: { type: 'Put', thing: 'cup' }, meta, additions: { inbox } });
    await execute(store, { decider: box, id: '1', command: { type: 'Close' }, meta });
    const again = await execute(store, { decider: box, id: '1', command: { type: 'Put', thing: 'cup' }, meta, additions: { inbox } });
    expect(again).toMatchObject({ outcome: { status: 'duplicate' }, state: { things: ['cup'], closed: true }, events: [] });
    const other = execute(store, {
      decider: box,
      id: '1',
      command: { type: 'Put', thing: 'cup' },
      meta,
      additions: { inbox: { consumer: 'c', message: 'm-2' } },
    });
    await expect(other).rejects.toMatchObject({ code: 'box-closed' });
  });

  it('the events have the subject that the decider names', async () => {
    const keyed: typeof box = { ...box, subject: (id) => `order-of-${id}` };
    const { events } = await execute(store, { decider: keyed, id: '1', command: { type: 'Close' }, meta });
    expect(events[0]?.subject).toBe('order-of-1');
  });

  describe('with inline projections', () => {
    it('the row folded from the history is written in the same unit', async () => {
      await putSpoon();
      store.setNow('2010-12-02T09:00:00.000000Z');
      await execute(store, { decider: box, id: '1', command: { type: 'Put', thing: 'cup' }, meta });
      expect(await store.row('boxes', '1')).toEqual({ id: '1', things: 2, lastAt: '2010-12-02T09:00:00.000000Z' });
    });

    it('a row that folds to null is removed', async () => {
      const emptied: Projection<BoxEvent> = {
        table: 'boxes',
        key: () => 'k',
        evolve: (_, e) => (e.type === 'BoxClosed' ? null : { a: 1 }),
      };
      const viewed = { ...box, views: [emptied] };
      await execute(store, { decider: viewed, id: '1', command: { type: 'Put', thing: 'cup' }, meta });
      expect(await store.row('boxes', 'k')).toEqual({ a: 1 });
      await execute(store, { decider: viewed, id: '1', command: { type: 'Close' }, meta });
      expect(await store.row('boxes', 'k')).toBeNull();
    });

    it('a projection that reads what only the commit assigns is refused', async () => {
      const early: Projection<BoxEvent> = { table: 'boxes', key: () => 'k', evolve: (_, e) => ({ at: e.recordedAt }) };
      await expect(decideOn(store, { decider: { ...box, views: [early] }, id: '1', commands: [{ type: 'Close' }], meta })).rejects.toThrow(
        'use occurredAt',
      );
    });
  });

  describe('with stored events of other versions', () => {
    const stored = (type: string, typeVersion: number, data: object) =>
      store.commit({ meta, appends: [{ stream: 'box-1', subject: '1', expected: 'any', events: [{ type, typeVersion, data }] }] });

    it('older versions are upcast', async () => {
      await stored('ThingPut', 1, { name: 'spoon' });
      expect((await stateOf(store, box, '1')).history[0]).toMatchObject({ typeVersion: 2, data: { thing: 'spoon', at: 'long ago' } });
    });

    it('a version from the future is refused with its type and version', async () => {
      await stored('ThingPut', 3, {});
      await expect(putSpoon()).rejects.toEqual(new UnknownEvent('ThingPut', 3));
    });

    it('an unknown type is refused', async () => {
      await stored('ThingEaten', 1, {});
      await expect(putSpoon()).rejects.toEqual(new UnknownEvent('ThingEaten', 1));
    });

    it('a version without an upcaster is refused', async () => {
      await stored('ThingPut', 1, {});
      const forgetful: Decider<never, never, never> = { ...box, upcasters: {} } as never;
      await expect(stateOf(store, forgetful, '1')).rejects.toEqual(new UnknownEvent('ThingPut', 1));
    });
  });
});
