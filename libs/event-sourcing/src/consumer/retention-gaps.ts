import { type Instant, NotFound } from '@orderloom/kernel';
import type { EventStore, RowWrite } from '../store/store.js';
import { operatorActionRow } from '../parking/operator-actions.js';

const table = 'missed';
const maxRows = 1_000_000;

/** A range of offsets of a partition, from `from` up to and excluding `to`, that retention deleted before they were consumed. */
export interface RetentionGap {
  readonly id: string;
  readonly topic: string;
  readonly partition: number;
  readonly from: number;
  readonly to: number;
  readonly at: Instant;
  /** Set once an operator has resolved the gap. */
  readonly resolved?: { readonly by: string; readonly at: Instant; readonly reason: string };
}

export function gapRow(gap: Omit<RetentionGap, 'id' | 'resolved'>): RowWrite {
  const id = `${gap.topic}/${gap.partition}/${gap.from}`;
  return { op: 'put', table, key: id, row: { id, ...gap } };
}

/** All gaps, resolved or not. */
export const listGaps = (store: EventStore): Promise<readonly RetentionGap[]> => store.rows<RetentionGap>(table, {}, maxRows);

/** Marks a gap as resolved and records the operator action. Throws `NotFound` unless an open gap has this id. */
export async function resolveGap(store: EventStore, id: string, reason: string, by: string): Promise<void> {
  const found = await store.row<RetentionGap>(table, id);
  if (!found || found.resolved) throw new NotFound(`missed records ${id}`);
  const at = await store.now();
  const row: RetentionGap = { ...found, resolved: { by, at, reason } };
  const error = `retention deleted offsets ${found.from} to ${found.to - 1} of ${found.topic}/${found.partition} before they were consumed`;
  const repair = operatorActionRow({ what: 'records', of: id, key: null, action: 'resolved', by, at, error, reason });
  await store.commit({ meta: { by }, rows: [{ op: 'put', table, key: id, row }, repair] });
}
