import { completeSettings, defaultDeadlines, type SettingsInput } from '@orderloom/contracts';
import { inForceAt, recomputingAt, type SettingsVersion, StorefrontSettings } from './in-force.js';

const address = { recipient: 'Returns', street: '1 Quay', city: 'Shanghai', country: 'CN' };
const shop = { country: 'CN', currency: 'CNY', languages: ['zh-CN'], calendar: 'CN', returns: { address } };
const version = (n: number, effectiveFrom: string, given: SettingsInput = {}): SettingsVersion => ({
  ...{ version: n, effectiveFrom: `${effectiveFrom}T00:00:00.000000Z`, by: 'operations:olga' },
  document: completeSettings(given),
});

describe('the version in force', () => {
  const all = [version(1, '2026-01-01'), version(2, '2026-09-01'), version(3, '2026-06-01'), version(4, '2026-09-01')];
  const at = (date: string) => inForceAt(all, `${date}T12:00:00.000000Z`)?.version;

  it('it is the version that took effect last, in whatever order they were applied', () => {
    expect([at('2025-12-31'), at('2026-01-01'), at('2026-05-31'), at('2026-06-01'), at('2026-08-31')]).toEqual([undefined, 1, 1, 3, 3]);
    expect(inForceAt([...all].reverse(), '2026-06-02T00:00:00.000000Z')?.version).toBe(3);
  });

  it('of two that take effect together the higher version counts', () => {
    expect(at('2026-09-02')).toBe(4);
  });
});

describe('the version that recounts open deadlines (CS-02)', () => {
  const asked = (n: number, effectiveFrom: string): SettingsVersion => ({ ...version(n, effectiveFrom), recompute: true });
  const at = (all: readonly SettingsVersion[], date: string) => {
    const found = recomputingAt(all, `${date}T12:00:00.000000Z`);
    return found && [found.settings.version, ...found.itAndLater];
  };
  const all = [version(1, '2026-01-01'), asked(2, '2026-03-01'), version(3, '2026-06-01'), asked(4, '2026-09-01')];

  it('it is the last one in force that asks for it, with the names of later ones', () => {
    expect([at(all, '2026-02-28'), at(all, '2026-03-01')]).toEqual([undefined, [2, 'settings-2', 'settings-3', 'settings-4']]);
    expect([at(all, '2026-06-02'), at(all, '2026-09-01')]).toEqual([
      [2, 'settings-2', 'settings-3', 'settings-4'],
      [4, 'settings-4'],
    ]);
  });

  it('a version that was never in force does not count', () => {
    expect(at([asked(1, '2026-01-01'), version(2, '2026-01-01')], '2026-02-01')).toBeUndefined();
  });
});

describe('the settings of a storefront', () => {
  const current = version(3, '2026-01-01', {
    storefronts: { 'shop-cn': { ...shop, paymentMethods: { alipay: { mailByItself: true, postingTime: 'at once' } } } },
    deadlines: { refund: { refundPromise: { workingDays: 7 } } },
    authority: { twoApprovalsAbove: { CNY: 1800.5, JPY: 30_000 } },
  });
  const settings = StorefrontSettings.of(current, 'shop-cn');

  it('they are those of the version, whose name stamps decisions', () => {
    expect([settings.version, StorefrontSettings.of(undefined, 'shop-cn').version]).toEqual(['settings-3', 'defaults']);
    expect(settings.calendar.name).toBe('CN');
    expect(settings.policies('refund')).toMatchObject({
      version: 'settings-3',
      deadlines: { refundPromise: { rule: 'REF-01', workingDays: 7 } },
    });
    expect(settings.policies('order').deadlines).toEqual(defaultDeadlines.order);
  });

  it('an unknown payment method has the values of `other`', () => {
    expect(settings.paymentMethod('alipay')).toEqual({ mailByItself: true, postingTime: 'at once' });
    expect(settings.paymentMethod('constructor')).toEqual({ mailByItself: false, postingTime: '20-30 working days' });
  });

  it('only the payment methods of the storefront are known; without a list, those of the release (ORD-03)', () => {
    expect(['alipay', 'paypal', 'card'].filter(settings.hasPaymentMethod)).toEqual(['alipay']);
    const unlisted = StorefrontSettings.of(version(1, '2026-01-01', { storefronts: { 'shop-cn': shop } }), 'shop-cn');
    expect(['alipay', 'paypal', 'card'].filter(unlisted.hasPaymentMethod)).toEqual(['paypal', 'card']);
  });

  it('amounts are in minor units of the currency', () => {
    expect(['CNY', 'JPY', 'GBP', 'KWD'].map(settings.twoApprovalsAbove)).toEqual([180_050, 30_000, 20_000, 200_000]);
  });

  it('a storefront that is not set up has the defaults', () => {
    expect(StorefrontSettings.of(current, 'shop-fr').storefront).toMatchObject({ country: 'GB', calendar: 'GB-england' });
  });

  it('a deadline that the version lacks has its default', () => {
    const { reviewerAnswer: _unknown, ...known } = current.document.deadlines.order ?? {};
    const older = { ...current, document: { ...current.document, deadlines: { order: known } } };
    expect(StorefrontSettings.of(older, 'shop-cn').policies('order').deadlines.reviewerAnswer).toEqual(
      defaultDeadlines.order.reviewerAnswer,
    );
  });
});
