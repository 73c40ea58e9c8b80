import type { Instant } from '@orderloom/kernel';
import type { EventStore, UnitOfWork } from '../store.js';
import { append, type MakeStore, meta, newStream, type StoreUnderTest } from './contract-support.js';

/** Contract of rows and deadlines, for every store. */
export function describeRows(name: string, makeStore: MakeStore): void {
  describe(`rows and deadlines in ${name}`, () => {
    let store: EventStore;
    let setNow: StoreUnderTest['setNow'];
    beforeAll(async () => ({ store, setNow } = await makeStore({})));
    afterAll(() => store.close());

    describe('rows', () => {
      const put = (key: string, row: object): UnitOfWork => ({ meta, rows: [{ op: 'put', table: 'things', key, row }] });

      it('they are put, replaced and removed', async () => {
        const key = newStream();
        await store.commit(put(key, { a: 1 }));
        await store.commit(put(key, { a: 2 }));
        expect(await store.row('things', key)).toEqual({ a: 2 });
        await store.commit({ meta, rows: [{ op: 'remove', table: 'things', key }] });
        expect(await store.row('things', key)).toBeNull();
      });

      it('an insert of an existing key is `taken`, and nothing else of the unit happens', async () => {
        const s = newStream();
        const insert = { ...append(s), rows: [{ op: 'insert' as const, table: 'things', key: s, row: {} }] };
        expect(await store.commit(insert)).toMatchObject({ status: 'committed' });
        expect(await store.commit(insert)).toEqual({ status: 'taken', table: 'things', key: s });
        expect((await store.load(s)).version).toBe(1);
      });

      it('an insert of an existing key is `taken` even if the same unit puts it again', async () => {
        const key = newStream();
        await store.commit(put(key, { n: 1 }));
        const write = (op: 'insert' | 'put', n: number) => ({ op, table: 'things', key, row: { n } });
        expect(await store.commit({ meta, rows: [write('insert', 2), write('put', 3)] })).toEqual({
          status: 'taken',
          table: 'things',
          key,
        });
        expect(await store.row('things', key)).toEqual({ n: 1 });
      });

      it('several writes of a key in one unit keep the last one', async () => {
        const key = newStream();
        const write = (n: number) => ({ op: 'put' as const, table: 'things', key, row: { n } });
        await store.commit({ meta, rows: [write(1), { op: 'remove', table: 'things', key }, write(2), write(3)] });
        expect(await store.row('things', key)).toEqual({ n: 3 });
      });

      it('they are found by equal fields and by elements of arrays, in key order', async () => {
        const colour = newStream();
        await store.commit(put(`${colour}-2`, { id: 2, colour, tags: ['x', 'y'], on: true, n: 5 }));
        await store.commit(put(`${colour}-1`, { id: 1, colour, tags: ['y'] }));
        await store.commit(put(`${colour}-3`, { id: 3, colour: `${colour} too`, tags: ['x'] }));
        expect(await store.rows('things', { colour })).toMatchObject([{ id: 1 }, { id: 2 }]);
        expect(await store.rows('things', { colour, tags: 'x' })).toMatchObject([{ id: 2 }]);
        expect(await store.rows('things', { colour, on: 'true', n: '5' })).toMatchObject([{ id: 2 }]);
        expect(await store.rows('things', { colour }, 1)).toMatchObject([{ id: 1 }]);
        expect(await store.rows('things', { colour: 'none' })).toEqual([]);
      });
    });

    it('pages after a key go in either direction, also with several values of a field', async () => {
      const colour = newStream();
      const rows = [1, 2, 3, 4, 5].map((n) => ({
        ...{ op: 'put' as const, table: 'things', key: `${colour}-${n}` },
        row: { n, colour, state: n % 2 === 0 ? 'even' : n === 5 ? 'last' : 'odd' },
      }));
      await store.commit({ meta, rows });
      const page = async (limit: number, after?: number, descending = false, state: readonly string[] = ['odd', 'even', 'last']) => {
        const start = after === undefined ? {} : { after: `${colour}-${after}` };
        return (await store.rows<{ n: number }>('things', { colour, state }, limit, { ...start, descending })).map(({ n }) => n);
      };
      expect(await Promise.all([page(2), page(2, 2), page(2, 4), page(2, 5)])).toEqual([[1, 2], [3, 4], [5], []]);
      expect(await Promise.all([page(2, undefined, true), page(9, 4, true)])).toEqual([
        [5, 4],
        [3, 2, 1],
      ]);
      expect(await page(9, 1, false, ['odd', 'last'])).toEqual([3, 5]);
    });

    it('concurrent searches get their own rows', async () => {
      const colour = newStream();
      const rows = ['a', 'b', 'c'].map((key, n) => ({
        ...{ op: 'put' as const, table: 'things', key: `${colour}-${key}` },
        row: { key, colour: `${colour}-${n % 2}`, tags: [`${colour}-x`, key] },
      }));
      await store.commit({ meta, rows });
      const search = async (where: Record<string, string>, limit?: number): Promise<string[]> =>
        (await store.rows<{ key: string }>('things', where, limit)).map(({ key }) => key);
      const found = await Promise.all([
        search({ colour: `${colour}-1` }),
        search({ colour: `${colour}-0` }),
        search({ colour: `${colour}-0` }, 1),
        search({ tags: `${colour}-x` }),
        search({ colour: `${colour}-0`, tags: 'c' }),
        search({ colour: `${colour}-2` }),
        search({ colour: `${colour}-0` }),
      ]);
      expect(found).toEqual([['b'], ['a', 'c'], ['a'], ['a', 'b', 'c'], ['c'], [], ['a', 'c']]);
    });

    describe('deadlines', () => {
      const at = (second: number): Instant => `2010-12-01T09:00:0${second}.000000Z`;
      const deadline = (id: string, generation: number, dueAt: Instant) => ({ id, generation, dueAt, owner: 'flow', data: { id } });
      const set = (...d: ReturnType<typeof deadline>[]): UnitOfWork => ({ meta, deadlines: d.map((x) => ({ op: 'set', deadline: x })) });
      const dueIds = async (): Promise<string[]> => (await store.due(100)).map((d) => d.id);

      it('they are due by the clock, oldest first, never early', async () => {
        await setNow(at(0));
        await store.commit(set(deadline('b', 1, at(4)), deadline('a', 1, at(5)), deadline('c', 1, at(9))));
        expect(await dueIds()).toEqual([]);
        await setNow(at(6));
        expect(await dueIds()).toEqual(['b', 'a']);
        expect(await store.due(1)).toEqual([deadline('b', 1, at(4))]);
      });

      it('they are found by id, due or not, until they fire or are cancelled', async () => {
        expect(await store.openDeadlines(['c', 'a', 'none'])).toEqual([deadline('a', 1, at(5)), deadline('c', 1, at(9))]);
        await store.commit({ meta, deadlines: [{ op: 'cancel', id: 'c' }] });
        expect(await store.openDeadlines(['c'])).toEqual([]);
        expect(await store.openDeadlines([])).toEqual([]);
      });

      it('each fires once', async () => {
        const fire: UnitOfWork = { meta, deadlines: [{ op: 'fire', id: 'b', generation: 1 }] };
        expect(await store.commit(fire)).toMatchObject({ status: 'committed' });
        expect(await store.commit(fire)).toEqual({ status: 'stale', what: 'deadline b' });
        expect(await dueIds()).toEqual(['a']);
      });

      it('a deadline set again does not fire for its old generation', async () => {
        await store.commit(set(deadline('a', 2, at(5))));
        expect(await store.commit({ meta, deadlines: [{ op: 'fire', id: 'a', generation: 1 }] })).toMatchObject({ status: 'stale' });
        expect(await store.due(9)).toEqual([deadline('a', 2, at(5))]);
      });

      it('a deadline can fire and be set again in one unit', async () => {
        const again: UnitOfWork = {
          meta,
          deadlines: [{ op: 'fire', id: 'a', generation: 2 }, ...(set(deadline('a', 3, at(5))).deadlines ?? [])],
        };
        expect(await store.commit(again)).toMatchObject({ status: 'committed' });
        expect(await store.due(9)).toEqual([deadline('a', 3, at(5))]);
      });

      it('a deadline that fires twice in one unit is refused', async () => {
        const fire = { op: 'fire' as const, id: 'a', generation: 3 };
        const twice = Promise.resolve().then(() => store.commit({ meta, deadlines: [fire, fire] }));
        await expect(twice).rejects.toThrow('fires deadline a twice');
      });

      it('a cancelled deadline never fires, even if it is set in the same unit', async () => {
        await store.commit({ meta, deadlines: [{ op: 'cancel', id: 'a' }] });
        await store.commit({ meta, deadlines: [...(set(deadline('d', 1, at(1))).deadlines ?? []), { op: 'cancel', id: 'd' }] });
        expect(await dueIds()).toEqual([]);
      });

      it('a deadline that is set and cancelled concurrently never fires', async () => {
        const cancelled: UnitOfWork = { meta, deadlines: [{ op: 'cancel', id: 'f' }] };
        await Promise.all([store.commit(set(deadline('f', 1, at(1)))), store.commit(cancelled)]);
        expect(await dueIds()).toEqual([]);
      });

      it('a deadline fires with events of a new stream, for its own generation only', async () => {
        await store.commit({ ...append(newStream(), 'none'), ...set(deadline('e', 2, at(1))) });
        const fire = (generation: number): UnitOfWork => ({
          ...append(newStream(), 'none'),
          deadlines: [{ op: 'fire', id: 'e', generation }],
        });
        expect(await store.commit(fire(1))).toEqual({ status: 'stale', what: 'deadline e' });
        expect(await store.commit(fire(2))).toMatchObject({ status: 'committed' });
        expect(await dueIds()).toEqual([]);
      });
    });
  });
}
