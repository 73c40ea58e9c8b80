import { jest } from '@jest/globals';
import { encode } from '@orderloom/messaging';
import { Boxes } from '../support/boxes.js';
import { eventually } from '../support/eventually.js';
import { ConsumerGroup } from '../support/hearers.js';
import { describeOnKafka } from '../support/kafka/on-kafka.js';
import { endProcesses } from '../support/test-process.js';

jest.setTimeout(120_000);

const source = '/orderloom/boxes';
let boxes: Boxes;
let group: ConsumerGroup;
let said = 0;

beforeAll(async () => {
  boxes = await Boxes.open('versions');
  group = await ConsumerGroup.of(boxes, 'versions');
});
afterAll(async () => {
  await endProcesses();
  await group.store.close();
  await boxes.close();
});

/** Says something of a box in this version of its contract. */
async function say(subject: string, typeVersion: number, data: object, type = 'ThingPut'): Promise<void> {
  said += 1;
  const event = { id: `said-${said}`, source, type, typeVersion, subject, time: '2010-12-03T09:00:00.000000Z', streamVersion: said, data };
  await boxes.log.publish([{ topic: boxes.topic, key: subject, ...encode(event) }]);
}

/** Messages consumed about a box, in order. */
async function consumed(subject: string): Promise<object[]> {
  const { rows } = await group.store.pool.query<{ data: object }>(
    "select jsonb_build_object('version', data->'typeVersion', 'data', data->'data') as data from events where subject = $1 order by version",
    [subject],
  );
  return rows.map(({ data }) => data);
}

const parked = async () => (await group.store.rows<{ key?: string; state: string }>('parked', {})).filter(({ key }) => key);

describeOnKafka('fault 28: a rolling deployment with old and new event versions', () => {
  it('old readers keep unknown fields, skip unknown types, and park a future version with its key (I3)', async () => {
    const old = await group.member({ maxVersion: 1 });
    await say('a', 1, { thing: 'cup', colour: 'new here' });
    await say('a', 9, { lid: true }, 'LidClosed');
    await say('a', 1, { thing: 'saucer' });
    await say('b', 1, { thing: 'cup' });
    await say('b', 2, { things: ['spoon'] });
    await say('b', 1, { thing: 'plate' });
    await say('c', 1, { thing: 'cup' });
    await eventually('all is read', async () => (await group.lag()) === 0);
    expect(await consumed('a')).toEqual([
      { version: 1, data: { thing: 'cup', colour: 'new here' } },
      { version: 1, data: { thing: 'saucer' } },
    ]);
    expect(await consumed('b')).toEqual([{ version: 1, data: { thing: 'cup' } }]);
    expect(await consumed('c')).toEqual([{ version: 1, data: { thing: 'cup' } }]);
    expect((await parked()).map(({ key, state }) => `${key} ${state}`)).toEqual(['b parked', 'b queued']);
    await old.stop();
  });

  it('new readers redrive parked records automatically in order, and read records of old writers (I3, I7)', async () => {
    await group.member({ maxVersion: 2 });
    await say('b', 1, { thing: 'fork' });
    await eventually('all messages are consumed', async () => (await consumed('b')).length === 4);
    expect(await consumed('b')).toEqual([
      { version: 1, data: { thing: 'cup' } },
      { version: 2, data: { things: ['spoon'] } },
      { version: 1, data: { thing: 'plate' } },
      { version: 1, data: { thing: 'fork' } },
    ]);
    expect(await parked()).toEqual([]);
  });
});
