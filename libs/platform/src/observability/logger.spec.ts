import { createLog, logFunction, nestLog, type ProcessLogger } from './logger.js';

let lines: Record<string, unknown>[];
let log: ProcessLogger;

beforeEach(() => {
  lines = [];
  log = createLog('order', 'debug', { destination: { write: (text) => void lines.push(JSON.parse(text) as Record<string, unknown>) } });
});

describe('the logger', () => {
  it('it writes a JSON line with level, time and service', () => {
    log.info({ order: '536365' }, 'placed');
    expect(lines).toEqual([
      { level: 'info', service: 'order', order: '536365', msg: 'placed', time: expect.stringMatching(/Z$/) as string },
    ]);
  });

  it('messages of Nest have their last text as context, and errors their stack', () => {
    nestLog(log).warn('careful', 'Router');
    nestLog(log).error(new Error('lost'), 'Router');
    expect(lines).toMatchObject([
      { level: 'warn', msg: 'careful', context: 'Router' },
      { level: 'error', msg: 'lost', context: 'Router', err: { stack: expect.stringContaining('logger.spec') as string } },
    ]);
  });

  it('it is a function for libraries without a logger', () => {
    logFunction(log)('warn', 'rebalanced', { group: 'order' });
    expect(lines).toMatchObject([{ level: 'warn', msg: 'rebalanced', group: 'order' }]);
  });
});
