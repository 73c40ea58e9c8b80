import { createLog, logFunction, nestLog, type ProcessLogger } from './logger.js';

let lines: Record<string, unknown>[];
let log: ProcessLogger;

beforeEach(() => {
  lines = [];
  log = createLog('order', 'debug', { destination: { write: (text) => void lines.push(JSON.parse(text) as Record<string, unknown>) } });
});

describe('logging', () => {
  it('writes a JSON line with its level, time and service', () => {
    log.info({ order: '536365' }, 'placed');
    expect(lines).toEqual([
      { level: 'info', service: 'order', order: '536365', msg: 'placed', time: expect.stringMatching(/Z$/) as string },
    ]);
  });

  it('takes what Nest says: the last text is the context, an error keeps its stack', () => {
    nestLog(log).warn('careful', 'Router');
    nestLog(log).error(new Error('lost'), 'Router');
    expect(lines).toMatchObject([
      { level: 'warn', msg: 'careful', context: 'Router' },
      { level: 'error', msg: 'lost', context: 'Router', err: { stack: expect.stringContaining('logger.spec') as string } },
    ]);
  });

  it('is a function for libraries that know no logger', () => {
    logFunction(log)('warn', 'rebalanced', { group: 'order' });
    expect(lines).toMatchObject([{ level: 'warn', msg: 'rebalanced', group: 'order' }]);
  });
});
