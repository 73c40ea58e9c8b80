import type { EventStore, UnitOfWork } from '../store.js';
import { append, type MakeStore, meta, newStream } from './contract-support.js';

/** Contract of inbox entries, for every store. */
export function describeInbox(name: string, makeStore: MakeStore): void {
  describe(`a message in ${name}`, () => {
    let store: EventStore;
    beforeAll(async () => ({ store } = await makeStore({})));
    afterAll(() => store.close());

    it('it has one effect per consumer', async () => {
      const s = newStream();
      const handled = (consumer: string): UnitOfWork => ({ ...append(s), inbox: { consumer, message: s } });
      expect(await store.commit(handled('a'))).toMatchObject({ status: 'committed' });
      expect(await store.commit(handled('a'))).toEqual({ status: 'duplicate' });
      expect(await store.commit(handled('b'))).toMatchObject({ status: 'committed' });
      expect((await store.load(s)).version).toBe(2);
    });

    it('received again it is a duplicate even if the stream has moved on', async () => {
      const s = newStream();
      const once = { ...append(s, 'none'), inbox: { consumer: 'a', message: s } };
      await store.commit(once);
      expect(await store.commit(once)).toEqual({ status: 'duplicate' });
    });

    it('an id that another message had is a duplicate, but does not count as handled', async () => {
      const inbox = { consumer: 'a', message: newStream() };
      await store.commit({ meta, inbox: { ...inbox, about: 'x' } });
      expect(await store.commit({ meta, inbox: { ...inbox, about: 'y' } })).toEqual({ status: 'duplicate' });
      const handled = [{ ...inbox, about: 'x' }, { ...inbox, about: 'y' }, inbox].map((one) => store.handled(one));
      expect(await Promise.all(handled)).toEqual([true, false, true]);
      const unsaid = { consumer: 'a', message: newStream() };
      await store.commit({ meta, inbox: unsaid });
      expect(await store.handled({ ...unsaid, about: 'x' })).toBe(true);
    });

    it('after the commit its consumer, and no other, finds it handled', async () => {
      const [message, failed] = [newStream(), newStream()];
      await store.commit({ meta, inbox: { consumer: 'a', message } });
      await store.commit({ ...append(newStream(), 'some'), inbox: { consumer: 'a', message: failed } });
      const asked = [
        { consumer: 'a', message },
        { consumer: 'b', message },
        { consumer: 'a', message: failed },
        { consumer: 'a', message: 'never\0' },
      ];
      expect(await Promise.all(asked.map((inbox) => store.handled(inbox)))).toEqual([true, false, false, false]);
    });
  });
}
