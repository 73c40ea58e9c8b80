import { type Instant, NotFound } from '@orderloom/kernel';
import type { EventStore, RowWrite } from '../store.js';
import { repaired } from './repair.js';

const table = 'missed';
const all = 1_000_000;

/** Records of a partition, from the offset `from` to before `to`, that retention took before this store's consumer heard them. */
export interface Missed {
  readonly id: string;
  readonly topic: string;
  readonly partition: number;
  readonly from: number;
  readonly to: number;
  readonly at: Instant;
  /** Somebody has seen to it. */
  readonly resolved?: { readonly by: string; readonly at: Instant; readonly reason: string };
}

export function missed(records: Omit<Missed, 'id' | 'resolved'>): RowWrite {
  const id = `${records.topic}/${records.partition}/${records.from}`;
  return { op: 'put', table, key: id, row: { id, ...records } };
}

/** What was missed, resolved or not. */
export const allMissed = (store: EventStore): Promise<readonly Missed[]> => store.rows<Missed>(table, {}, all);

/** Closes what was missed, on somebody's word. Throws `NotFound` where nothing of that id is open. */
export async function resolveMissed(store: EventStore, id: string, reason: string, by: string): Promise<void> {
  const found = await store.row<Missed>(table, id);
  if (!found || found.resolved) throw new NotFound(`missed records ${id}`);
  const at = await store.now();
  const row: Missed = { ...found, resolved: { by, at, reason } };
  const error = `the log kept ${found.topic}/${found.partition} from ${found.to} only, and ${found.from} was to come`;
  const repair = repaired({ what: 'records', of: id, key: null, did: 'resolved', by, at, error, reason });
  await store.commit({ meta: { by }, rows: [{ op: 'put', table, key: id, row }, repair] });
}
