import { z } from 'zod';
import { goodwillKinds } from '../services/after-sales-lost.js';
import { when } from '../messages/common.js';
import { messagesOn } from '../messages/message.js';
import { settingsTopic } from '../messages/topics.js';
import { completeSettings } from './complete-settings.js';
import { defaultSettings } from './default-settings.js';

const duration = z
  .object({ seconds: z.int(), minutes: z.int(), hours: z.int(), days: z.int(), workingDays: z.int() })
  .partial()
  .describe('parts add up; working days are those of the storefront’s calendar');
const deadline = z.object({ ...duration.shape, rule: z.string(), from: z.string().optional(), reminders: z.int().optional() });
const perCurrency = z
  .object({ other: z.number().describe('of any other currency') })
  .catchall(z.number())
  .describe('in units of the currency, by its code');
const calendarYear = z.object({
  notice: z.string().optional(),
  published: z.string().optional(),
  holidays: z.record(z.string(), z.string()),
  makeUpDays: z.array(z.string()).optional(),
});

/** The settings as a whole, each value said. */
const settingsDocument = z.object({
  storefronts: z
    .record(
      z.string(),
      z.object({
        country: z.string(),
        currency: z.string(),
        languages: z.array(z.string()).readonly(),
        calendar: z.string(),
        dispatch: z.object({ domestic: duration, crossBorder: duration, reship: duration }),
        processing: duration,
        confirmation: z.boolean().optional(),
        undeliverable: z.array(z.string()).readonly(),
        paymentMethods: z.record(z.string(), z.object({ mailByItself: z.boolean(), postingTime: z.string() })),
        returns: z.object({ window: duration, address: z.record(z.string(), z.string()) }),
      }),
    )
    .describe('by storefront; an order of a storefront that is not here is decided by the defaults of the release'),
  deadlines: z.record(z.string(), z.record(z.string(), deadline)).describe('by service and name'),
  calendars: z
    .record(
      z.string(),
      z.object({
        extends: z.string().optional(),
        timeZone: z.string().optional(),
        workingDays: z.array(z.int()).optional(),
        source: z.string(),
        published: z.string().optional(),
        years: z.record(z.string(), calendarYear),
      }),
    )
    .describe('those that are not shipped'),
  goodwill: z.object({
    gift: z.object({ sku: z.string(), description: z.string(), quantity: z.int(), unitPrice: z.int() }),
    rules: z
      .object({
        'LOG-06': z.object({ policy: z.enum(['none', 'optional', 'required']), kinds: z.array(z.enum(goodwillKinds)).readonly() }),
      })
      .optional()
      .describe('by rule; absent in versions from before it was a setting'),
  }),
  tracking: z.object({ watch: z.boolean() }).optional().describe('LOG-11; absent in versions from before it was a setting'),
  authority: z.object({ twoApprovalsAbove: perCurrency, returnFreightCap: perCurrency, offersAtMost: z.int() }),
});

/** CS-02: the settings of the installation, whole, one record per version. */
export const settingsApplied = messagesOn(settingsTopic).message('SettingsApplied', {
  rule: 'CS-02',
  description:
    'The settings of the whole installation, of which this is one version. They hold from `effectiveFrom` until those of a later `effectiveFrom` ' +
    '(of the same one, the higher version). Key: the version, so that compaction keeps each version that a decision is stamped with. ' +
    'Before the first version, and for a storefront that the document does not name, the defaults of the release hold.',
  data: z.object({
    version: z.int().positive(),
    effectiveFrom: when,
    document: settingsDocument,
    recompute: z.boolean().optional().describe('open deadlines are counted anew by these settings; else they touch new ones only'),
    by: z.string(),
    reason: z.string().optional(),
  }),
  example: {
    version: 1,
    effectiveFrom: '2026-12-01T00:00:00Z',
    document: completeSettings({
      storefronts: {
        'shop-cn': {
          ...{ country: 'CN', currency: 'CNY', languages: ['zh-CN'], calendar: 'CN' },
          ...{ dispatch: { domestic: { workingDays: 2 } }, paymentMethods: { alipay: { mailByItself: true, postingTime: 'at once' } } },
          returns: { address: { ...defaultSettings.storefronts.main.returns.address, city: 'Shanghai', country: 'CN' } },
        },
      },
    }),
    by: 'operations:dev',
    reason: 'the Chinese shop opens',
  },
});

export const settingsMessages = [settingsApplied];
