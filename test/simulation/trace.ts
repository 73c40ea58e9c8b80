import { createHash } from 'node:crypto';

/** All that happened, as a hash; as lines too where somebody wants to read them. */
export class Trace {
  readonly lines: string[] = [];
  private readonly hash = createHash('sha256');
  private ended: string | undefined;

  constructor(private readonly keeps: boolean) {}

  say(line: string): void {
    this.hash.update(line).update('\n');
    if (this.keeps) this.lines.push(line);
  }

  /** Of everything that was said; nothing can be said after it. */
  digest(): string {
    this.ended ??= this.hash.digest('hex');
    return this.ended;
  }
}
