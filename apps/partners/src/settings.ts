import type { LogAddress } from './messaging/message-client.js';

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
  /** Real milliseconds per hour of shop time. */
  readonly hourMs: number;
  readonly seed: string;
  readonly feed?: string;
  readonly state?: string;
  readonly behaviour?: string;
  /** True if the services' clocks are moved according to standard output. */
  readonly controlsClocks: boolean;
  /** True if a second, Chinese shop sells beside that of the feed. */
  readonly chineseShop: boolean;
  /** Beginnings of the references of payments that another provider pays back to. */
  readonly notPaying: readonly string[];
}

/** Reads settings from the environment. Throws `RangeError` for an invalid variable. */
export function settingsFrom(env: NodeJS.ProcessEnv): Settings {
  const hourMs = Number(env['PARTNERS_HOUR_MS'] || 357);
  if (!(hourMs > 0)) throw new RangeError(`PARTNERS_HOUR_MS is "${env['PARTNERS_HOUR_MS']}", expected a positive number of milliseconds`);
  return {
    log: env['LOG_URL'] || list(env['KAFKA_BROKERS'] || '127.0.0.1:9092'),
    roles: list(env['PARTNERS_ROLES'] || allRoles.join()).map(role),
    hourMs,
    seed: env['PARTNERS_SEED'] || 'orderloom',
    feed: env['PARTNERS_FEED'] || undefined,
    state: env['PARTNERS_STATE'] || undefined,
    behaviour: env['PARTNERS_BEHAVIOUR'] || undefined,
    controlsClocks: env['PARTNERS_LEAD_CLOCKS'] === 'true',
    chineseShop: env['PARTNERS_CHINESE_SHOP'] === 'true',
    notPaying: env['PARTNERS_NOT_PAYING'] ? list(env['PARTNERS_NOT_PAYING']) : [],
  };
}

const list = (text: string): string[] => text.split(',').map((item) => item.trim());

function role(name: string): Role {
  const known = allRoles.find((r) => r === name);
  if (!known) throw new RangeError(`PARTNERS_ROLES has "${name}", expected one of ${allRoles.join(', ')}`);
  return known;
}
