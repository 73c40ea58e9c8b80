import type { RecordedEvent } from '../decider/event.js';

const maxStreams = 100_000;

/** Events of a stream arrived in another order than their versions. */
export class StreamOutOfOrder extends Error {
  constructor(stream: string, version: number, last: number) {
    super(`events of ${stream} are out of order: expected version ${last + 1}, received ${version}`);
    this.name = 'StreamOutOfOrder';
  }
}

/** Verifies that each stream is read in version order without gaps, for the streams seen most recently. */
export class StreamOrder {
  private readonly last = new Map<string, number>();

  /** Returns the last versions after `events`, to be passed to `remember` after processing. Throws `StreamOutOfOrder`. */
  check(events: readonly RecordedEvent[]): ReadonlyMap<string, number> {
    const seen = new Map<string, number>();
    for (const { stream, version } of events) {
      const last = seen.get(stream) ?? this.last.get(stream);
      if (last !== undefined && version !== last + 1) throw new StreamOutOfOrder(stream, version, last);
      seen.set(stream, version);
    }
    return seen;
  }

  remember(seen: ReadonlyMap<string, number>): void {
    for (const [stream, version] of seen) {
      this.last.delete(stream);
      this.last.set(stream, version);
    }
    const excess = this.last.size - maxStreams;
    for (const stream of [...this.last.keys()].slice(0, Math.max(0, excess))) this.last.delete(stream);
  }
}
