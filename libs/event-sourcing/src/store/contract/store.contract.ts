import { describeCheckpoints } from './checkpoints.contract.js';
import { describeInbox } from './inbox.contract.js';
import { describeOrder } from './order.contract.js';
import { describeRows } from './rows.contract.js';
import type { MakeStore } from './contract-support.js';
import { describeUnits } from './units.contract.js';

/** Contract of the store port. Every adapter passes all of it. */
export function describeStore(name: string, makeStore: MakeStore): void {
  describeUnits(name, makeStore);
  describeInbox(name, makeStore);
  describeRows(name, makeStore);
  describeOrder(name, makeStore);
  describeCheckpoints(name, makeStore);
}
