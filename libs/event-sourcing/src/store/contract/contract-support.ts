import type { Instant } from '@orderloom/kernel';
import type { Cursor, Meta, NewEvent, RecordedEvent } from '../../decider/event.js';
import type { OpenWriter } from '../../memory/memory-history.js';
import type { OnCauseFromFuture } from '../recording/hybrid-logical-clock.js';
import type { EventStore, Shard, UnitOfWork } from '../store.js';

/** A store under the contract suite. Its table `things` has rows indexed by `colour` and `tags`. */
export interface StoreUnderTest {
  readonly store: EventStore;
  setNow(at: Instant): Promise<void>;
  openWriter(): Promise<OpenWriter>;
}

export type MakeStore = (options: { onClockJump?: OnCauseFromFuture }) => Promise<StoreUnderTest>;

export const meta: Meta = { by: 'tester' };
export const someEvents = (n = 1, more: Partial<NewEvent> = {}): NewEvent[] =>
  Array.from({ length: n }, (_, i) => ({ type: 'ThingHappened', data: { n: i + 1 }, ...more }));

export const append = (stream: string, expected: 'any' | 'none' | 'some' | number = 'any', events = someEvents()): UnitOfWork => ({
  meta,
  appends: [{ stream, subject: stream, expected, events }],
});

let streams = 0;
/** Name of a stream that no other test uses. */
export const newStream = (): string => `thing-${process.pid}-${(streams += 1)}`;

/** Waits until `condition` holds. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** All events after `cursor`. Waits while a transaction of another spec holds events back, since transaction ids are per server. */
export async function readAll(store: EventStore, cursor: Cursor, shard?: Shard): Promise<readonly RecordedEvent[]> {
  let events: readonly RecordedEvent[] = [];
  await until(async () => {
    events = await store.read(cursor, 1000, shard);
    return !(await store.heldBack(events.at(-1)?.cursor ?? cursor, shard));
  });
  return events;
}
