import { randomUUID } from 'node:crypto';
import { type Instant, Refusal } from '@orderloom/kernel';
import { compareCursors, type Cursor, start } from '../decider/event.js';
import type { PostgresStore } from '../postgres/postgres-store.js';

/** Long enough to reset a checkpoint. */
const leaseSeconds = 10;

/**
 * Resets the relay's checkpoints, so that it publishes again the events recorded since `since`; consumers ignore duplicates. The service
 * must be stopped: the relay's leases are taken over, which fences a running relay. Resolves to the number of events. Throws `Refusal`
 * `relay-runs`.
 */
export async function republish(store: PostgresStore, since: Instant): Promise<number> {
  // A relay that has not finished its first batch has a lease and no checkpoint.
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
  for (const { name } of relays) await resetCheckpoint(store, name, cursor);
  return Number(events);
}

async function resetCheckpoint(store: PostgresStore, name: string, cursor: Cursor): Promise<void> {
  const owner = randomUUID();
  const lease = await store.lease(name, owner, leaseSeconds);
  if (!lease) throw new Refusal('relay-runs', `cannot reset ${name}: its relay is running; stop the service first`);
  try {
    // This relay has not passed the events yet.
    if (compareCursors(await store.checkpoint(name), cursor) <= 0) return;
    const { fence } = lease;
    const meta = { by: 'republish' };
    // A checkpoint only moves forward, so it is deleted first. Events between the two commits are published again too.
    const outcomes = [await store.commit({ meta, restart: { checkpoint: name, tables: [], fence } })];
    if (cursor !== start) outcomes.push(await store.commit({ meta, checkpoint: { name, cursor, fence } }));
    if (outcomes.some(({ status }) => status !== 'committed'))
      throw new Refusal('relay-runs', `cannot reset ${name}: its relay took the lease back; stop the service first`);
  } finally {
    await store.lease(name, owner, 0);
  }
}
