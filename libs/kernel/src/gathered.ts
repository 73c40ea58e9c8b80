interface Waiting<Key, Answer> {
  readonly key: Key;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

export interface GatheredOptions {
  /** Calls at the same time; 2 unless said. */
  readonly atOnce?: number;
  /** Keys of a call; 500 unless said. */
  readonly most?: number;
}

/** Answers what is asked for at the same time with one call, and while that runs the next questions gather. */
export class Gathered<Key, Answer> {
  private waiting: Waiting<Key, Answer>[] = [];
  private running = 0;
  private called = false;

  /** `ask` answers in the order of the keys; where it rejects, so do all that it was asked for. */
  constructor(
    private readonly ask: (keys: readonly Key[]) => Promise<readonly Answer[]>,
    private readonly options: GatheredOptions = {},
  ) {}

  get(key: Key): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ key, resolve, reject });
      this.call();
    });
  }

  /** At the end of the turn, so that all that it asks for comes along. */
  private call(): void {
    if (this.called || this.running === (this.options.atOnce ?? 2)) return;
    this.called = true;
    setImmediate(() => {
      this.called = false;
      void this.run(this.waiting.splice(0, this.options.most ?? 500));
      if (this.waiting.length > 0) this.call();
    });
  }

  private async run(asked: readonly Waiting<Key, Answer>[]): Promise<void> {
    this.running += 1;
    try {
      const answers = await this.ask(asked.map(({ key }) => key));
      asked.forEach(({ resolve }, i) => resolve(answers[i] as Answer));
    } catch (error) {
      for (const { reject } of asked) reject(error);
    } finally {
      this.running -= 1;
      if (this.waiting.length > 0) this.call();
    }
  }
}
