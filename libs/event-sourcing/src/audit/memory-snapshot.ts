import type { Instant } from '@orderloom/kernel';
import type { AuditSnapshot } from './audit-snapshot.js';
import type { Cursor } from '../decider/event.js';
import type { Deadline } from '../store/store.js';
import type { MemoryHistory } from '../memory/memory-history.js';
import type { MemoryTables } from '../memory/memory-tables.js';

/** A snapshot of an in-memory store. Its inbox is a set, so its entries are unique. */
export const memorySnapshot = (held: {
  readonly history: MemoryHistory;
  readonly tables: MemoryTables;
  readonly deadlines: ReadonlyMap<string, Deadline>;
  readonly checkpoints: ReadonlyMap<string, Cursor>;
  readonly now: Instant;
  readonly horizon: string;
}): AuditSnapshot => ({
  now: held.now,
  horizon: held.horizon,
  events: async function* () {
    yield* held.history.events;
  },
  rows: async (table) => held.tables.all(table),
  deadlines: async () => [...held.deadlines.values()],
  checkpoints: async () => held.checkpoints,
  known: async (ids) => {
    const sought = new Set(ids);
    return new Set(held.history.events.map(({ id }) => id).filter((id) => sought.has(id)));
  },
  unique: async (table) => (table === 'inbox' ? ['consumer, message'] : []),
});
