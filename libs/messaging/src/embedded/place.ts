/** A partition that this member holds. */
export class Place {
  /** Offset of the record that is handled next. */
  next: number;
  /** To be handed over as soon as the batch in hand is done. */
  leaving = false;
  /** Another member has it. */
  lost = false;
  busy = false;
  /** Rejections since the last success. */
  rejections = 0;
  /** Milliseconds since 1970, before which nothing is handed over again. */
  pausedUntil = 0;
  /** Counts seeks: a batch in hand that was sought away from is not committed. */
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
