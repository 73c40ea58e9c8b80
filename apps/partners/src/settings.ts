import type { LogAddress } from './wire.js';

export const allRoles = [
  'storefront',
  'customer',
  'reviewer',
  'service',
  'supervisor',
  'purchasing',
  'warehouse',
  'courier',
  'finance',
  'payments',
] as const;
type Role = (typeof allRoles)[number];

export interface Settings {
  readonly log: LogAddress;
  readonly roles: readonly Role[];
  /** Real milliseconds that an hour of the shop's time takes. */
  readonly hourMs: number;
  readonly seed: string;
  readonly feed?: string;
  readonly state?: string;
  readonly behaviour?: string;
  /** Whether somebody moves the services' clocks with the feed's, as standard output says. */
  readonly leadsClocks: boolean;
}

/** Settings from the environment; throws naming what is wrong. */
export function settingsFrom(env: NodeJS.ProcessEnv): Settings {
  const hourMs = Number(env['PARTNERS_HOUR_MS'] || 357);
  if (!(hourMs > 0)) throw new RangeError(`PARTNERS_HOUR_MS must be a number of milliseconds above 0, not "${env['PARTNERS_HOUR_MS']}"`);
  return {
    log: env['LOG_URL'] || list(env['KAFKA_BROKERS'] || '127.0.0.1:9092'),
    roles: list(env['PARTNERS_ROLES'] || allRoles.join()).map(role),
    hourMs,
    seed: env['PARTNERS_SEED'] || 'orderloom',
    feed: env['PARTNERS_FEED'] || undefined,
    state: env['PARTNERS_STATE'] || undefined,
    behaviour: env['PARTNERS_BEHAVIOUR'] || undefined,
    leadsClocks: env['PARTNERS_LEAD_CLOCKS'] === 'true',
  };
}

const list = (text: string): string[] => text.split(',').map((item) => item.trim());

function role(name: string): Role {
  const known = allRoles.find((r) => r === name);
  if (!known) throw new RangeError(`PARTNERS_ROLES: "${name}" is none of ${allRoles.join(', ')}`);
  return known;
}
