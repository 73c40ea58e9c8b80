import { MemoryLog } from '@orderloom/messaging';
import { audit } from '../audit/audit-snapshot.js';
import { DiscardedAfterRestore } from '../audit/checks.js';
import { withSnapshot } from '../audit/postgres-snapshot.js';
import { publishedEventIds } from '../audit/publication-check.js';
import { append, until } from '../store/contract/contract-support.js';
import { Consumer } from '../consumer/consumer.js';
import { Relay } from '../relay/relay.js';
import { openTestStore } from '../postgres/postgres.fixture.js';
import type { PostgresStore } from '../postgres/postgres-store.js';
import { divergence, divergences } from './divergence.js';
import { discardRanges, DiscardedRanges } from './discarded-ranges.js';

const [topic, source] = ['boxes', '/orderloom/boxes'];
const what = { reason: 'restored', by: 'ann' };
let store: PostgresStore;
let log: MemoryLog;

beforeEach(async () => {
  store = await openTestStore('diverged');
  log = new MemoryLog();
  await log.ensureTopics([{ topic, partitions: 2, config: {} }]);
  for (const stream of ['a', 'b', 'a', 'c']) await store.commit(append(stream));
  await publish();
});
afterEach(() => store.close());

async function publish(): Promise<void> {
  const relay = new Relay({ store, log, source, publications: [({ type, data }) => [{ topic, type, data }]] });
  relay.start();
  await until(async () => {
    const cursor = await store.checkpoint('relay/0-of-1');
    // a transaction of another spec holds back what is not published yet
    return (await store.read(cursor, 1)).length === 0 && !(await store.heldBack(cursor));
  });
  await relay.stop();
}

/** The store as a dump had it before the last events of these streams; their ids. */
async function restoredBefore(...streams: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const stream of streams) {
    const { version, events } = await store.load(stream);
    ids.push(events.at(-1)?.id ?? '');
    await store.pool.query('delete from events where stream = $1 and version = $2', [stream, version]);
  }
  return ids;
}
const found = async (): Promise<string | undefined> => (await divergence(store, log, source, [topic]))?.id;
const unknown = async (): Promise<string[]> => (await divergences(store, log, source, [topic])).unknown.map(({ id }) => id);
const accept = async (): Promise<void> => discardRanges(store, (await divergences(store, log, source, [topic])).given, what);

describe('a store and the topics of its service', () => {
  it('they agree if the store has the last record of each partition', async () => {
    expect([await found(), await unknown()]).toEqual([undefined, []]);
  });

  it('they diverge if the store lacks a record', async () => {
    const [id] = await restoredBefore('c');
    expect([await found(), await unknown()]).toEqual([id, [id]]);
    expect(await divergence(store, log, source, [topic])).toMatchObject({ topic, type: 'ThingHappened', subject: 'c', by: 'tester' });
  });

  it.each<[string, Record<string, string>]>([
    ['no place in a stream', {}],
    ['no stream there can be', { ce_stream: 'a\0', ce_streamversion: '1' }],
    ['no version there can be', { ce_stream: 'a', ce_streamversion: '99999999999' }],
  ])('diverge where a record in its name has %s', async (_, place) => {
    const headers = { ce_specversion: '1.0', ce_id: 'x', ce_source: source, ce_type: 'ThingHappened', ...place };
    await log.publish([{ topic, key: 'a', headers, value: Buffer.from('{}') }]);
    expect([await found(), await unknown()]).toEqual(['x', ['x']]);
  });

  it('they diverge even if other services have published after it', async () => {
    const [id] = await restoredBefore('c');
    const headers = { ce_source: '/stranger', ce_id: 'x' };
    await log.publish(['a', 'b', 'c', 'd'].map((key) => ({ topic, key, headers, value: Buffer.from('{}') })));
    expect(await found()).toBe(id);
  });

  it('they diverge if the store has recorded another event in the same place', async () => {
    const [id] = await restoredBefore('c');
    await store.commit(append('c'));
    expect((await store.load('c')).events[0]?.id).toBe(id);
    expect([await found(), await unknown()]).toEqual([id, [id]]);
  });

  it('they diverge even if the service has published nothing that the store has', async () => {
    const ids = await restoredBefore('a', 'a', 'b', 'c');
    expect([...(await unknown())].sort()).toEqual([...ids].sort());
    expect(ids).toContain(await found());
  });
});

describe('discarded ranges', () => {
  it('they end the divergence, and later events of the service count', async () => {
    const [a, c] = await restoredBefore('a', 'c');
    await accept();
    expect([await found(), await unknown()]).toEqual([undefined, []]);
    for (const stream of ['a', 'c']) await store.commit(append(stream));
    await publish();
    expect([await found(), await unknown()]).toEqual([undefined, []]);
    const heard = await publishedEventIds(log, source, [topic], await DiscardedRanges.of(store));
    expect([heard.size, heard.has(a ?? ''), heard.has(c ?? '')]).toEqual([4, true, true]);
  });

  it('they do not count for the audit, which reports them', async () => {
    const [id = ''] = await restoredBefore('c');
    await accept();
    expect(await publishedEventIds(log, source, [topic], await DiscardedRanges.of(store))).not.toContain(id);
    const findings = await withSnapshot(store.pool, (facts) => audit(facts, [new DiscardedAfterRestore(source)]));
    expect(findings).toEqual([{ invariant: 'I2', summary: '1 offsets of 1 partitions are discarded', violations: [] }]);
  });

  it('consumers ignore their records, and handle later ones and those of others', async () => {
    const [id] = await restoredBefore('c');
    await log.publish([{ topic, key: 'c', headers: { ...json, ce_id: 'x', ce_source: '/stranger' }, value: Buffer.from('{}') }]);
    await accept();
    await store.commit(append('c'));
    await publish();
    const heard: string[] = [];
    const handle = async (message: { source: string; id: string }): Promise<void> => void heard.push(`${message.source} ${message.id}`);
    const consumer = new Consumer({
      store,
      log,
      group: 'g',
      subscriptions: [{ topic, type: 'ThingHappened', parse: (data) => data, handle }],
    });
    await consumer.start((error) => expect(error).toBeUndefined());
    await log.idle();
    await consumer.stop();
    expect(heard.filter((one) => one.endsWith(` ${id}`) || one.startsWith('/stranger'))).toEqual(['/stranger x', `${source} ${id}`]);
    expect(heard).toHaveLength(5);
  });
});

const json = { ce_specversion: '1.0', ce_type: 'ThingHappened', ce_time: '2010-12-01T09:00:00Z', 'content-type': 'application/json' };
