/** Which records of one partition are dealt with: everything before the oldest that is not may be committed. */
export class Offsets {
  private readonly open = new Set<bigint>();
  private next: bigint | undefined;
  private committed: bigint | undefined;

  /** A record came; `care` settles when nothing more has to be done for it. */
  take(offset: string, care: Promise<void>): void {
    const at = BigInt(offset);
    this.open.add(at);
    if (this.next === undefined || at >= this.next) this.next = at + 1n;
    void care.then(() => this.open.delete(at));
  }

  /** The offset to commit, once; undefined where it has not moved. */
  toCommit(): string | undefined {
    if (this.next === undefined) return undefined;
    let oldest = this.next;
    for (const at of this.open) if (at < oldest) oldest = at;
    if (oldest === this.committed) return undefined;
    this.committed = oldest;
    return String(oldest);
  }
}
