import type { SealingKey } from './sealing-key.js';

interface Known {
  readonly key: SealingKey | undefined;
  readonly until: number;
}

/** Keys that were read a moment ago: 10,000 at most, each for 3 s. That is how long a process may still read what was forgotten. */
export class KeyCache {
  static readonly seconds = 3;
  private readonly known = new Map<string, Known>();

  constructor(
    private readonly size = 10_000,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** What is known of `ids`, and which have to be asked for. */
  read(ids: ReadonlySet<string>): { known: Map<string, SealingKey>; missing: string[] } {
    const known = new Map<string, SealingKey>();
    const missing: string[] = [];
    for (const id of ids) {
      const found = this.known.get(id);
      if (!found || found.until <= this.now()) missing.push(id);
      else if (found.key) known.set(id, found.key);
    }
    return { known, missing };
  }

  write(id: string, key: SealingKey | undefined): void {
    this.known.delete(id);
    this.known.set(id, { key, until: this.now() + KeyCache.seconds * 1000 });
    for (const oldest of this.known.keys()) {
      if (this.known.size <= this.size) break;
      this.known.delete(oldest);
    }
  }
}
