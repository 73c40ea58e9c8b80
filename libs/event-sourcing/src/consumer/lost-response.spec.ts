import { MemoryLog } from '@orderloom/messaging';
import { MemoryStore } from '../memory/memory-store.js';
import { type EventStore, StoreUnavailable, type UnitOfWork } from '../store/store.js';
import { meta, until } from '../store/contract/contract-support.js';
import { Relay } from '../relay/relay.js';
import { AsyncProjection } from '../projections/async-projection.js';

/** A store whose second commit of a checkpoint is done and not answered; then another event comes. */
function losingAnAnswer(store: MemoryStore, put: (thing: string) => Promise<void>): EventStore {
  let checkpoints = 0;
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (name === 'commit')
        return async (unit: UnitOfWork) => {
          const outcome = await target.commit(unit);
          if (unit.checkpoint) checkpoints += 1;
          if (!unit.checkpoint || checkpoints !== 2) return outcome;
          await put('later');
          throw new StoreUnavailable(new Error('the answer got lost'));
        };
      return typeof value === 'function' ? (value as () => void).bind(target) : value;
    },
  });
}

const all = ['first', 'middle', 'later'].map((thing) => ({ thing }));

describe('a committed checkpoint whose confirmation was lost', () => {
  let memory: MemoryStore;
  let store: EventStore;
  const put = async (thing: string): Promise<void> => {
    await memory.commit({
      meta,
      appends: [{ stream: 'box-1', subject: '1', expected: 'any', events: [{ type: 'Put', data: { thing } }] }],
    });
  };

  beforeEach(async () => {
    memory = new MemoryStore();
    store = losingAnAnswer(memory, put);
    await put('first');
  });

  it('a projection reads it again and folds each event once', async () => {
    const things = { table: 'things', key: () => 'all' };
    const view = {
      ...things,
      evolve: (row: object | null, { data }: { data: object }) => ({ all: [...((row as { all: object[] } | null)?.all ?? []), data] }),
    };
    const follower = new AsyncProjection({ store, name: 'things', views: [view] });
    follower.start();
    await follower.caughtUp();
    await put('middle');
    await follower.caughtUp();
    await follower.stop();
    expect(await memory.row('things', 'all')).toEqual({ all });
  });

  it('the relay continues from it without halting', async () => {
    const log = new MemoryLog();
    await log.ensureTopics([{ topic: 'boxes', partitions: 1, config: {} }]);
    const relay = new Relay({ store, log, source: '/boxes', publications: [({ data }) => [{ topic: 'boxes', type: 'Put', data }]] });
    relay.start();
    await until(async () => log.records('boxes').length === 1);
    await put('middle');
    await until(async () => log.records('boxes').length === 3);
    await relay.stop();
    expect(log.records('boxes').map(({ value }) => JSON.parse(String(value)) as object)).toEqual(all);
    expect(relay.health()[0]?.halted).toBeUndefined();
  });
});
