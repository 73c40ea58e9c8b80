import { completeSettings, type SettingsInput } from '@orderloom/contracts';
import { StorefrontSettings } from '@orderloom/settings';
import { ids } from '../../case.fixture.js';
import { decided } from './lost-parcel.fixture.js';

describe('goodwill (CS-05)', () => {
  const by = (policy: 'none' | 'optional' | 'required', ...kinds: ('gift' | 'coupon' | 'points')[]) => {
    const given: SettingsInput = { goodwill: { rules: { 'LOG-06': { policy, kinds } } } };
    const version = { version: 3, effectiveFrom: '2010-01-01T00:00:00.000000Z', by: 'operations:olga', document: completeSettings(given) };
    return StorefrontSettings.of(version, 'main');
  };
  const informed = ['inform service: goodwill-granted', 'tell customer: goodwill-granted'];

  it('is asked of service where it is optional, and of the kinds that fit: a gift goes only with goods', () => {
    const flow = decided().then('askingGoodwill', 'ask service: grant-goodwill');
    expect(flow.task('grant-goodwill').about).toEqual({ ...ids, remedy: 'reship', kinds: ['gift', 'points', 'coupon'] });
    expect(decided('RefundChosen').task('grant-goodwill').about).toMatchObject({ remedy: 'refund', kinds: ['points', 'coupon'] });
  });

  it('that is a gift goes into the re-ship', () => {
    const flow = decided().answered('grant-goodwill', 'GoodwillGranted', { goodwill: 'gift', detail: 'a candle' });
    flow.then('reshipping', ...informed, 'send order: RequestReship');
    expect(flow.last('CommandSent', 'RequestReship').data).toMatchObject({ lines: [{ line: 1 }, { line: 2, sku: 'GIFT' }], gifts: [2] });
  });

  it('that is a coupon or points is said to the customer', () => {
    const flow = decided('RefundChosen').answered('grant-goodwill', 'GoodwillGranted', { goodwill: 'coupon', detail: 'SORRY10' });
    flow.then('settling', ...informed, 'send after-sales: SettleUnits');
    expect(flow.last('CustomerTold').fields).toEqual({ ...ids, goodwill: 'coupon', detail: 'SORRY10' });
  });

  it('that nobody grants in a working day delays nothing', () => {
    decided().due('goodwillDecision').then('reshipping', 'withdraw service: grant-goodwill', 'send order: RequestReship');
  });

  it('is the first kind that fits where it is required, without a question', () => {
    decided('ReshipChosen', by('required', 'gift', 'points')).then('reshipping', ...informed, 'send order: RequestReship');
    const flow = decided('RefundChosen', by('required', 'gift', 'points')).then('settling', ...informed, 'send after-sales: SettleUnits');
    expect(flow.last('CustomerTold').fields).toEqual({ ...ids, goodwill: 'points' });
  });

  it('is none by the settings, and where no kind fits', () => {
    decided('ReshipChosen', by('none', 'gift')).then('reshipping', 'send order: RequestReship');
    decided('RefundChosen', by('required', 'gift')).then('settling', 'send after-sales: SettleUnits');
  });
});
