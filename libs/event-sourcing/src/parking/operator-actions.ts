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
  readonly action: 'redriven' | 'tried' | 'dismissed' | 'resolved';
  readonly by: string;
  readonly at: Instant;
  /** Reason why it was parked, or why it failed again. */
  readonly error: string;
  /** Reason given by the operator. */
  readonly reason?: string;
}

/** An operator action as it is stored and published: `action` is called `did`. */
export type StoredOperatorAction = Omit<OperatorAction, 'action'> & { readonly did: OperatorAction['action'] };

export const storedOperatorAction = ({ action, ...rest }: OperatorAction): StoredOperatorAction => ({ ...rest, did: action });

/** The row that stores an action; to be committed with the action's effect. */
export function operatorActionRow(given: Omit<OperatorAction, 'id'>): RowWrite {
  const id = `${given.at}/${given.of}/${given.action}`;
  return { op: 'put', table, key: id, row: storedOperatorAction({ id, ...given }) };
}

/** Returns the newest `limit` actions, newest first. */
export async function listOperatorActions(store: EventStore, limit: number): Promise<readonly OperatorAction[]> {
  const stored = await store.rows<StoredOperatorAction>(table, {}, limit, { descending: true });
  return stored.map(({ did, ...rest }) => ({ ...rest, action: did }));
}
