import type { Health } from '@orderloom/platform';
import type { DropFolder } from './drop-folder.js';

interface PollerOptions {
  readonly everyMs: number;
  readonly onError: (error: unknown) => void;
}

/** Reads a drop folder again and again. */
export class Poller {
  private timer: NodeJS.Timeout | undefined;
  private reading: Promise<void> = Promise.resolve();
  private failed = false;
  private stopped = false;

  constructor(
    private readonly folder: Pick<DropFolder, 'read'>,
    private readonly options: PollerOptions,
  ) {}

  start(): void {
    if (this.stopped) return;
    this.reading = this.folder
      .read()
      .then(
        () => {
          this.failed = false;
        },
        (error: unknown) => {
          this.failed = true;
          this.options.onError(error);
        },
      )
      .then(() => {
        if (!this.stopped) this.timer = setTimeout(() => this.start(), this.options.everyMs);
      });
  }

  /** Finishes the file that is being read. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.reading;
  }

  health(): Health {
    return this.failed ? { ok: false, detail: 'the folder or the log failed at the last reading' } : { ok: true };
  }
}
