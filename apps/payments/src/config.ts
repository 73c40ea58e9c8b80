import { readFileSync } from 'node:fs';
import { parseWith, storefrontName } from '@orderloom/contracts';
import { type FieldError, InvalidInput } from '@orderloom/kernel';
import { baseConfig, WrongConfiguration } from '@orderloom/platform';
import { parse } from 'yaml';
import { z } from 'zod';
import { type PaymentProvider, topicProvider } from './provider.js';
import type { Route } from './routes.js';
import { StripeRefunds } from './stripe/stripe-refunds.js';

/** Environment of the process. It has no database. */
export const paymentsConfig = baseConfig.omit({ DATABASE_URL: true }).extend({
  PAYMENT_PROVIDERS_FILE: z.string().describe('a YAML file with providers and routes (apps/payments/README.md)'),
});

const name = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be 1 to 40 small letters, digits or hyphens, a letter first');
const variable = z.string().regex(/^[A-Z][A-Z0-9_]{0,79}$/, 'must be the name of an environment variable, never the secret itself');
const url = z
  .string()
  .regex(
    /^(https:\/\/[^/\s]+|http:\/\/(127\.0\.0\.1|localhost)(:\d+)?)$/,
    'must be an https address without a path; http only of this host',
  );

const document = z.strictObject({
  providers: z
    .array(
      z.discriminatedUnion('kind', [
        z.strictObject({ name, kind: z.literal('topic') }),
        z.strictObject({
          ...{ name, kind: z.literal('stripe'), baseUrl: url.default('https://api.stripe.com') },
          ...{ secretKey: variable, webhookSecret: variable, timeoutMs: z.int().positive().max(60_000).optional() },
        }),
      ]),
    )
    .min(1),
  routes: z
    .array(
      z.strictObject({
        ...{ provider: name, storefront: storefrontName.optional() },
        ...{ method: z.string().min(1).optional(), reference: z.string().min(1).optional() },
      }),
    )
    .min(1),
});

export interface Providers {
  readonly routes: readonly Route[];
  readonly byName: ReadonlyMap<string, PaymentProvider>;
  /** Values that must not be logged. */
  readonly secrets: readonly string[];
}

/** Reads the file of providers; secrets come from `env`. Throws `WrongConfiguration` with a sentence per fault, without values. */
export function readProviders(path: string, env: NodeJS.ProcessEnv = process.env): Providers {
  const given = documentOf(path);
  const secrets = new Map<string, string>();
  const faults: FieldError[] = [];
  const names = given.providers.map((provider) => provider.name);
  given.providers.forEach((provider, i) => {
    if (names.indexOf(provider.name) < i) faults.push({ field: `providers.${i}.name`, message: `${provider.name} occurs twice` });
    if (provider.kind !== 'stripe') return;
    for (const field of ['secretKey', 'webhookSecret'] as const) {
      const value = env[provider[field]]?.trim() ?? '';
      if (value === '') faults.push({ field: `providers.${i}.${field}`, message: `names ${provider[field]}, which is not set: set it` });
      secrets.set(provider[field], value);
    }
  });
  given.routes.forEach(({ provider }, i) => {
    if (!names.includes(provider))
      faults.push({ field: `routes.${i}.provider`, message: `${provider} is no provider of this file: expected ${names.join(', ')}` });
  });
  if (faults.length > 0) throw wrong(path, faults);
  const signing = (named: string) => listOf(secrets.get(named));
  const byName = given.providers.map((provider): [string, PaymentProvider] => {
    if (provider.kind === 'topic') return [provider.name, topicProvider(provider.name)];
    const { secretKey, webhookSecret, ...rest } = provider;
    return [provider.name, new StripeRefunds({ ...rest, secretKey: secrets.get(secretKey) ?? '', webhookSecrets: signing(webhookSecret) })];
  });
  return { routes: given.routes, byName: new Map(byName), secrets: [...secrets.values()].flatMap(listOf) };
}

const listOf = (text = ''): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

function documentOf(path: string): z.output<typeof document> {
  try {
    return parseWith(document, 'document')(parse(readFileSync(path, 'utf8')));
  } catch (error) {
    if (error instanceof InvalidInput) throw wrong(path, error.errors);
    throw new WrongConfiguration(`PAYMENT_PROVIDERS_FILE must be a YAML file: ${path} cannot be read (${(error as Error).message}).`);
  }
}

const wrong = (path: string, faults: readonly FieldError[]): WrongConfiguration =>
  new WrongConfiguration(faults.map(({ field, message }) => `${path}: ${field} ${message}.`).join('\n'));
