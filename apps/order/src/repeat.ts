import { fingerprint } from '@orderloom/kernel';
import type { Placed } from './order-details.js';

/** Other content that came under the number of an order that is there. */
export interface Repeat {
  /** Names of the fields that are not the same: `lines`, `address.street`. */
  readonly differs: readonly string[];
  /** A hash of all of it: the same other content is one repeat, however often it comes. */
  readonly content: string;
}

/** ORD-01: what is different where an order comes again; null for the same order. */
export function repeatOf(first: Placed, again: Placed): Repeat | null {
  const content = fingerprint(again);
  return content === fingerprint(first) ? null : { differs: differing(first, again), content };
}

function differing(before: unknown, after: unknown, path = ''): readonly string[] {
  if (fingerprint(before) === fingerprint(after)) return [];
  if (!isFields(before) || !isFields(after)) return [path];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => differing(before[name], after[name], path === '' ? name : `${path}.${name}`));
}

const isFields = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
