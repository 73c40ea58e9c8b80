import { jest } from '@jest/globals';
import { MemoryLog } from '@orderloom/messaging';
import { append, until } from '../store/contract/contract-support.js';
import { Relay } from '../relay/relay.js';
import { openTestStore } from '../postgres/postgres.fixture.js';
import type { PostgresStore } from '../postgres/postgres-store.js';
import { republish } from './republish.js';

const topic = 'boxes';
let store: PostgresStore;
let log: MemoryLog;
let relay: Relay;
const begin = (): void => {
  relay = new Relay({ store, log, source: '/boxes', publications: [({ type, data }) => [{ topic, type, data }]] });
  relay.start();
};
const said = (): string[] => log.records(topic).map(({ key }) => key ?? '');

beforeEach(async () => {
  store = await openTestStore('republish');
  log = new MemoryLog();
  await log.ensureTopics([{ topic, partitions: 1, config: {} }]);
  begin();
  for (const stream of ['a', 'b', 'c']) await store.commit(append(stream));
  await until(() => said().length === 3);
});
afterEach(async () => {
  await relay.stop();
  await store.close();
});

describe('the republication of events', () => {
  it('events since the given time are published again in order, and then the relay continues', async () => {
    await relay.stop();
    const since = (await store.load('b')).events[0]?.recordedAt ?? '';
    expect(await republish(store, since)).toBe(2);
    begin();
    await until(() => said().length === 5);
    await store.commit(append('d'));
    await until(() => said().length === 6);
    expect(said()).toEqual(['a', 'b', 'c', 'b', 'c', 'd']);
  });

  it('it may begin with the first event, and is empty without events', async () => {
    await relay.stop();
    expect(await republish(store, '2999-01-01T00:00:00.000000Z')).toBe(0);
    expect(await republish(store, '2000-01-01T00:00:00.000000Z')).toBe(3);
    begin();
    await until(() => said().length === 6);
    expect(said()).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
  });

  it('it does not skip events if the relay is behind the given time', async () => {
    await relay.stop();
    for (const stream of ['d', 'e']) await store.commit(append(stream));
    const since = (await store.load('e')).events[0]?.recordedAt ?? '';
    expect(await republish(store, since)).toBe(1);
    begin();
    await until(() => said().length === 5);
    expect(said()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('it is refused while the relay publishes its first events', async () => {
    const other = await openTestStore('republish_first');
    const slow = new MemoryLog();
    await slow.ensureTopics([{ topic, partitions: 1, config: {} }]);
    let acknowledge = (): void => undefined;
    const acknowledged = new Promise<void>((resolve) => (acknowledge = resolve));
    const publish = jest.spyOn(slow, 'publish').mockReturnValue(acknowledged);
    const first = new Relay({ store: other, log: slow, source: '/boxes', publications: [({ type, data }) => [{ topic, type, data }]] });
    first.start();
    await other.commit(append('a'));
    await until(() => publish.mock.calls.length === 1);
    await expect(republish(other, '2000-01-01T00:00:00.000000Z')).rejects.toMatchObject({ code: 'relay-runs' });
    acknowledge();
    await first.stop();
    await other.close();
  });

  it('it is refused while the relay is running', async () => {
    await expect(republish(store, '2000-01-01T00:00:00.000000Z')).rejects.toMatchObject({ code: 'relay-runs' });
    await store.commit(append('d'));
    await until(() => said().length === 4);
    expect(said()).toEqual(['a', 'b', 'c', 'd']);
  });
});
