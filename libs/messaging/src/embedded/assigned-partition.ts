/** A partition assigned to this member. */
export class AssignedPartition {
  /** Offset of the next record to handle. */
  next: number;
  /** True if the partition must be released after the current batch. */
  leaving = false;
  /** True if another member holds the partition. */
  lost = false;
  busy = false;
  /** Number of rejections since the last success. */
  rejections = 0;
  /** No delivery before this time, by `performance.now()`. */
  pausedUntil = 0;
  /** Number of seeks; a batch during which it changed is not committed. */
  seeks = 0;

  constructor(
    readonly topic: string,
    readonly partition: number,
    committed: number,
  ) {
    this.next = committed;
  }

  get isIdle(): boolean {
    return !this.busy && !this.leaving && !this.lost && this.pausedUntil <= performance.now();
  }

  seek(offset: number): void {
    this.next = offset;
    this.seeks += 1;
  }
}
