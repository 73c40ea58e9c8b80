import { MemoryStore } from '../memory/memory-store.js';
import type { EventStore } from '../store/store.js';
import type { Decider, WithContext } from './decider.js';
import type { Fact } from './event.js';
import { execute } from './execute.js';

interface Limit {
  readonly version: string;
  readonly limit: number;
}
type Put = WithContext<{ type: 'Put' }>;
type WasPut = Fact<'WasPut', { limit: number }>;

/** A decider for tests: what is put is recorded with the limit in force. */
const shelf: Decider<null, Put, WasPut, Limit> = {
  name: 'shelf',
  initial: null,
  evolve: () => null,
  decide: (_command, _state, settings: Limit = { version: 'defaults', limit: 0 }) => [{ type: 'WasPut', data: { limit: settings.limit } }],
  rules: { WasPut: 'BOX-01' },
};

describe('the settings of a decision (CS-02)', () => {
  const now = '2026-06-01T09:00:00.000000Z';
  const put = async (settings?: (subject: string, at: string) => Limit) => {
    const store = new MemoryStore();
    store.setNow(now);
    const decidingBy: EventStore = settings
      ? Object.assign(store, { settings: async (subject: string, at: string) => settings(subject, at) })
      : store;
    const { events } = await execute(decidingBy, { decider: shelf, id: 'shop-cn:1', command: { type: 'Put' }, meta: { by: 'ann' } });
    return events[0];
  };

  it('they are those in force for the subject at the time of the load, and their version stamps the events', async () => {
    const asked: string[] = [];
    const event = await put((subject, at) => (asked.push(subject, at), { version: 'settings-3', limit: 7 }));
    expect(event).toMatchObject({ data: { limit: 7 }, policyVersion: 'settings-3' });
    expect(asked).toEqual(['shop-cn:1', now]);
  });

  it('without settings in the store the decider uses its defaults', async () => {
    expect(await put()).toMatchObject({ data: { limit: 0 } });
    expect((await put())?.policyVersion).toBeUndefined();
  });
});
