import { settingsTopic } from '@orderloom/contracts';
import type { Publication } from '@orderloom/event-sourcing';
import type { ServiceDefinition } from '@orderloom/platform';
import { SettingsController } from './http/settings.controller.js';
import { ApplySettingsHandler, CheckSettingsHandler, ShowHistoryHandler, ShowSettingsHandler } from './http/settings.handlers.js';
import { settings as settingsDecider, type SettingsEvent } from './settings.js';

/** Each version is a record of its own key, so that compaction keeps all of them. */
const publishVersion: Publication = ({ stream, type, typeVersion, data }) => {
  if (!stream.startsWith(`${settingsDecider.name}-`)) return [];
  return [{ topic: settingsTopic, type, typeVersion, data, key: String((data as SettingsEvent['data']).version) }];
};

export const settings: ServiceDefinition = {
  name: 'settings',
  description: 'Settings of the installation: storefronts, deadlines, calendars, goodwill and authority, versioned.',
  deciders: [settingsDecider],
  flows: [],
  commands: {},
  subscribes: [],
  publishes: [publishVersion],
  migrations: [],
  controllers: [SettingsController],
  providers: [ApplySettingsHandler, CheckSettingsHandler, ShowHistoryHandler, ShowSettingsHandler],
};
