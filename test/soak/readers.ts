import { compareCursors, type Cursor, type PostgresStore, type RecordedEvent, start } from '@orderloom/event-sourcing';

/** Reads one shard all the time, and remembers what came in a wrong place. */
export class SoakReader {
  readonly seen = new Set<string>();
  readonly wrong: string[] = [];
  private readonly versions = new Map<string, number>();
  private cursor: Cursor = start;

  constructor(
    private readonly store: PostgresStore,
    private readonly index: number,
    private readonly of: number,
  ) {}

  /** Reads once; resolves to how many events came. */
  async poll(): Promise<number> {
    const events = await this.store.read(this.cursor, 1000, { index: this.index, of: this.of });
    for (const event of events) this.take(event);
    return events.length;
  }

  private take({ id, stream, version, cursor }: RecordedEvent): void {
    const before = this.versions.get(stream) ?? 0;
    if (version !== before + 1) this.wrong.push(`I3 ${stream}: reader ${this.index} got version ${version} after ${before}`);
    if (compareCursors(this.cursor, cursor) >= 0) this.wrong.push(`I9 reader ${this.index} went back to ${cursor.transaction}`);
    this.versions.set(stream, version);
    this.seen.add(id);
    this.cursor = cursor;
  }
}
