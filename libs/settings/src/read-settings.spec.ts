import { completeSettings, defaultDeadlines, defaultSettings } from '@orderloom/contracts';
import { InvalidInput } from '@orderloom/kernel';
import { calendarEnds, readSettings } from './read-settings.js';

const address = { recipient: 'Returns', street: '1 Quay', city: 'Shanghai', country: 'CN' };
const shop = { country: 'CN', currency: 'CNY', languages: ['zh-CN'], calendar: 'CN', returns: { address } };

function faults(input: unknown): readonly string[] {
  try {
    readSettings(input);
    return [];
  } catch (error) {
    if (error instanceof InvalidInput) return error.errors.map(({ field, message }) => `${field}: ${message}`);
    throw error;
  }
}

describe('a settings document', () => {
  it('an empty document has the defaults and no storefront', () => {
    expect(readSettings({})).toEqual({ ...defaultSettings, storefronts: {} });
    expect(readSettings(undefined)).toEqual(readSettings({}));
  });

  it('a changed deadline keeps its rule, base and reminders', () => {
    const { deadlines } = readSettings({ deadlines: { order: { expectedArrival: { workingDays: 2 }, reviewerAnswer: { reminders: 5 } } } });
    expect(deadlines.order?.expectedArrival).toEqual({ rule: 'ORD-04', from: 'expectedAt', workingDays: 2, reminders: 2 });
    expect(deadlines.order?.reviewerAnswer).toEqual({ rule: 'ORD-07', minutes: 30, reminders: 5 });
    expect(deadlines.refund).toEqual(defaultDeadlines.refund);
  });

  it.each<[string, unknown, string]>([
    ['a field of no name', { storefront: {} }, 'storefront: is not a known field'],
    ['a storefront without a currency', { storefronts: { a: { ...shop, currency: undefined } } }, 'storefronts.a.currency: '],
    [
      'a currency that is out of use',
      { storefronts: { a: { ...shop, currency: 'DEM' } } },
      'storefronts.a.currency: must be the ISO 4217 code',
    ],
    ['a country that does not exist', { storefronts: { a: { ...shop, country: 'UK' } } }, 'storefronts.a.country: must be an ISO 3166-1'],
    ['a storefront of no name', { storefronts: { 'a:b': shop } }, 'storefronts.a:b: must be a storefront'],
    [
      'a promise of no time',
      { storefronts: { a: { ...shop, dispatch: { domestic: {} } } } },
      'storefronts.a.dispatch.domestic: must be a span',
    ],
    ['half an hour in decimals', { deadlines: { order: { reviewerAnswer: { hours: 0.5 } } } }, 'deadlines.order.reviewerAnswer.hours: '],
    ['a service without deadlines', { deadlines: { console: {} } }, 'deadlines.console: is not a service with deadlines'],
    ['another rule', { deadlines: { order: { reviewerAnswer: { rule: 'ORD-01' } } } }, 'rule: is ORD-01, but this deadline follows ORD-07'],
    ['another base', { deadlines: { order: { reviewerAnswer: { from: 'placedAt' } } } }, 'from: is placedAt, but the base is now'],
    ['time that goes back', { deadlines: { order: { reviewerAnswer: { hours: -1 } } } }, 'must be a span of time above 0'],
    [
      'reminders of what nobody is reminded of',
      { deadlines: { order: { customerDecision: { reminders: 1 } } } },
      'reminders: is 1, but this deadline has no reminders',
    ],
    [
      'an alert after the promise',
      { deadlines: { refund: { refundAlert: { workingDays: 3 } } } },
      'refundAlert: must be shorter than refundPromise (REF-01)',
    ],
    [
      'a calendar that nobody knows',
      { storefronts: { a: { ...shop, calendar: 'moon' } } },
      'storefronts.a.calendar: is moon, expected one of CN, GB-england',
    ],
    [
      'a calendar without a time zone',
      { calendars: { x: { source: 's', years: { 2027: { holidays: {} } } } } },
      'calendars.x: calendar x: needs timeZone',
    ],
    [
      'a calendar that extends none',
      { calendars: { x: { extends: 'y', source: 's', years: {} } } },
      'calendars.x: calendar x: extends y, which is not shipped',
    ],
    [
      'a year that leaves a gap',
      { calendars: { x: { extends: 'CN', source: 's', years: { 2028: { holidays: {} } } } } },
      'the years must follow each other',
    ],
    [
      'a half day, which no calendar has',
      { calendars: { x: { extends: 'CN', source: 's', years: { 2027: { holidays: {}, halfDays: ['2027-02-05'] } } } } },
      'halfDays',
    ],
    ['tenths of a penny', { authority: { twoApprovalsAbove: { GBP: 1.005 } } }, 'authority.twoApprovalsAbove.GBP: is 1.005'],
    ['an amount of no currency', { authority: { twoApprovalsAbove: { XTS: 1 } } }, 'authority.twoApprovalsAbove.XTS: '],
  ])('a document with %s is refused by that field', (_what, input, fault) => {
    expect(faults(input)).toEqual([expect.stringContaining(fault)]);
  });
});

describe('the end of a calendar', () => {
  const document = completeSettings({ storefronts: { 'shop-cn': shop } });
  const messages = (of: typeof document, at: string) => calendarEnds(of, at).map(({ message, ended }) => [message.slice(0, 45), ended]);

  it('it is reported 60 days ahead and when it is reached', () => {
    expect(messages(document, '2026-11-01T12:00:00.000000Z')).toEqual([]);
    expect(messages(document, '2026-11-29T12:00:00.000000Z')).toEqual([['calendar CN ends on 2026-12-31, in 32 days: w', false]]);
    expect(messages(document, '2027-01-02T12:00:00.000000Z')).toEqual([['calendar CN ended on 2026-12-31: working days', true]]);
  });

  it('a year added by the settings moves it', () => {
    const years = { 2027: { holidays: { 'New Year’s Day': '2027-01-01' } } };
    const extended = { ...document, calendars: { CN: { extends: 'CN', source: 'notice of 2027', years } } };
    expect(messages(extended, '2026-11-29T12:00:00.000000Z')).toEqual([]);
  });
});
