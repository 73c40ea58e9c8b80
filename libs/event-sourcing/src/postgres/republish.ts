import { randomUUID } from 'node:crypto';
import { type Instant, Refusal } from '@orderloom/kernel';
import { compareCursors, type Cursor, start } from '../event.js';
import type { PostgresStore } from './postgres-store.js';

/** Long enough to set a checkpoint back. */
const leaseSeconds = 10;

/**
 * Sets the relay's checkpoints back, so that it says again what was recorded since `since`; who has heard it ignores it. The service must
 * be stopped: the leases are taken from it, and whoever believes to hold one is fenced. Resolves to the number of events. Throws `Refusal`
 * `relay-runs`.
 */
export async function republish(store: PostgresStore, since: Instant): Promise<number> {
  // who says the first events has a lease and no checkpoint yet
  const { rows: relays } = await store.pool.query<{ name: string }>(
    "select name from (select name from leases union select name from checkpoints) as named where name like 'relay/%' order by name",
  );
  const { rows } = await store.pool.query<Cursor & { events: string }>(
    `with first as (select xid, position from events where recorded_at >= $1 order by xid, position limit 1),
       said as (select count(*) as events from events where (xid, position) >= (select xid, position from first))
     select xid::text as transaction, position::text, events from said left join
       (select e.xid, e.position from events e, first f where (e.xid, e.position) < (f.xid, f.position) order by e.xid desc, e.position desc limit 1)
       as before on true`,
    [since],
  );
  const [{ transaction, position, events } = { transaction: null, position: null, events: '0' }] = rows;
  if (Number(events) === 0) return 0;
  const cursor = transaction === null ? start : { transaction, position };
  for (const { name } of relays) await setBack(store, name, cursor);
  return Number(events);
}

async function setBack(store: PostgresStore, name: string, cursor: Cursor): Promise<void> {
  const owner = randomUUID();
  const lease = await store.lease(name, owner, leaseSeconds);
  if (!lease) throw new Refusal('relay-runs', `${name} is at work: stop the service first`);
  try {
    // who has not come that far yet says them anyway
    if (compareCursors(await store.checkpoint(name), cursor) <= 0) return;
    const { fence } = lease;
    const meta = { by: 'republish' };
    // a checkpoint moves forward only, so it is forgotten first: what happens in between is said again, too
    const outcomes = [await store.commit({ meta, restart: { checkpoint: name, tables: [], fence } })];
    if (cursor !== start) outcomes.push(await store.commit({ meta, checkpoint: { name, cursor, fence } }));
    if (outcomes.some(({ status }) => status !== 'committed'))
      throw new Refusal('relay-runs', `${name} went on meanwhile: stop the service first`);
  } finally {
    await store.lease(name, owner, 0);
  }
}
