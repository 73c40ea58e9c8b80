import type { Timers } from '@orderloom/kernel';
import { append, until } from '../store/contract/contract-support.js';
import { MemoryStore } from '../memory/memory-store.js';
import { FakeLog } from '../consumer/fake-log.fixture.js';
import { LeasedReader } from './leased-reader.js';
import { Relay } from './relay.js';

/** A store whose leases end when the test says so, and on which nothing wakes by itself. */
class SleepyStore extends MemoryStore {
  readonly timers: Timers;
  readonly leasesEnd: () => void;
  wake: () => void = () => undefined;

  constructor() {
    let now = 0;
    const timers: Timers = {
      now: () => now,
      delay: (_: number, signal?: AbortSignal) => new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve())),
      every: () => () => undefined,
      random: () => 0,
    };
    super({ timers });
    this.timers = timers;
    this.leasesEnd = () => (now += 60_000);
  }

  override onCommit(listener: () => void): () => void {
    this.wake = listener;
    return () => undefined;
  }
}

describe('a reader that regains its lease after another one held it', () => {
  const name = 'relay/0-of-1';
  let store: SleepyStore;
  let read: string[];
  const reader = (owner: string): LeasedReader =>
    new LeasedReader({
      ...{ store, name, owner },
      handle: async (events) => {
        read.push(...events.map(({ version }) => `${owner} ${version}`));
        return {};
      },
    });
  /** Another process takes the lease over, and handles one more event. */
  const another = async (): Promise<void> => {
    store.leasesEnd();
    await store.commit(append('a'));
    await reader('two').step();
    store.leasesEnd();
    await store.commit(append('a'));
  };
  beforeEach(async () => {
    [store, read] = [new SleepyStore(), []];
    await store.commit(append('a'));
  });

  it("it continues after the other's work and handles nothing twice", async () => {
    const one = reader('one');
    await one.step();
    await another();
    await one.step();
    expect(read).toEqual(['one 1', 'two 2', 'one 3']);
  });

  it("a relay continues, and the other's events are no gap", async () => {
    const log = new FakeLog();
    const relay = new Relay({
      ...{ store, log, source: '/orderloom/test', owner: 'one' },
      publications: [({ type, data }) => [{ topic: 't', type, data }]],
    });
    relay.start();
    await until(async () => (await store.checkpoint(name)).position === '1');
    await until(() => relay.work().idle);
    await another();
    store.wake();
    await until(() => log.published.length === 2 || relay.health()[0]?.halted !== undefined);
    await relay.stop();
    expect(relay.health()[0]?.halted).toBeUndefined();
    expect([read, log.messages().map(({ streamVersion }) => streamVersion)]).toEqual([['two 2'], [1, 3]]);
  });
});
