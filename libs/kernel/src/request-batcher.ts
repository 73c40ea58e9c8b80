interface Waiting<Key, Answer> {
  readonly key: Key;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

export interface RequestBatcherOptions {
  /** Maximum number of concurrent calls; 2 by default. */
  readonly concurrency?: number;
  /** Maximum number of keys per call; 500 by default. */
  readonly maxBatchSize?: number;
}

/** Batches concurrent requests into calls of `ask`; requests during a call join the next batch. */
export class RequestBatcher<Key, Answer> {
  private waiting: Waiting<Key, Answer>[] = [];
  private running = 0;
  private scheduled = false;

  /** `ask` returns results in the order of the keys. If it rejects, all requests of its batch reject. */
  constructor(
    private readonly ask: (keys: readonly Key[]) => Promise<readonly Answer[]>,
    private readonly options: RequestBatcherOptions = {},
  ) {}

  get(key: Key): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ key, resolve, reject });
      this.schedule();
    });
  }

  /** Starts a call at the end of the event-loop turn, so that all requests of this turn join it. */
  private schedule(): void {
    if (this.scheduled || this.running === (this.options.concurrency ?? 2)) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      void this.run(this.waiting.splice(0, this.options.maxBatchSize ?? 500));
      if (this.waiting.length > 0) this.schedule();
    });
  }

  private async run(batch: readonly Waiting<Key, Answer>[]): Promise<void> {
    this.running += 1;
    try {
      const results = await this.ask(batch.map(({ key }) => key));
      batch.forEach(({ resolve }, i) => resolve(results[i] as Answer));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      this.running -= 1;
      if (this.waiting.length > 0) this.schedule();
    }
  }
}
