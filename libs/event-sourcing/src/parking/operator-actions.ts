import type { Instant } from '@orderloom/kernel';
import type { EventStore, RowWrite } from '../store/store.js';

const table = 'repairs';

/** An operator action on a parked message, a parked flow or a retention gap. It is stored with its effect and never changed. */
export interface OperatorAction {
  /** Text order equals chronological order. */
  readonly id: string;
  readonly what: 'message' | 'flow' | 'records';
  /** Id of the parked record, the flow or the gap. */
  readonly of: string;
  readonly type?: string;
  /** Key of the record, or subject of the flow. */
  readonly key: string | null;
  /** `tried`: the record failed again. `resolved`: the gap was closed. */
  readonly did: 'redriven' | 'tried' | 'dismissed' | 'resolved';
  readonly by: string;
  readonly at: Instant;
  /** Reason why it was parked, or why it failed again. */
  readonly error: string;
  /** Reason given by the operator. */
  readonly reason?: string;
}

export function operatorActionRow(repair: Omit<OperatorAction, 'id'>): RowWrite {
  const id = `${repair.at}/${repair.of}/${repair.did}`;
  return { op: 'put', table, key: id, row: { id, ...repair } };
}

/** Returns the newest `limit` actions, newest first. */
export async function listOperatorActions(store: EventStore, limit: number): Promise<readonly OperatorAction[]> {
  return store.rows<OperatorAction>(table, {}, limit, { descending: true });
}
