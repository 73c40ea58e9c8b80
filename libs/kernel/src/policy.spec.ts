import { englishCalendar } from './calendar/calendars.js';
import { countDeadline, type Policies, unknownBases } from './policy.js';

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
  it('it counts from now, in working days of the calendar', () => {
    expect(countDeadline(policies, 'purchasingAnswer', now, {})).toEqual({ base: now, dueAt: '2010-12-06T09:00:00.000000Z' });
  });

  it('it counts from the field that the policy names', () => {
    const about = { promisedDispatchBy: '2010-12-04T08:26:00.000000Z' };
    expect(countDeadline(policies, 'dispatchAlert', now, about)).toEqual({
      ...{ base: about.promisedDispatchBy, dueAt: '2010-12-04T04:26:00.000000Z' },
    });
  });

  it('it is refused if the case lacks that field', () => {
    expect(() => countDeadline(policies, 'dispatchAlert', now, {})).toThrow('promisedDispatchBy');
  });

  it('an unknown policy value is refused', () => {
    expect(() => countDeadline(policies, 'someday', now, {})).toThrow('unknown policy value "someday"');
  });
});

describe('a date that becomes the base of a deadline (CS-02)', () => {
  const arrivals: Policies = {
    ...policies,
    deadlines: { ...policies.deadlines, expectedArrival: { rule: 'ORD-04', from: 'expectedAt', workingDays: 1 } },
  };

  it('a date within the calendar has no error', () => {
    expect(unknownBases(arrivals, { expectedAt: '2010-12-31T09:00:00.000000Z' })).toEqual([]);
    expect(unknownBases(arrivals, { expectedAt: `${englishCalendar.knownUntil.slice(0, 4)}-12-20T09:00:00Z` })).toEqual([]);
    expect(unknownBases(arrivals, { lines: [1], at: '1999-01-01T09:00:00Z' })).toEqual([]);
  });

  it.each([`${englishCalendar.knownUntil}T09:00:00Z`, '2031-01-02T09:00:00Z', '1999-01-04T09:00:00+08:00'])(
    'a date outside of the calendar has an error with its field and the known years: %s',
    (expectedAt) => {
      const [error, ...others] = unknownBases(arrivals, { expectedAt });
      expect(others).toEqual([]);
      expect(error).toMatchObject({ field: 'expectedAt', message: expect.stringContaining(englishCalendar.knownUntil) });
      expect(error?.message).toContain(expectedAt);
    },
  );
});
