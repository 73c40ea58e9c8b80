import { PostgresStore, type Projection, AsyncProjection } from '@orderloom/event-sourcing';
import { box } from '../../../libs/event-sourcing/src/decider/box.fixture.js';
import { overriding, serving, report, options } from '../support/child.js';

/** Follows boxes as a version of the service shows them, built anew first where it is told to; tells what was committed. */
const { url, table, version, rebuild } = options<{ url: string; table: string; version: number; rebuild: boolean }>();
const view: Projection = {
  table,
  key: (event) => event.subject,
  evolve: (row) => ({ version, things: ((row as { things: number } | null)?.things ?? 0) + 1 }),
};
const store = await PostgresStore.open({ url, poolSize: 3 });
const follower = new AsyncProjection({
  store: overriding(store, {
    commit: async (unit) => {
      const outcome = await store.commit(unit);
      report('committed', { status: outcome.status, ...(unit.switchOver && { switched: true }) });
      return outcome;
    },
  }),
  name: table,
  views: [view],
  deciders: [box],
  batch: 10,
  leaseSeconds: 1,
  onError: (error) => report('error', { error: String(error) }),
});
follower.start();
serving(async () => {
  await follower.stop();
  await store.close();
});
await (rebuild ? follower.rebuild() : follower.caughtUp());
report('caughtUp');
