import type { Projection } from '../decider/decider.js';
import type { Fact, Meta, RecordedEvent } from '../decider/event.js';
import { eventId } from '../store/recording/prepare-events.js';
import type { Append, RowWrite } from '../store/store.js';

/** The events of an append before the commit, for inline projections. Their `recordedAt` and `cursor` throw when read. */
export function uncommittedEvents<Event extends Fact>(append: Append, version: number, meta: Meta): RecordedEvent<Event>[] {
  const story = meta.correlation ?? meta.causation ?? eventId(append.stream, version + 1);
  return append.events.map((event, i) => {
    const known = {
      ...event,
      id: eventId(append.stream, version + i + 1),
      stream: append.stream,
      version: version + i + 1,
      subject: append.subject,
      by: meta.by,
      causation: meta.causation,
      causationSource: meta.causationSource,
      correlation: story,
      trace: meta.trace,
      policyVersion: meta.policyVersion,
    };
    return Object.defineProperties(known, {
      recordedAt: notYet('recordedAt'),
      cursor: notYet('cursor'),
    }) as unknown as RecordedEvent<Event>;
  });
}

/** The rows of `views` that the new events affect, each folded from the whole history of the stream. */
export function projectInline<Event extends Fact>(
  views: readonly Projection<Event>[],
  history: readonly RecordedEvent<Event>[],
  added: readonly RecordedEvent<Event>[],
): RowWrite[] {
  return views.flatMap((view) => {
    const touched = new Set(added.map((event) => view.key(event)).filter((key) => key !== undefined));
    const rows = new Map<string, object | null>();
    for (const event of [...history, ...added]) {
      const key = view.key(event);
      if (key !== undefined && touched.has(key)) rows.set(key, view.evolve(rows.get(key) ?? null, event));
    }
    return [...rows].map(([key, row]): RowWrite =>
      row === null ? { op: 'remove', table: view.table, key } : { op: 'put', table: view.table, key, row },
    );
  });
}

const notYet = (field: string): PropertyDescriptor => ({
  get() {
    throw new Error(`an inline projection cannot read ${field}, which the commit assigns: use occurredAt`);
  },
});
