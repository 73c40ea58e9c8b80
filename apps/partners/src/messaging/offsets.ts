/** Tracks the processed records of one partition; offsets up to the oldest unprocessed record may be committed. */
export class OffsetTracker {
  private readonly pending = new Set<bigint>();
  private next: bigint | undefined;
  private committed: bigint | undefined;

  /** Registers a record; `care` settles when it is completely processed. */
  track(offset: string, care: Promise<void>): void {
    const at = BigInt(offset);
    this.pending.add(at);
    if (this.next === undefined || at >= this.next) this.next = at + 1n;
    void care.then(() => this.pending.delete(at));
  }

  /** The offset to commit; undefined if it is unchanged. */
  toCommit(): string | undefined {
    if (this.next === undefined) return undefined;
    let oldestPending = this.next;
    for (const at of this.pending) if (at < oldestPending) oldestPending = at;
    if (oldestPending === this.committed) return undefined;
    this.committed = oldestPending;
    return String(oldestPending);
  }
}
