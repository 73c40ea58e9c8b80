import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings, StorefrontSettings } from '@orderloom/settings';
import { parse } from 'yaml';
import { verdictLines, pastVersions, readDocument, versionLines } from './settings-command.js';

const change = { field: 'storefronts.shop-cn.calendar', before: 'GB-england', after: 'CN' };

describe('the command `settings`', () => {
  it('the shown settings are a file that can be applied again', () => {
    const document = readSettings({ authority: { offersAtMost: 4 } });
    const lines = versionLines({ version: 2, latest: 3, effectiveFrom: '2026-12-01T00:00:00.000000Z', by: 'operations:olga', document });
    expect(lines.slice(0, 2)).toEqual([
      '# Version 2, effective from 2026-12-01T00:00:00Z, applied by operations:olga',
      '# The latest version is 3.',
    ]);
    expect(readSettings(parse(lines.join('\n')))).toEqual(document);
  });

  it('changed, added and removed values are listed', () => {
    const changes = [change, { field: 'a', after: 1 }, { field: 'b', before: { days: 1 } }];
    expect(verdictLines({ latest: 1, changes, errors: [], warnings: [{ field: 'c', message: 'ends soon' }] })).toEqual([
      'Changes:',
      '  ~ storefronts.shop-cn.calendar: "GB-england" -> "CN"',
      '  + a: 1',
      '  - b: {"days":1}',
      'Warnings:',
      '  c: ends soon',
    ]);
    expect(verdictLines({ latest: 1, changes: [], errors: [], warnings: [] })).toEqual(['These settings change nothing.']);
  });

  it('refused fields are listed with the reason', () => {
    const errors = [{ field: 'storefronts.a.calendar', message: 'is moon, expected one of CN, GB-england (CS-02)' }];
    expect(verdictLines({ latest: 1, changes: [], errors, warnings: [] })).toEqual([
      'The settings are refused:',
      '  storefronts.a.calendar: is moon, expected one of CN, GB-england (CS-02)',
    ]);
  });

  it('the history lists the changes of each version', () => {
    expect(pastVersions([])).toEqual(['No settings were applied: the defaults of this release are in force.']);
    const version = { version: 1, effectiveFrom: '2026-12-01T00:00:00.000000Z', by: 'operations:olga', reason: 'China opens' };
    expect(pastVersions([{ ...version, changes: [change] }])).toEqual([
      'Version 1, effective from 2026-12-01T00:00:00Z, applied by operations:olga: China opens',
      '  ~ storefronts.shop-cn.calendar: "GB-england" -> "CN"',
    ]);
  });

  it('the history shows that open deadlines were counted anew', () => {
    const version = { version: 2, effectiveFrom: '2026-12-01T00:00:00.000000Z', by: 'operations:olga', recompute: true };
    expect(pastVersions([{ ...version, changes: [] }])).toContain('  open deadlines were counted anew');
  });

  it('invalid YAML is refused with the line', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'settings-')), 'wrong.yaml');
    writeFileSync(file, 'storefronts:\n  a: [\n');
    expect(() => readDocument(file)).toThrow(/wrong\.yaml cannot be read: .*line 3/s);
    expect(() => readDocument('/nowhere.yaml')).toThrow('/nowhere.yaml cannot be read');
  });
});

describe('the settings in the README', () => {
  const yaml = /```yaml\n(# shops.yaml[^]*?)```/.exec(readFileSync('README.md', 'utf8'))?.[1] ?? '';

  it('they set up a storefront with its own calendar, currency and dispatch promise', () => {
    const settings = StorefrontSettings.of(
      { version: 1, effectiveFrom: '2026-01-01T00:00:00.000000Z', by: 'operations:olga', document: readSettings(parse(yaml)) },
      'shop-jp',
    );
    expect(settings.calendar).toMatchObject({ name: 'JP', knownUntil: '2027-12-31' });
    expect(settings.storefront).toMatchObject({ currency: 'JPY', dispatch: { domestic: { workingDays: 1 } } });
    expect([settings.twoApprovalsAbove('JPY'), settings.twoApprovalsAbove('GBP')]).toEqual([30_000, 20_000]);
  });
});

describe('the sample settings', () => {
  const document = readSettings(readDocument('deploy/settings/sample.yaml'));

  it('they contain a British and a Chinese storefront with their own promise, calendar, currency and payment methods', () => {
    const [gb, cn] = [document.storefronts.main, document.storefronts['shop-cn']];
    expect(gb).toMatchObject({ country: 'GB', currency: 'GBP', calendar: 'GB-england', dispatch: { domestic: { hours: 24 } } });
    expect(cn).toMatchObject({ country: 'CN', currency: 'CNY', languages: ['zh-CN', 'en'], calendar: 'CN' });
    expect(cn?.dispatch).toEqual({ domestic: { workingDays: 2 }, crossBorder: { workingDays: 7 }, reship: { days: 3 } });
    expect(Object.keys(cn?.paymentMethods ?? {})).toEqual(expect.arrayContaining(['alipay', 'wechat-pay']));
  });

  it('the main storefront has the default settings', () => {
    expect({ ...document, storefronts: { main: document.storefronts.main } }).toEqual({
      ...readSettings({}),
      storefronts: { main: document.storefronts.main },
      authority: document.authority,
    });
    expect(document.authority.twoApprovalsAbove).toEqual({ other: 200, CNY: 2000 });
  });
});
