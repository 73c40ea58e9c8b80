import { InvalidInput } from '@orderloom/kernel';
import type { Meta, NewEvent } from '../../decider/event.js';
import type { EventStore, UnitOfWork } from '../store.js';
import { append, someEvents, type MakeStore, meta, newStream } from './contract-support.js';

/** Contract of a single unit of work, for every store. */
export function describeUnits(name: string, makeStore: MakeStore): void {
  describe(`a unit of work in ${name}`, () => {
    let store: EventStore;
    beforeAll(async () => ({ store } = await makeStore({})));
    afterAll(() => store.close());

    describe('an append', () => {
      it('expecting `none` it succeeds on a new stream only', async () => {
        const s = newStream();
        expect(await store.commit(append(s, 'none'))).toMatchObject({ status: 'committed' });
        expect(await store.commit(append(s, 'none'))).toEqual({ status: 'conflict', stream: s, actual: 1 });
      });

      it('expecting `some` it succeeds on an existing stream only', async () => {
        const s = newStream();
        expect(await store.commit(append(s, 'some'))).toEqual({ status: 'conflict', stream: s, actual: 0 });
        await store.commit(append(s, 'any', someEvents(2)));
        expect(await store.commit(append(s, 'some'))).toMatchObject({ status: 'committed' });
      });

      it('expecting a version it succeeds at that version only', async () => {
        const s = newStream();
        await store.commit(append(s, 0, someEvents(3)));
        expect(await store.commit(append(s, 2))).toEqual({ status: 'conflict', stream: s, actual: 3 });
        expect(await store.commit(append(s, 4))).toEqual({ status: 'conflict', stream: s, actual: 3 });
        expect(await store.commit(append(s, 3))).toMatchObject({ status: 'committed' });
      });

      it('expecting `any` it always succeeds', async () => {
        const s = newStream();
        await store.commit(append(s, 'any'));
        await store.commit(append(s, 'any'));
        expect((await store.load(s)).version).toBe(2);
      });

      it('all fields of an event are kept, in versions from 1 without gaps', async () => {
        const s = newStream();
        const said: NewEvent = {
          type: 'ThingMoved',
          typeVersion: 3,
          data: { to: 'Ω "quoted" \\u0000 \\', deep: [{ a: null }, 1.5, true] },
          rule: 'ORD-12',
          objects: [{ type: 'order', id: '536365', role: 'moved' }],
          occurredAt: '2010-12-01T08:26:00.000001Z',
        };
        const from: Meta = { by: 'bob', causation: 'c-1', causationSource: '/shop', correlation: 's-1', trace: 't-1', policyVersion: '7' };
        const outcome = await store.commit({
          meta: from,
          appends: [{ stream: s, subject: '536365', expected: 'none', events: [said, ...someEvents()] }],
        });
        const { events } = await store.load(s);
        expect(outcome).toEqual({ status: 'committed', events });
        expect(events[0]).toMatchObject({ ...said, ...from, stream: s, version: 1, subject: '536365' });
        expect(events[1]).toMatchObject({ version: 2, typeVersion: 1, objects: [], occurredAt: events[1]?.recordedAt });
      });

      it('without a cause, the correlation is the id of the first event', async () => {
        const s = newStream();
        await store.commit(append(s, 'none', someEvents(2)));
        const { events } = await store.load(s);
        expect(events.map((e) => e.correlation)).toEqual([events[0]?.id, events[0]?.id]);
      });

      it('all appends of a unit have one correlation', async () => {
        const [a, b] = [newStream(), newStream()];
        const both = [a, b].map((stream) => ({ stream, subject: 'x', expected: 'none' as const, events: someEvents(2) }));
        await store.commit({ meta, appends: both });
        const events = [...(await store.load(a)).events, ...(await store.load(b)).events];
        expect(events.map((e) => e.correlation)).toEqual(events.map(() => events[0]?.id));
      });

      it('without a correlation, it is the id of the cause', async () => {
        const s = newStream();
        await store.commit({ ...append(s), meta: { by: 'x', causation: 'cause' } });
        expect((await store.load(s)).events[0]?.correlation).toBe('cause');
      });

      it('appends to several streams are all or nothing', async () => {
        const [a, b] = [newStream(), newStream()];
        await store.commit(append(b));
        const both = { meta, appends: [a, b].map((stream) => ({ stream, subject: 'x', expected: 'none' as const, events: someEvents() })) };
        expect(await store.commit(both)).toEqual({ status: 'conflict', stream: b, actual: 1 });
        expect((await store.load(a)).version).toBe(0);
      });

      it('an event above 256 kB is refused', async () => {
        const large = append(newStream(), 'any', [{ type: 'Large', data: { text: 'x'.repeat(256 * 1024) } }]);
        await expect(store.commit(large)).rejects.toMatchObject({ code: 'event-too-large' });
      });
    });

    describe('a unit committed concurrently with others', () => {
      it('it has its own outcome, whatever happens to the others', async () => {
        const [a, b, c, d, e] = [newStream(), newStream(), newStream(), newStream(), newStream()];
        await store.commit({ ...append(b, 'none'), inbox: { consumer: 'x', message: b } });
        await store.commit({ meta, rows: [{ op: 'insert', table: 'things', key: d, row: {} }] });
        const outcomes = await Promise.allSettled([
          store.commit(append(a, 'none', someEvents(2))),
          store.commit({ ...append(c), inbox: { consumer: 'x', message: b } }),
          store.commit(append(b, 'none')),
          store.commit({ ...append(d), rows: [{ op: 'insert', table: 'things', key: d, row: {} }] }),
          store.commit({ ...append(e), deadlines: [{ op: 'fire', id: e, generation: 1 }] }),
          store.commit(append(newStream(), 'any', [{ type: 'Large', data: { text: 'x'.repeat(256 * 1024) } }])),
          store.commit({ ...append(newStream(), 'none'), command: { id: a, fingerprint: 'f', status: 200, body: a } }),
        ]);
        expect(outcomes).toMatchObject([
          { value: { status: 'committed', events: [{ stream: a, version: 1 }, { version: 2 }] } },
          { value: { status: 'duplicate' } },
          { value: { status: 'conflict', stream: b, actual: 1 } },
          { value: { status: 'taken', table: 'things', key: d } },
          { value: { status: 'stale', what: `deadline ${e}` } },
          { reason: { code: 'event-too-large' } },
          { value: { status: 'committed' } },
        ]);
        for (const refused of [c, d, e]) expect((await store.load(refused)).version).toBe(0);
        expect(await store.commandResponse(a)).toMatchObject({ body: a });
      });

      it('it is written as it would be alone', async () => {
        const dueAt = '2010-12-01T08:26:00.000000Z';
        const unit = (s: string, version: number): UnitOfWork => ({
          ...append(s, version),
          inbox: { consumer: 'x', message: `${s}/${version}` },
          command: { id: `${s}/${version}`, fingerprint: 'f', status: 200, body: { s } },
          rows: [
            { op: 'put', table: 'things', key: s, row: { s, version } },
            { op: 'insert', table: 'things', key: `${s}/${version}`, row: { text: '"\\{},' } },
          ],
          deadlines: [{ op: 'set', deadline: { id: s, generation: version + 1, dueAt, owner: s, data: { text: '"\\{},' } } }],
        });
        const [alone, ...together] = [newStream(), newStream(), newStream()];
        for (const version of [0, 1]) {
          await store.commit(unit(alone, version));
          await Promise.all(together.map((s) => store.commit(unit(s, version))));
        }
        const due = await store.due(1000);
        for (const s of [alone, ...together]) {
          expect((await store.load(s)).version).toBe(2);
          expect(await store.row('things', s)).toEqual({ s, version: 1 });
          expect(await store.row('things', `${s}/1`)).toEqual({ text: '"\\{},' });
          expect(await store.commandResponse(`${s}/1`)).toEqual({ fingerprint: 'f', status: 200, body: { s } });
          expect(due.filter(({ id }) => id === s)).toEqual([{ id: s, generation: 2, dueAt, owner: s, data: { text: '"\\{},' } }]);
          expect(await store.commit({ ...append(s), inbox: { consumer: 'x', message: `${s}/1` } })).toEqual({ status: 'duplicate' });
        }
        await store.commit({ meta, deadlines: [alone, ...together].map((id) => ({ op: 'cancel', id })) });
      });

      it('units about the same stream or row take turns', async () => {
        const s = newStream();
        const write = (n: number): UnitOfWork => ({ ...append(s, n), rows: [{ op: 'put', table: 'things', key: s, row: { n } }] });
        const outcomes = await Promise.all([0, 1, 2].map((n) => store.commit(write(n))));
        expect(outcomes.map((o) => o.status)).toEqual(['committed', 'committed', 'committed']);
        expect((await store.load(s)).version).toBe(3);
        expect(await store.row('things', s)).toEqual({ n: 2 });
      });

      it('concurrent reads get their own results', async () => {
        const [a, b] = [newStream(), newStream()];
        await store.commit({ ...append(a, 'none', someEvents(2)), rows: [{ op: 'put', table: 'things', key: a, row: { a } }] });
        const found = await Promise.all([store.load(a), store.load(b), store.load(a), store.row('things', a), store.row('things', b)]);
        expect(found).toMatchObject([{ version: 2 }, { version: 0, stream: b }, { version: 2 }, { a }, null]);
      });
    });

    describe('data that cannot be stored', () => {
      const s = newStream();
      it.each<[string, UnitOfWork]>([
        ['NUL in data', append(s, 'any', [{ type: 'T', data: { a: { b: 'x\0' } } }])],
        ['half a surrogate pair in data', append(s, 'any', [{ type: 'T', data: { a: '\ud800' } }])],
        ['NUL in a name', append(s, 'any', [{ type: 'T', data: { ['a\0']: 1 } }])],
        ['NUL in a row', { meta, rows: [{ op: 'put', table: 'things', key: 'k', row: { a: '\0' } }] }],
        ['NUL in a key', { meta, rows: [{ op: 'put', table: 'things', key: '\0', row: {} }] }],
        ['a key too long for an index', { meta, rows: [{ op: 'put', table: 'things', key: 'k'.repeat(501), row: {} }] }],
        ['a message id too long for an index', { meta, inbox: { consumer: 'c', message: 'm'.repeat(5000) } }],
        ['a row that is no JSON', { meta, rows: [{ op: 'put', table: 'things', key: 'k', row: { a: 1n } }] }],
        ['an instant past the year 9999', append(s, 'any', [{ type: 'T', data: {}, occurredAt: '+012010-12-01T00:00:00.000000Z' }])],
        ['NUL in who', { ...append(s), meta: { by: '\0' } }],
      ])('they are refused as invalid input: %s', async (_, unit) => {
        await expect(store.commit(unit)).rejects.toBeInstanceOf(InvalidInput);
      });

      it('searched for, they are invalid input as well', async () => {
        await expect(store.rows('things', { colour: 'r\0d' })).rejects.toBeInstanceOf(InvalidInput);
        await expect(store.row('things', '\0')).rejects.toBeInstanceOf(InvalidInput);
      });
    });

    describe('a command', () => {
      it('it is executed once, and its response is replayed', async () => {
        const s = newStream();
        const answer = { fingerprint: 'f', status: 201, body: { made: s } };
        expect(await store.commit({ ...append(s), command: { id: s, ...answer } })).toMatchObject({ status: 'committed' });
        const again = await store.commit({ ...append(s, 'none'), command: { id: s, fingerprint: 'g', status: 200, body: null } });
        expect(again).toEqual({ status: 'duplicate', answer });
        expect(await store.commandResponse(s)).toEqual(answer);
        expect((await store.load(s)).version).toBe(1);
      });

      it('a refusal stores its response without any event', async () => {
        const id = newStream();
        await store.commit({ meta, command: { id, fingerprint: 'f', status: 409, body: { code: 'too-late' } } });
        expect(await store.commandResponse(id)).toEqual({ fingerprint: 'f', status: 409, body: { code: 'too-late' } });
      });

      it('an unknown command has no response', async () => expect(await store.commandResponse('never')).toBeNull());

      it('a command whose unit fails is not stored', async () => {
        const s = newStream();
        await store.commit({ ...append(s, 'some'), command: { id: s, fingerprint: 'f', status: 200, body: null } });
        expect(await store.commandResponse(s)).toBeNull();
      });
    });

    it.each([
      ['command', (id: string) => ({ command: { id, fingerprint: 'f', status: 200, body: {} } })],
      ['message', (message: string) => ({ inbox: { consumer: 'a', message } })],
    ])('a %s received eight times concurrently has one effect', async (_, once) => {
      const s = newStream();
      const outcomes = await Promise.all(Array.from({ length: 8 }, (__, i) => store.commit({ ...append(`${s}-${i}`), ...once(s) })));
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['committed', ...Array<string>(7).fill('duplicate')]);
    });
  });
}
