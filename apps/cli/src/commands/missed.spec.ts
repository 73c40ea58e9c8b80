import { gapLines, missed } from './missed.js';
import { republish } from './republish.js';

const at = '2010-12-08T09:00:00.000000Z';
const open = { id: 'orderloom.order.events/0/3', topic: 'orderloom.order.events', partition: 0, from: 3, to: 7, at };

describe('the commands `missed` and `republish`', () => {
  it('gaps are listed with topic, offsets and time, open ones first', () => {
    const resolved = {
      ...open,
      id: 'orderloom.order.events/1/0',
      partition: 1,
      from: 0,
      resolved: { by: 'operator:ann', at, reason: 'said again' },
    };
    expect(gapLines([['logistics', [resolved, open]]])).toEqual([
      'logistics  orderloom.order.events/0/3',
      '  4 records of orderloom.order.events/0, 3 to 6, were deleted before they were consumed, found at 2010-12-08T09:00:00Z',
      'logistics  orderloom.order.events/1/0',
      '  7 records of orderloom.order.events/1, 0 to 6, were deleted before they were consumed, found at 2010-12-08T09:00:00Z',
      '  resolved by operator:ann at 2010-12-08T09:00:00Z: said again',
    ]);
    expect(gapLines([['order', []]])).toEqual(['No records were missed.']);
  });

  it.each([
    [['resolve'], /^ID /],
    [['resolve', 'id'], /^REASON must not be empty/],
    [['forget', 'id', 'why'], /^unknown argument "forget"/],
  ])('a gap is resolved only with an id and a reason (%j)', async (args, why) => {
    await expect(missed(args)).rejects.toThrow(why);
  });

  it.each([
    [[], /^SERVICE must be one of order, /],
    [['nobody', '--since', at], /^SERVICE must be one of order, [^:]*, not "nobody"/],
    [['order'], /^--since must be a time, not ""/],
    [['order', '--until', at], /^Unknown option '--until'/],
    [['order', '--since', 'yesterday'], /^--since must be a time, not "yesterday"/],
    [['order', '--since', at, 'now'], /^Unexpected argument "now"/],
  ])('a republication requires a known service and a time (%j)', async (args, why) => {
    await expect(republish(args)).rejects.toThrow(why);
  });
});
