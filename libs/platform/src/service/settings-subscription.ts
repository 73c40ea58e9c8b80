import { settingsApplied } from '@orderloom/contracts';
import type { EventStore, Subscription } from '@orderloom/event-sourcing';
import type { SettingsCopy, SettingsVersion } from '@orderloom/settings';
import { metaOfMessage, subscription } from './service-subscriptions.js';

/** Keeps each version of the settings in the service's own database. */
export const settingsSubscription = (store: EventStore, copy: SettingsCopy): Subscription =>
  subscription(settingsApplied, async (message) => {
    const messageId = `${message.source}/${message.id}`;
    const outcome = await store.commit({
      meta: metaOfMessage(message, settingsApplied.topic),
      inbox: { consumer: 'settings', message: messageId },
      rows: await copy.rowsOf(message.data as SettingsVersion, messageId),
    });
    if (outcome.status !== 'committed' && outcome.status !== 'duplicate')
      throw new Error(`cannot commit: unexpected outcome ${JSON.stringify(outcome)}`);
    copy.expire();
  });
