import { createHash } from 'node:crypto';

/** Trace of a run as a hash, and as lines if requested. */
export class Trace {
  readonly lines: string[] = [];
  private readonly hash = createHash('sha256');
  private ended: string | undefined;

  constructor(private readonly keeps: boolean) {}

  say(line: string): void {
    this.hash.update(line).update('\n');
    if (this.keeps) this.lines.push(line);
  }

  /** Hash of the trace; nothing can be added afterwards. */
  digest(): string {
    this.ended ??= this.hash.digest('hex');
    return this.ended;
  }
}
