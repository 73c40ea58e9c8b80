import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readProviders } from './config.js';

const dir = mkdtempSync(join(tmpdir(), 'payments-'));
afterAll(() => rmSync(dir, { recursive: true }));

const env = { STRIPE_KEY: 'sk_test_1', STRIPE_HOOK: 'whsec_1, whsec_2' };
const stripe = (more = '') => `providers:\n  - { name: stripe, kind: stripe, secretKey: STRIPE_KEY, webhookSecret: STRIPE_HOOK${more} }\n`;
const routes = 'routes:\n  - { provider: stripe, reference: pi_ }\n';
function read(yaml: string, given: NodeJS.ProcessEnv = env) {
  const file = join(dir, 'providers.yaml');
  writeFileSync(file, yaml);
  return readProviders(file, given);
}

describe('the file of payment providers', () => {
  it('names providers and routes; secrets come from the environment and are known to the log', () => {
    const { routes: found, byName, secrets } = read(stripe() + routes);
    expect([...byName.keys()]).toEqual(['stripe']);
    expect(found).toEqual([{ provider: 'stripe', reference: 'pi_' }]);
    expect(secrets).toEqual(['sk_test_1', 'whsec_1', 'whsec_2']);
  });

  it.each([
    ['a secret that is not set', stripe() + routes, {}, /providers\.0\.secretKey names STRIPE_KEY, which is not set/],
    [
      'a secret in the file',
      stripe().replace('STRIPE_KEY', 'sk_live_1') + routes,
      env,
      /providers\.0\.secretKey must be the name of an env/,
    ],
    ['a route to nobody', `${stripe()}routes:\n  - { provider: paypal }\n`, env, /routes\.0\.provider paypal is no provider/],
    [
      'an address without TLS',
      stripe(', baseUrl: "http://api.stripe.com"') + routes,
      env,
      /providers\.0\.baseUrl must be an https address/,
    ],
    ['no routes', stripe(), env, /routes/],
    ['no YAML', '{', env, /cannot be read/],
  ])('with %s stops the start and names the field', (_, yaml, given, message) => {
    expect(() => read(yaml, given)).toThrow(message);
  });

  it('a fault shows no secret', () => {
    expect(() => read(stripe().replace('STRIPE_KEY', 'sk_live_1') + routes)).toThrow(expect.not.stringMatching('sk_live_1') as never);
  });
});
