import { compareCursors, type Cursor, type RecordedEvent } from '../decider/event.js';
import { inShard } from '../store/recording/prepare-events.js';
import type { Outcome, Shard, UnitOfWork } from '../store/store.js';

/** An open transaction. Until it ends, its writes are invisible and readers stop before its transaction id. */
export interface OpenWriter {
  write(unit: UnitOfWork): Promise<Outcome>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/** Committed events: of each stream, and all in global order. */
export class MemoryHistory {
  readonly events: RecordedEvent[] = [];
  private readonly byStream = new Map<string, RecordedEvent[]>();

  stream(name: string): readonly RecordedEvent[] {
    return this.byStream.get(name) ?? [];
  }

  insert(event: RecordedEvent): void {
    this.events.splice(this.firstAfter(event.cursor), 0, event);
    const stream = this.byStream.get(event.stream);
    if (stream) stream.push(event);
    else this.byStream.set(event.stream, [event]);
  }

  /** Events after `cursor`, of `shard` if given, of transactions before `horizon`. */
  after(cursor: Cursor, limit: number, shard?: Shard, horizon?: bigint): RecordedEvent[] {
    const found: RecordedEvent[] = [];
    for (let i = this.firstAfter(cursor); i < this.events.length && found.length < limit; i += 1) {
      const event = this.events[i] as RecordedEvent;
      if (horizon !== undefined && BigInt(event.cursor.transaction) >= horizon) break;
      if (inShard(event.subject, shard)) found.push(event);
    }
    return found;
  }

  /** Index of the first event after `cursor`. */
  private firstAfter(cursor: Cursor): number {
    let low = 0;
    for (let high = this.events.length; low < high;) {
      const middle = (low + high) >>> 1;
      if (compareCursors((this.events[middle] as RecordedEvent).cursor, cursor) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export function deepFreeze<T>(data: T): T {
  if (data !== null && typeof data === 'object') Object.values(Object.freeze(data)).forEach(deepFreeze);
  return data;
}
