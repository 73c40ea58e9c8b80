import { type Cursor, start } from '../../decider/event.js';
import type { EventStore } from '../store.js';
import { type MakeStore, meta, newStream, type StoreUnderTest, until } from './contract-support.js';

/** Contract of checkpoints, leases and the switch-over of rebuilt projections, for every store. */
export function describeCheckpoints(name: string, makeStore: MakeStore): void {
  describe(`checkpoints and leases in ${name}`, () => {
    let store: EventStore;
    let setNow: StoreUnderTest['setNow'];
    beforeAll(async () => ({ store, setNow } = await makeStore({})));
    afterAll(() => store.close());

    describe('a checkpoint', () => {
      const at = (transaction: string, position: string): Cursor => ({ transaction, position });

      it('it begins at the start and only moves forward, by transaction before position', async () => {
        const checkpoint = newStream();
        const move = (cursor: Cursor) => store.commit({ meta, checkpoint: { name: checkpoint, cursor } });
        expect(await store.checkpoint(checkpoint)).toEqual(start);
        expect(await move(at('9', '70'))).toMatchObject({ status: 'committed' });
        expect(await move(at('10', '7'))).toMatchObject({ status: 'committed' });
        for (const back of [at('10', '7'), at('10', '6'), at('9', '99')])
          expect(await move(back)).toEqual({ status: 'stale', what: `checkpoint ${checkpoint}` });
        expect(await store.checkpoint(checkpoint)).toEqual(at('10', '7'));
      });

      it('its rows are written with it or not at all', async () => {
        const checkpoint = newStream();
        const step = (n: number, cursor: Cursor) =>
          store.commit({
            meta,
            rows: [{ op: 'put', table: 'things', key: checkpoint, row: { n } }],
            checkpoint: { name: checkpoint, cursor },
          });
        await step(1, at('5', '5'));
        await step(2, at('5', '5'));
        expect(await store.row('things', checkpoint)).toEqual({ n: 1 });
      });

      it('it is reset with emptied tables under the newest lease only', async () => {
        const checkpoint = newStream();
        const rows = [{ op: 'put' as const, table: 'others', key: 'k', row: {} }];
        await store.commit({ meta, rows, checkpoint: { name: checkpoint, cursor: at('5', '5') } });
        const fence = (await store.lease(checkpoint, 'me', 60))?.fence;
        const restart = { checkpoint, tables: ['others'] };
        expect(await store.commit({ meta, restart: { ...restart, fence: '99' } })).toMatchObject({ status: 'stale' });
        expect(await store.commit({ meta, restart: { ...restart, fence } })).toMatchObject({ status: 'committed' });
        expect(await store.checkpoint(checkpoint)).toEqual(start);
        expect(await store.rows('others', {})).toEqual([]);
      });
    });

    describe('the switch to a rebuilt projection', () => {
      const at = (transaction: string): Cursor => ({ transaction, position: '1' });
      const put = (table: string, key: string, n: number) => ({ op: 'put' as const, table, key, row: { n } });
      const rowsOf = async (table: string) => store.rows(table, {});

      /** The live view has rows a and b up to 5; beside it c, and another b, are built up to `built`. */
      const views = async (built: string) => {
        const [live, next] = [newStream(), newStream()];
        const old = ['others', 'others_next'].map((table) => ({ checkpoint: newStream(), tables: [table] }));
        for (const restart of old) await store.commit({ meta, restart });
        await store.commit({ meta, rows: [put('others', 'a', 1), put('others', 'b', 1)], checkpoint: { name: live, cursor: at('5') } });
        const rows = [put('others_next', 'b', 2), put('others_next', 'c', 2)];
        await store.commit({ meta, rows, checkpoint: { name: next, cursor: at(built) } });
        const fenced = async (of: string) => ({ name: of, fence: (await store.lease(of, 'me', 60))?.fence });
        return { live: await fenced(live), next: await fenced(next), tables: ['others'] };
      };

      it.each(['5', '6'])('rows and checkpoint are moved and nothing is left behind: built up to %s', async (built) => {
        const switchOver = await views(built);
        expect(await store.commit({ meta, switchOver })).toMatchObject({ status: 'committed' });
        expect(await rowsOf('others')).toEqual([{ n: 2 }, { n: 2 }]);
        expect(await store.row('others', 'a')).toBeNull();
        expect(await rowsOf('others_next')).toEqual([]);
        expect(await store.checkpoint(switchOver.live.name)).toEqual(at(built));
        expect(await store.checkpoint(switchOver.next.name)).toEqual(start);
      });

      it('it is refused if it leads back or one of the leases is not held', async () => {
        const refused = async (switchOver: Awaited<ReturnType<typeof views>>, what: string): Promise<void> => {
          expect(await store.commit({ meta, switchOver })).toEqual({ status: 'stale', what });
          expect(await rowsOf('others')).toEqual([{ n: 1 }, { n: 1 }]);
          expect(await store.checkpoint(switchOver.live.name)).toEqual(at('5'));
        };
        const behind = await views('4');
        await refused(behind, `checkpoint ${behind.live.name}`);
        for (const which of ['live', 'next'] as const) {
          const views6 = await views('6');
          await refused({ ...views6, [which]: { ...views6[which], fence: '99' } }, `lease ${views6[which].name}`);
        }
      });

      it('concurrent writes of others in the tables before it are discarded', async () => {
        const switchOver = await views('6');
        const puts = ['d', 'e', 'f', 'g'].map((key) => store.commit({ meta, rows: [put('others', key, 1)] }));
        await Promise.all([...puts, store.commit({ meta, switchOver })]);
        expect(await rowsOf('others')).toEqual([{ n: 2 }, { n: 2 }]);
      });

      it('the switch of an empty history succeeds', async () => {
        const { live, next, tables } = { live: { name: newStream() }, next: { name: newStream() }, tables: ['others'] };
        expect(await store.commit({ meta, switchOver: { live, next, tables } })).toMatchObject({ status: 'committed' });
        expect(await store.checkpoint(live.name)).toEqual(start);
      });
    });

    describe('a lease', () => {
      it('it belongs to one owner until it is returned, and its number grows with each holder', async () => {
        const lease = newStream();
        const first = await store.lease(lease, 'a', 60);
        expect(await store.lease(lease, 'b', 60)).toBeNull();
        expect(await store.lease(lease, 'a', 60)).toEqual(first);
        await store.lease(lease, 'a', 0);
        await until(async () => (await store.lease(lease, 'b', 60)) !== null);
        const second = await store.lease(lease, 'b', 60);
        expect(BigInt(second?.fence ?? 0)).toBeGreaterThan(BigInt(first?.fence ?? 0));
        expect(await store.lease(lease, 'a', 60)).toBeNull();
      });

      it('it does not depend on the settable clock', async () => {
        const lease = newStream();
        await store.lease(lease, 'a', 60);
        await setNow('2040-01-01T00:00:00.000000Z');
        expect(await store.lease(lease, 'b', 60)).toBeNull();
      });

      it('after a takeover the old holder moves no checkpoint', async () => {
        const lease = newStream();
        const old = (await store.lease(lease, 'a', 0))?.fence;
        await until(async () => (await store.lease(lease, 'b', 60)) !== null);
        const cursor = { transaction: '7', position: '7' };
        expect(await store.commit({ meta, checkpoint: { name: lease, cursor, fence: old } })).toEqual({
          status: 'stale',
          what: `lease ${lease}`,
        });
        const held = (await store.lease(lease, 'b', 60))?.fence;
        expect(await store.commit({ meta, checkpoint: { name: lease, cursor, fence: held } })).toMatchObject({ status: 'committed' });
      });
    });
  });
}
