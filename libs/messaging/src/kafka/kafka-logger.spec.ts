import kafkajs, { type LogEntry } from 'kafkajs';
import { kafkaLogger } from './kafka-logger.js';

const entry = (level: LogEntry['level'], message: string, extra: object = {}): LogEntry => ({
  namespace: 'Connection',
  level,
  label: '',
  log: { timestamp: '2010-12-01T08:26:00.000Z', message, logger: 'kafkajs', ...extra },
});

describe('the logger of kafkajs', () => {
  const logged = (e: LogEntry): unknown => {
    const lines: unknown[] = [];
    kafkaLogger((...line) => lines.push(line))()(e);
    return lines[0];
  };

  it('level, message and fields are kept', () => {
    expect(logged(entry(kafkajs.logLevel.ERROR, 'Connection error', { broker: 'b:1' }))).toMatchObject([
      'error',
      'Connection error',
      { namespace: 'Connection', logger: 'kafkajs', broker: 'b:1' },
    ]);
    expect(logged(entry(kafkajs.logLevel.WARN, 'w'))).toMatchObject(['warn', 'w', { namespace: 'Connection' }]);
  });

  it('a loading coordinator or a rebalance is not an error', () => {
    const loading = { error: "The coordinator is loading and hence can't process requests for this group" };
    expect(logged(entry(kafkajs.logLevel.ERROR, 'Response GroupCoordinator', loading))).toMatchObject({ 0: 'debug' });
    const rebalancing = { error: 'The group is rebalancing, so a rejoin is needed' };
    expect(logged(entry(kafkajs.logLevel.ERROR, 'Response Heartbeat', rebalancing))).toMatchObject({ 0: 'debug' });
  });
});
