import { fromMicros, type Instant, micros } from '@orderloom/kernel';
import { compareCursors, type Cursor, type RecordedEvent, start } from '../../decider/event.js';
import { shardHash } from '../recording/prepare-events.js';
import type { EventStore } from '../store.js';
import { append, someEvents, type MakeStore, meta, newStream, readAll, type StoreUnderTest } from './contract-support.js';

/** Contract of the global order and of recording times, for every store. */
export function describeOrder(name: string, makeStore: MakeStore): void {
  describe(`order in ${name}`, () => {
    let store: EventStore;
    let setNow: StoreUnderTest['setNow'];
    let openWriter: StoreUnderTest['openWriter'];
    const jumps: Instant[] = [];
    beforeAll(async () => ({ store, setNow, openWriter } = await makeStore({ onClockJump: (j) => jumps.push(j.causedAt) })));
    afterAll(() => store.close());

    const after = (at: Cursor): Promise<readonly RecordedEvent[]> => readAll(store, at);
    const end = async (): Promise<Cursor> => (await after(start)).at(-1)?.cursor ?? start;
    const streamsAfter = async (at: Cursor): Promise<string[]> => (await after(at)).map((e) => e.stream);

    describe('a reader', () => {
      it('it gets events in the order of their cursors, in pages, each once', async () => {
        const [from, a, b] = [await end(), newStream(), newStream()];
        for (const s of [a, b, a]) await store.commit(append(s, 'any', someEvents(2)));
        const all = await after(from);
        expect(all.map((e) => [e.stream, e.version])).toEqual([a, a, b, b, a, a].map((s, i) => [s, [1, 2, 1, 2, 3, 4][i]]));
        const steps = all.slice(1).map((e, i) => compareCursors((all[i] as RecordedEvent).cursor, e.cursor));
        expect(new Set(steps)).toEqual(new Set([-1]));
        const paged: RecordedEvent[] = [];
        for (let at = from; ; at = (paged.at(-1) as RecordedEvent).cursor) {
          const page = await store.read(at, 4);
          if (page.length === 0) break;
          paged.push(...page);
        }
        expect(paged).toEqual(all);
      });

      it('it never passes an open transaction, and loses nothing when a later one commits first', async () => {
        const [from, early, late] = [await end(), newStream(), newStream()];
        const first = await openWriter();
        await first.write(append(early));
        await store.commit(append(late));
        expect(await store.read(from, 1000)).toEqual([]);
        await first.commit();
        expect(await streamsAfter(from)).toEqual([early, late]);
      });

      it('the gap of a rolled back append does not stop it', async () => {
        const [from, gone, kept] = [await end(), newStream(), newStream()];
        const first = await openWriter();
        await first.write(append(gone));
        await store.commit(append(kept));
        await first.rollback();
        expect(await streamsAfter(from)).toEqual([kept]);
      });

      it('a shard gets its events, and all shards together get every event', async () => {
        const from = await end();
        for (let i = 0; i < 12; i += 1) await store.commit(append(newStream()));
        const parts = await Promise.all([0, 1, 2].map((index) => readAll(store, from, { index, of: 3 })));
        parts.forEach((part, index) => expect(part.filter((e) => shardHash(e.subject) % 3 !== index)).toEqual([]));
        expect(parts.flat().length).toBe(12);
      });
    });

    it('it is told what an open transaction holds back, by shard', async () => {
      const from = await end();
      const s = newStream();
      const shard = { index: shardHash(s) % 2, of: 2 };
      const other = { index: 1 - shard.index, of: 2 };
      const held = async () => Promise.all([store.heldBack(from), store.heldBack(from, shard), store.heldBack(from, other)]);
      const early = await openWriter();
      expect(await held()).toEqual([false, false, false]);
      await store.commit(append(s));
      expect(await store.read(from, 10)).toEqual([]);
      expect(await held()).toEqual([true, true, false]);
      await early.rollback();
      const [event] = await after(from);
      expect(event?.stream).toBe(s);
      expect(await store.heldBack(event?.cursor ?? from)).toBe(false);
    });

    it('a transaction older than the last one of a stream conflicts, since it would invert its events', async () => {
      const s = newStream();
      const early = await openWriter();
      await store.commit(append(s));
      const outcome = await early.write(append(s));
      await early.rollback();
      expect(outcome).toMatchObject({ status: 'conflict', stream: s });
      expect((await store.load(s)).version).toBe(1);
    });

    it('one of several writers of one version wins', async () => {
      const s = newStream();
      for (let version = 0; version < 5; version += 1) {
        const outcomes = await Promise.all(Array.from({ length: 8 }, () => store.commit(append(s, version))));
        expect(outcomes.filter((o) => o.status === 'committed').length).toBe(1);
        expect(outcomes.filter((o) => o.status === 'conflict').length).toBe(7);
      }
      expect((await store.load(s)).events.map((e) => e.version)).toEqual([1, 2, 3, 4, 5]);
    });

    it('listeners are notified of a commit', async () => {
      let heard: () => void = () => undefined;
      const rung = new Promise<void>((resolve) => (heard = resolve));
      const off = store.onCommit(() => heard());
      await store.commit(append(newStream()));
      await rung;
      off();
    });

    describe('the time `recordedAt`', () => {
      const now = '2010-12-01T09:00:00.000000Z';
      const plus = (at: Instant, by: number): Instant => fromMicros(micros(at) + BigInt(by));
      const recorded = async (stream: string): Promise<Instant[]> => (await store.load(stream)).events.map((e) => e.recordedAt);
      const hour = 3_600_000_000;

      it("it is a microsecond later than the cause's, and each further event one more", async () => {
        await setNow(now);
        const [s, causedAt] = [newStream(), plus(now, 24 * hour)];
        await store.commit({ ...append(s, 'none', someEvents(3)), meta: { ...meta, causedAt } });
        expect(await recorded(s)).toEqual([1, 2, 3].map((n) => plus(causedAt, n)));
      });

      it('it follows the clock if the cause is earlier', async () => {
        await setNow(now);
        const s = newStream();
        await store.commit({ ...append(s), meta: { ...meta, causedAt: plus(now, -hour) } });
        const at = (await recorded(s))[0] ?? '';
        expect(at >= now && at < plus(now, hour)).toBe(true);
      });

      it('it never goes back within a stream, even if the clock does', async () => {
        const s = newStream();
        await setNow(plus(now, hour));
        await store.commit(append(s));
        await setNow(now);
        await store.commit(append(s, 'any', someEvents(2)));
        const [first, ...rest] = await recorded(s);
        expect(rest).toEqual([plus(first ?? '', 1), plus(first ?? '', 2)]);
      });

      it('it does not follow a cause more than 25 hours ahead, which is reported', async () => {
        await setNow(now);
        const [s, causedAt] = [newStream(), plus(now, 26 * hour)];
        await store.commit({ ...append(s), meta: { ...meta, causedAt } });
        expect(((await recorded(s))[0] ?? '') < plus(now, hour)).toBe(true);
        expect(jumps).toEqual([causedAt]);
      });

      it('it is the time that loads return', async () => {
        await setNow(now);
        expect((await store.load('none-such')).now.slice(0, 16)).toBe(now.slice(0, 16));
        expect((await store.now()).slice(0, 16)).toBe(now.slice(0, 16));
      });
    });
  });
}
