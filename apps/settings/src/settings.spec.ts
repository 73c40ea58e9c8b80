import type { SettingsInput } from '@orderloom/contracts';
import { InvalidInput, Refusal } from '@orderloom/kernel';
import { settings, type SettingsCommand, type SettingsEvent, type SettingsState } from './settings.js';

const now = '2026-06-01T09:00:00.000000Z';
const later = '2026-07-01T00:00:00.000000Z';
const address = { recipient: 'Returns', street: '1 Quay', city: 'Shanghai', country: 'CN' };
const shop = { country: 'CN', currency: 'CNY', languages: ['zh-CN'], calendar: 'CN', returns: { address } };
const given: SettingsInput = { storefronts: { 'shop-cn': shop } };
const other: SettingsInput = { storefronts: { 'shop-cn': { ...shop, undeliverable: ['AQ'] } } };

const command = (change: Partial<SettingsCommand> = {}): SettingsCommand => ({
  ...{ type: 'ApplySettings', expected: 0, document: given, now, by: 'operations:olga' },
  ...change,
});
const after = (...events: readonly SettingsEvent[]): SettingsState => events.reduce(settings.evolve, settings.initial);
const applied = (change: Partial<SettingsCommand> = {}, state = settings.initial): readonly SettingsEvent[] =>
  settings.decide(command(change), state);
const once = after(...applied());

function errorsOf(change: Partial<SettingsCommand>, state = settings.initial): readonly string[] {
  try {
    applied(change, state);
    return [];
  } catch (error) {
    if (error instanceof InvalidInput) return error.errors.map(({ field, message }) => `${field}: ${message}`);
    throw error;
  }
}

describe('the application of settings (CS-02)', () => {
  it('the whole document is recorded, with defaults for omitted fields', () => {
    const [event] = applied({ reason: 'the shop opens' });
    expect(event).toMatchObject({ data: { version: 1, effectiveFrom: now, by: 'operations:olga', reason: 'the shop opens' } });
    expect(event?.data.document.storefronts['shop-cn']).toMatchObject({
      dispatch: { domestic: { hours: 24 } },
      undeliverable: ['AQ', 'KP'],
    });
    expect(event?.data.document.deadlines.refund?.refundPromise).toEqual({ rule: 'REF-01', workingDays: 3 });
  });

  it('equal content creates no new version, however it is written', () => {
    expect(applied({ expected: 0 }, once)).toEqual([]);
    const said: SettingsInput = { storefronts: { 'shop-cn': { ...shop, undeliverable: ['AQ', 'KP'] } } };
    expect(applied({ expected: 1, document: said }, once)).toEqual([]);
  });

  it('other content or another start creates the next version', () => {
    expect(applied({ expected: 1, document: other }, once)).toMatchObject([{ data: { version: 2 } }]);
    expect(applied({ expected: 1, effectiveFrom: later }, once)).toMatchObject([{ data: { version: 2, effectiveFrom: later } }]);
  });

  it('equal content with `recompute` creates the next version, once', () => {
    const [again] = applied({ expected: 1, recompute: true }, once);
    expect(again).toMatchObject({ data: { version: 2, recompute: true } });
    expect(again && applied({ expected: 1, recompute: true }, after(...applied(), again))).toEqual([]);
    expect(applied()[0]?.data).not.toHaveProperty('recompute');
  });

  it('settings based on an outdated version are refused', () => {
    expect(() => applied({ expected: 0, document: other }, once)).toThrow(Refusal);
    expect(() => applied({ expected: 2, document: other }, once)).toThrow('version 2 was expected, but 1 is the latest');
  });

  it('only the first version may start in the past', () => {
    const past = '2026-05-31T00:00:00.000000Z';
    expect(applied({ effectiveFrom: past })).toHaveLength(1);
    expect(errorsOf({ expected: 1, document: other, effectiveFrom: past }, once)).toEqual([
      expect.stringContaining('effectiveFrom: is 2026-05-31'),
    ]);
  });

  it('settings are refused if a calendar ends before they start', () => {
    expect(errorsOf({ effectiveFrom: '2026-12-31T15:00:00.000000Z' })).toEqual([]);
    expect(errorsOf({ effectiveFrom: '2027-01-01T00:00:00.000000Z' })).toEqual([
      expect.stringContaining('storefronts.shop-cn.calendar: calendar CN ended on 2026-12-31'),
    ]);
  });

  it('a refusal names every wrong field', () => {
    expect(
      errorsOf({ document: { storefronts: { 'shop-cn': { ...shop, calendar: 'moon' } }, deadlines: { order: { typo: {} } } } }),
    ).toEqual([
      expect.stringContaining('deadlines.order.typo: is not a deadline of order: expected one of dispatchAlert'),
      'storefronts.shop-cn.calendar: is moon, expected one of CN, GB-england (CS-02)',
    ]);
  });
});
