import type { RecordedEvent } from '../event.js';

const remembered = 100_000;

/** Events of a stream came in another order than their versions. */
export class StreamOutOfOrder extends Error {
  constructor(stream: string, version: number, last: number) {
    super(`${stream}: version ${version} came after version ${last}`);
    this.name = 'StreamOutOfOrder';
  }
}

/** Watches that each stream is read in version order without gaps, as far back as it remembers. */
export class StreamOrder {
  private readonly last = new Map<string, number>();

  /** The last versions after `events`, to be remembered once they are dealt with. Throws `StreamOutOfOrder`. */
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
    const tooMany = this.last.size - remembered;
    for (const stream of [...this.last.keys()].slice(0, Math.max(0, tooMany))) this.last.delete(stream);
  }
}
