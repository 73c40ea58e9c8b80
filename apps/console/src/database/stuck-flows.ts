/** The time of the shop: stopped while a data set is replayed, shifted in development. */
export const shopTime = "coalesce(stands_at, clock_timestamp() + offset_micros * interval '1 microsecond')";

/** A flow is stuck if it is parked, or a day after its task was due; without a task, a day after its last move. */
export const stuckFlows = (now: string, lastMove = 'updated_at'): string => `create or replace view stuck_flows as
     select flows.* from flows, (select ${now} as now from clock) as clock
     where status = 'parked' or status = 'running' and case
       when exists (select from tasks where tasks.flow_id = flows.flow_id and closed is null)
         then exists (select from tasks where tasks.flow_id = flows.flow_id and closed is null and due_at < now - interval '1 day')
       else ${lastMove} < now - interval '1 day'
     end`;
