import type { Instant } from '@orderloom/kernel';
import type { EventStore, RowWrite } from '../store.js';

const table = 'repairs';
const all = 1_000_000;

/** What was done about a message or a flow that could not be handled: kept with its effect, never changed. */
export interface Repair {
  /** Text order is the order of time. */
  readonly id: string;
  readonly what: 'message' | 'flow' | 'records';
  /** Id of the parked record, of the flow, or of the records that were missed. */
  readonly of: string;
  readonly type?: string;
  /** Key of the record, subject of the flow. */
  readonly key: string | null;
  /** `tried`: it failed again. `resolved`: somebody has seen to what was missed. */
  readonly did: 'redriven' | 'tried' | 'dismissed' | 'resolved';
  readonly by: string;
  readonly at: Instant;
  /** Why it was parked; why it failed again. */
  readonly error: string;
  /** Why it was given up, or how it was resolved. */
  readonly reason?: string;
}

export function repaired(repair: Omit<Repair, 'id'>): RowWrite {
  const id = `${repair.at}/${repair.of}/${repair.did}`;
  return { op: 'put', table, key: id, row: { id, ...repair } };
}

/** The newest `limit` repairs, newest first. */
export async function repairs(store: EventStore, limit: number): Promise<readonly Repair[]> {
  return [...(await store.rows<Repair>(table, {}, all))].slice(-limit).reverse();
}
