import { describeLog } from './contract/log.contract.js';
import { record } from './contract/log.fixture.js';
import { MemoryLog } from './memory-log.js';

describeLog('in memory', async () => new MemoryLog());

describe('the in-memory log', () => {
  it('it is idle when every group has handled everything', async () => {
    const log = new MemoryLog({ maxRecords: 2, now: () => 1_291_190_760_000 });
    await log.ensureTopics([{ topic: 't', partitions: 3, config: {} }]);
    const got: string[] = [];
    let rejections = 0;
    await log.subscribe({
      group: 'g',
      topics: ['t'],
      onCrash: () => undefined,
      handle: async (records) => {
        if (rejections++ < 4) throw new Error('not yet');
        got.push(...records.map((r) => `${String(r.value)} ${r.timestamp}`));
      },
    });
    await log.publish(['1', '2', '3', '4', '5'].map((n) => record('t', 'k', n)));
    await log.idle();
    expect(got).toEqual(['1', '2', '3', '4', '5'].map((n) => `${n} 1291190760000`));
  });

  it('attempts are counted for the back-off and reset by a success', async () => {
    const attempts: number[] = [];
    const log = new MemoryLog({ maxRecords: 1, backOff: async (attempt) => void attempts.push(attempt) });
    await log.ensureTopics([{ topic: 't', partitions: 1, config: {} }]);
    const outcomes = [false, false, true, false, true];
    await log.subscribe({
      group: 'g',
      topics: ['t'],
      onCrash: () => undefined,
      handle: async () => {
        if (!outcomes.shift()) throw new Error('not yet');
      },
    });
    await log.publish([record('t', 'k', '1'), record('t', 'k', '2')]);
    await log.idle();
    expect(attempts).toEqual([1, 2, 1]);
  });

  it('an unknown topic is refused', async () => {
    const log = new MemoryLog();
    await expect(log.publish([record('nowhere', 'k', 'x')])).rejects.toThrow('topic nowhere does not exist');
  });
});
