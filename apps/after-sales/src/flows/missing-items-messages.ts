import { type FactOf, starts } from '@orderloom/flows';
import type { Finding } from '../case-facts.js';
import { defaultStorefrontSettings, type StorefrontSettings } from '../policies.js';
import { ids, type Referred } from './fragments.js';
import { nothingSent, type Resending } from './resending/resending-messages.js';

/** A claim of missing items, and its messages to teams, services and the customer. */
export interface MissingItems extends Resending, FactOf<'MissingItemsBegun'>, Referred {
  readonly found: Finding;
  readonly note: string;
}
type C = MissingItems;

const fresh = starts({ ...nothingSent, found: 'none', note: '' });
export const begun = (
  fact: FactOf<'MissingItemsBegun'>,
  { gift: given }: StorefrontSettings = defaultStorefrontSettings,
): MissingItems => ({ ...fresh(fact), gift: given });

export const claim = (c: C) => ({
  ...ids(c),
  what: 'missing' as const,
  cause: null,
  lines: c.lines,
  openedAt: c.openedAt,
  refers: true as const,
  sent: c.sent,
});
export const refused = (c: C) => ({ ...ids(c), reason: c.refusal || c.note });
export const missed = (c: C) => ({ ...ids(c), lines: c.goods, reason: c.reason });
export const finding = (c: C) => ({ ...ids(c), found: c.found, note: c.note });
export const wanted = (c: C) => ({ ...ids(c), lines: c.goods, note: c.note });
