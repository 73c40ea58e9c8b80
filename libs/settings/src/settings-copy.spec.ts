import { completeSettings } from '@orderloom/contracts';
import { MemoryStore } from '@orderloom/event-sourcing';
import { SettingsCopy } from './settings-copy.js';
import type { SettingsVersion } from './in-force.js';

const now = '2026-06-01T09:00:00.000000Z';
const later = '2026-06-01T09:00:02.000000Z';
const version = (n: number, effectiveFrom = `2026-0${n}-01T00:00:00.000000Z`): SettingsVersion => ({
  ...{ version: n, effectiveFrom, by: 'operations:olga', document: completeSettings({ authority: { offersAtMost: n } }) },
});

describe('the copy of the settings in a service', () => {
  const store = () => new MemoryStore();
  const keep = async (to: MemoryStore, copy: SettingsCopy, settings: SettingsVersion, message = `message-${settings.version}`) => {
    await to.commit({ meta: { by: 'settings' }, inbox: { consumer: 'settings', message }, rows: await copy.rowsOf(settings, message) });
    copy.expire();
  };
  const versionOf = async (copy: SettingsCopy, at = now) => (await copy.of('536365', at)).version;

  it('the defaults hold until the first version arrives', async () => {
    expect(await versionOf(new SettingsCopy(store()))).toBe('defaults');
  });

  it('the version in force is found, in whatever order versions arrive and however often', async () => {
    const at = store();
    const copy = new SettingsCopy(at);
    for (const n of [3, 1, 9, 3, 1]) await keep(at, copy, version(n));
    expect(await versionOf(copy)).toBe('settings-3');
    expect(await versionOf(copy, '2026-02-01T00:00:00.000000Z')).toBe('settings-1');
    expect(await versionOf(copy, '2026-10-01T00:00:00.000000Z')).toBe('settings-9');
  });

  it('the copy is in the database: other and later processes have the same', async () => {
    const at = store();
    const [one, another] = [new SettingsCopy(at), new SettingsCopy(at)];
    expect(await versionOf(another)).toBe('defaults');
    await keep(at, one, version(1));
    expect(await versionOf(new SettingsCopy(at))).toBe('settings-1');
    // it was read less than a second ago
    expect(await versionOf(another)).toBe('defaults');
    expect(await versionOf(another, later)).toBe('settings-1');
  });

  it('a version that the owner decided again after a restore replaces the old one', async () => {
    const at = store();
    const [one, another] = [new SettingsCopy(at), new SettingsCopy(at)];
    await keep(at, one, version(1));
    expect((await another.of('536365', now)).offersAtMost).toBe(1);
    const anew = { ...version(1), document: completeSettings({ authority: { offersAtMost: 7 } }) };
    await keep(at, one, anew, 'message-after-restore');
    expect((await another.of('536365', later)).offersAtMost).toBe(7);
  });

  it('the calendars of current and future versions are listed', async () => {
    const at = store();
    const copy = new SettingsCopy(at);
    const address = { recipient: 'Returns', street: '1 Quay', city: 'Shanghai', country: 'CN' };
    const shop = { country: 'CN', currency: 'CNY', languages: ['zh-CN'], calendar: 'CN', returns: { address } };
    const names = async () => (await copy.calendars(now)).map(({ name }) => name);
    expect(await names()).toEqual(['GB-england']);
    const soon = '2026-07-01T00:00:00.000000Z';
    await keep(at, copy, { ...version(1, soon), document: completeSettings({ storefronts: { 'shop-cn': shop } }) });
    expect(await names()).toEqual(['GB-england', 'CN']);
  });
});
