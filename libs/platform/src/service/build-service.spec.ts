import { completeSettings, messages, settingsApplied, settingsTopic } from '@orderloom/contracts';
import { type EventStore, MemoryStore, type Subscription } from '@orderloom/event-sourcing';
import { type CloudEvent, MemoryLog } from '@orderloom/messaging';
import { Sealing } from '../privacy/sealing.js';
import { buildService } from './build-service.js';
import type { ServiceDefinition } from './service-definition.js';

const now = '2026-06-01T09:00:00.000000Z';
const definition = (name: ServiceDefinition['name']): ServiceDefinition => ({
  ...{
    name,
    description: '',
    deciders: [],
    flows: [],
    commands: {},
    subscribes: [],
    publishes: [],
    migrations: [],
    controllers: [],
    providers: [],
  },
  commands: Object.fromEntries(
    messages
      .filter(({ topic }) => topic === `orderloom.${name}.commands`)
      .map(({ type }) => [type, { decider: {} as never, id: 'orderNumber' }]),
  ),
});

function build(name: ServiceDefinition['name']) {
  const store = new MemoryStore();
  store.setNow(now);
  const sealing = new Sealing({} as ConstructorParameters<typeof Sealing>[0]);
  const parts = buildService(definition(name), { store, log: new MemoryLog(), sealing, complain: () => undefined });
  const settings = parts.subscriptions.filter(({ topic }) => topic === settingsTopic);
  return { store: store as EventStore, settings };
}

const record = (version: number): CloudEvent => ({
  ...{
    id: `version-${version}`,
    source: '/orderloom/settings',
    type: 'SettingsApplied',
    typeVersion: 1,
    subject: String(version),
    time: now,
  },
  data: settingsApplied.data.parse({
    ...{ version, effectiveFrom: '2026-05-01T00:00:00Z', by: 'operations:olga' },
    document: completeSettings({ authority: { offersAtMost: version } }),
  }),
});

describe('a service and its settings (CS-02)', () => {
  it('it decides by a received version at once, and handles the record once', async () => {
    const { store, settings } = build('refund');
    const [subscription] = settings as [Subscription];
    const versionOf = async () => (await store.settings?.('536365', now))?.version;
    expect(await versionOf()).toBe('defaults');
    for (const version of [2, 2, 1]) await subscription.handle(record(version));
    expect(await versionOf()).toBe('settings-2');
  });

  it('the owner of the settings does not subscribe to its own versions', () => {
    const { store, settings } = build('settings');
    expect([settings, store.settings]).toEqual([[], undefined]);
  });
});
