import type { OffsetsByTopicPartition } from 'kafkajs';
import { type AssignedBatch, GroupOffsets } from './group-offsets.js';

/** Commits sent to the brokers, each as `partition:offset`. */
let told: string[];
/** Results of the next commits; successful once the list is empty. */
let answers: (() => Promise<void>)[];
let offsets: GroupOffsets;

beforeEach(() => {
  [told, answers, offsets] = [[], [], new GroupOffsets()];
});

const commitOffsetsIfNecessary = async ({ topics }: OffsetsByTopicPartition = { topics: [] }): Promise<void> => {
  told.push(topics.flatMap(({ partitions }) => partitions.map(({ partition, offset }) => `${partition}:${offset}`)).join(' '));
  await answers.shift()?.();
};
const away = async (): Promise<void> => {
  throw new Error('the broker is away');
};
const batch = (partition: number, first = 0): AssignedBatch => ({
  batch: { topic: 't', partition, firstOffset: () => String(first) },
  commitOffsetsIfNecessary,
});

describe('the offsets of a group', () => {
  it('all partitions are committed together, each with its last offset', async () => {
    await offsets.markHandled(batch(0), 10);
    await offsets.markHandled(batch(1), 5);
    await offsets.markHandled(batch(0), 20);
    await offsets.flush();
    expect(told).toEqual(['0:20 1:5']);
  });

  it('offsets handled before a rebalance are not committed after it (I9)', async () => {
    await offsets.markHandled(batch(0), 10);
    offsets.onJoined();
    await offsets.close();
    expect(told).toEqual([]);
  });

  it('a failed commit is repeated with later offsets', async () => {
    answers = [() => offsets.markHandled(batch(0), 20).then(away)];
    await offsets.markHandled(batch(0), 10);
    await offsets.markHandled(batch(1), 5);
    await offsets.flush();
    await offsets.flush();
    expect(told).toEqual(['0:10 1:5', '0:20 1:5']);
  });

  it('a commit that failed before a rebalance is not repeated after it (I9)', async () => {
    answers = [
      () => {
        offsets.onJoined();
        return away();
      },
    ];
    await offsets.markHandled(batch(0), 10);
    await offsets.flush();
    await offsets.close();
    expect(told).toEqual(['0:10']);
  });

  it('commits run one after the other and never go back (I9)', async () => {
    let second: Promise<void> | undefined;
    let meanwhile: string[] = [];
    answers = [
      async () => {
        await offsets.markHandled(batch(0), 20);
        second = offsets.flush();
        await Promise.resolve();
        meanwhile = [...told];
      },
    ];
    await offsets.markHandled(batch(0), 10);
    await offsets.flush();
    await second;
    expect(meanwhile).toEqual(['0:10']);
    expect(told).toEqual(['0:10', '0:20']);
  });

  it('after a seek back the commit continues above the last one (I9)', async () => {
    offsets.onBatch(batch(0, 100));
    offsets.onBatch(batch(0, 0));
    await offsets.markHandled(batch(0), 50);
    await offsets.flush();
    expect(told).toEqual([]);
    await offsets.markHandled(batch(0), 101);
    await offsets.flush();
    expect(told).toEqual(['0:101']);
  });

  it('a failed commit does not count as committed', async () => {
    answers = [away];
    await offsets.markHandled(batch(0), 100);
    await offsets.flush();
    offsets.onJoined();
    await offsets.markHandled(batch(0), 50);
    await offsets.flush();
    expect(told).toEqual(['0:100', '0:50']);
  });

  it('a closing member commits at once', async () => {
    await offsets.close();
    await offsets.markHandled(batch(0), 10);
    expect(told).toEqual(['0:10']);
  });
});
