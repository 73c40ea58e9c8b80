import { fingerprint } from '@orderloom/kernel';
import type { Placed } from './order-details.js';

/** Different content received under the number of an existing order. */
export interface Repeat {
  /** Names of the differing fields, such as `lines` or `address.street`. */
  readonly differs: readonly string[];
  /** Hash of the content: the same content is one repeat, however often it is received. */
  readonly content: string;
}

/** ORD-01: the differences of an order that is received again; null for the same order. */
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
