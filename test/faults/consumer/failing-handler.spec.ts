import { jest } from '@jest/globals';
import { Relay } from '@orderloom/event-sourcing';
import { box } from '../../../libs/event-sourcing/src/decider/box.fixture.js';
import { publicationsTo, source } from '../support/kafka/box-wire.js';
import { Boxes, named } from '../support/boxes.js';
import { eventually } from '../support/eventually.js';
import { ConsumerGroup } from '../support/hearers.js';
import { describeOnKafka } from '../support/kafka/on-kafka.js';
import { endProcesses, type Message, type TestProcess } from '../support/test-process.js';

jest.setTimeout(120_000);

const keys = named('a', 6);
const failing = 'a3';
let boxes: Boxes;
let relay: Relay;
let group: ConsumerGroup;

beforeAll(async () => {
  boxes = await Boxes.open('failing');
  const { store, log, topic } = boxes;
  relay = new Relay({ store, log, source, publications: publicationsTo(topic), deciders: [box] });
  relay.start();
  await boxes.fill(keys, named('thing', 3));
  await boxes.published();
});
beforeEach(async () => void (group = await ConsumerGroup.of(boxes, `failing${Date.now()}`)));
afterEach(async () => {
  await endProcesses();
  await group.store.close();
});
afterAll(async () => {
  await relay.stop();
  await boxes.close();
});

const tried = ({ messages }: TestProcess): Message[] => messages.filter(({ event, subject }) => event === 'tries' && subject === failing);

/** Milliseconds between the first tries of the key that fails. */
const rests = (member: TestProcess, tries: number): number[] =>
  tried(member)
    .slice(0, tries)
    .map(({ at }, i, all) => Number(at) - Number(all[i - 1]?.at))
    .slice(1);

const parked = async (): Promise<{ state: string; key: string; reason: string }[]> =>
  (await group.store.rows<{ state: string; key: string; reason: string }>('parked', { group: group.group })).filter(({ key }) => key);

describeOnKafka('fault 21: a handler fails n times, then succeeds', () => {
  it('the message is retried with back-off while other keys continue, and has one effect in order (I3, I4)', async () => {
    const member = await group.member({ failing, failures: 4 });
    await group.caughtUp();
    const [first, second, third, fourth] = rests(member, 5);
    for (const [rest, at] of [
      [first, 100],
      [second, 200],
      [third, 400],
      [fourth, 800],
    ] as const)
      expect(rest).toBeGreaterThanOrEqual(at - 2);
    expect(
      new Set(
        tried(member)
          .slice(0, 5)
          .map(({ id }) => id),
      ).size,
    ).toBe(1);
    const others = member.messages.filter(
      ({ event, subject, at }) => event === 'tries' && subject !== failing && Number(at) < Number(tried(member)[4]?.at),
    );
    expect(others).toHaveLength(15);
    expect(await group.broken()).toEqual([]);
    expect(await parked()).toEqual([]);
  });

  it('after five attempts its key is parked, and a process that can handle it redrives all records in order (I3, I4, I11)', async () => {
    const member = await group.member({ failing, failures: 1000 });
    await eventually('the whole key waits', async () => (await parked()).length === 3 && (await group.lag()) === 0);
    expect(tried(member)).toHaveLength(5);
    expect(await parked()).toMatchObject([
      { state: 'parked', key: failing, reason: 'Error: the handler fails' },
      { state: 'queued', key: failing },
      { state: 'queued', key: failing },
    ]);
    expect(await group.effects()).toBe(15);
    await member.stop();

    await group.member();
    await group.caughtUp();
    expect(await group.broken()).toEqual([]);
    expect(await parked()).toEqual([]);
  });
});
