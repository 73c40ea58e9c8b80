import { englishCalendar } from './calendar/calendars.js';
import { dueAt, type Policies } from './policy.js';

const now = '2010-12-03T09:00:00.000000Z';
const policies: Policies = {
  version: 'test-1',
  calendar: englishCalendar,
  deadlines: {
    purchasingAnswer: { rule: 'ORD-12', workingDays: 1 },
    dispatchAlert: { rule: 'ORD-05', from: 'promisedDispatchBy', hours: -4 },
  },
};

describe('a deadline', () => {
  it('counts from now, in working days of the calendar', () => {
    expect(dueAt(policies, 'purchasingAnswer', now, {})).toBe('2010-12-06T09:00:00.000000Z');
  });

  it('counts from the field of the case that the policy names', () => {
    const about = { promisedDispatchBy: '2010-12-04T08:26:00.000000Z' };
    expect(dueAt(policies, 'dispatchAlert', now, about)).toBe('2010-12-04T04:26:00.000000Z');
  });

  it('is refused where the case does not hold that field', () => {
    expect(() => dueAt(policies, 'dispatchAlert', now, {})).toThrow('promisedDispatchBy');
  });

  it('is refused under a name that is no policy value', () => {
    expect(() => dueAt(policies, 'someday', now, {})).toThrow('no policy value named someday');
  });
});
